// The Android app. Core, screens and desktop are built and tested by Maven (pom.xml), which needs no SDK.
buildscript {
    dependencies {
        // AGP brings an older Kotlin of its own; this one is the one of pom.xml.
        classpath(libs.kotlin.gradle)
    }
}
plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.compose.compiler) apply false
}
