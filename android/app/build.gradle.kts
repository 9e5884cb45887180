plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.compose.compiler)
}

val least = 28
val processors = listOf("arm64-v8a", "armeabi-v7a", "x86_64")
// One processor is enough for a test: -Pbarrow.abis=x86_64
val built = providers.gradleProperty("barrow.abis").map { it.split(',') }.orElse(processors)

android {
    namespace = "app.barrow.till"
    compileSdk = 37
    ndkVersion = "28.2.13676358"

    defaultConfig {
        applicationId = "app.barrow.till"
        minSdk = least
        targetSdk = 37
        versionCode = 1
        versionName = "0.1.0"
        testInstrumentationRunner = "androidx.test.runner.AndroidJUnitRunner"
    }

    // What core, screens and app share with Maven is compiled here as it is there: as one.
    sourceSets["main"].apply {
        kotlin.srcDir("../core/src/main/kotlin")
        kotlin.srcDir("../ui/src/main/kotlin")
        resources.srcDir("../ui/src/main/resources")
        assets.srcDir("../ui/src/main/resources")
    }
    // Fonts are read as assets, words as resources; each goes in once.
    androidResources.ignoreAssetsPatterns += "!<dir>words"
    packaging.resources.excludes += "/font/*.ttf"

    // Signing keys come from the environment and are in no file of the project.
    val store = providers.environmentVariable("BARROW_KEYSTORE").orNull
    signingConfigs {
        if (store != null) create("release") {
            storeFile = file(store)
            storePassword = providers.environmentVariable("BARROW_KEYSTORE_PASSWORD").orNull
            keyAlias = providers.environmentVariable("BARROW_KEY_ALIAS").orNull
            keyPassword = providers.environmentVariable("BARROW_KEY_PASSWORD").orNull
        }
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "proguard-rules.pro")
            signingConfig = signingConfigs.findByName("release")
        }
    }
    splits.abi {
        isEnable = true
        reset()
        include(*built.get().toTypedArray())
        isUniversalApk = false
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    testOptions.unitTests.isIncludeAndroidResources = true
    lint {
        warningsAsErrors = true
        // The catalogue moves when somebody moves it, not when a new version appears.
        disable += setOf("GradleDependency", "NewerVersionAvailable", "AndroidGradlePluginVersion")
    }
}

composeCompiler.stabilityConfigurationFiles.add(layout.projectDirectory.file("../ui/stable.conf"))

androidComponents.onVariants { variant ->
    val name = variant.name.replaceFirstChar(Char::uppercase)
    val cargo = tasks.register<CargoLibraries>("cargo$name") {
        abis = built
        profile = if (variant.buildType == "release") "release" else "dev"
        minSdk = least
        ndk = androidComponents.sdkComponents.ndkDirectory
        workspace = layout.projectDirectory.dir("../..")
    }
    variant.sources.jniLibs?.addGeneratedSourceDirectory(cargo, CargoLibraries::libraries)
    variant.sources.kotlin?.addGeneratedSourceDirectory(cargo, CargoLibraries::kotlin)
    val radio = tasks.register<RadioSources>("radio$name") { workspace = layout.projectDirectory.dir("../..") }
    variant.sources.java?.addGeneratedSourceDirectory(radio, RadioSources::java)
}

dependencies {
    implementation(libs.activity.compose)
    implementation(libs.compose.foundation)
    implementation(libs.compose.material3)
    implementation(libs.compose.ripple)
    implementation(libs.compose.ui)
    implementation(libs.core)
    implementation(libs.coroutines.android)
    implementation(libs.lifecycle.runtime.compose)
    implementation(libs.profileinstaller)
    implementation(libs.jna) { artifact { type = "aar" } }
    testImplementation(libs.coroutines.test)
    // On the JVM JNA's own library for the host is needed.
    testImplementation(libs.jna)
    testImplementation(libs.junit)
    testImplementation(libs.robolectric)
    androidTestImplementation(libs.coroutines.test)
    androidTestImplementation(libs.test.core)
    androidTestImplementation(libs.test.junit)
    androidTestImplementation(libs.test.runner)
}
