import javax.inject.Inject
import org.gradle.api.DefaultTask
import org.gradle.api.file.DirectoryProperty
import org.gradle.api.provider.ListProperty
import org.gradle.api.provider.Property
import org.gradle.api.tasks.Input
import org.gradle.api.tasks.Internal
import org.gradle.api.tasks.OutputDirectory
import org.gradle.api.tasks.TaskAction
import org.gradle.process.ExecOperations
import org.gradle.work.DisableCachingByDefault

/** What Android calls a processor, and what Rust and the NDK's clang call it. */
private val TARGETS = mapOf(
    "arm64-v8a" to ("aarch64-linux-android" to "aarch64-linux-android"),
    "armeabi-v7a" to ("armv7-linux-androideabi" to "armv7a-linux-androideabi"),
    "x86_64" to ("x86_64-linux-android" to "x86_64-linux-android"),
)

/** Builds the native library for each processor with the NDK, and generates Kotlin from it. */
@DisableCachingByDefault(because = "cargo knows itself what is up to date")
abstract class CargoLibraries @Inject constructor(private val exec: ExecOperations) : DefaultTask() {
    /** Processors by Android's names. */
    @get:Input
    abstract val abis: ListProperty<String>

    /** Cargo's profile: dev or release. */
    @get:Input
    abstract val profile: Property<String>

    /** The least Android that the library runs on. */
    @get:Input
    abstract val minSdk: Property<Int>

    /** Where the NDK is. */
    @get:Internal
    abstract val ndk: DirectoryProperty

    /** Where the workspace's Cargo.toml is. */
    @get:Internal
    abstract val workspace: DirectoryProperty

    /** The libraries, a folder for each processor. */
    @get:OutputDirectory
    abstract val libraries: DirectoryProperty

    /** The generated Kotlin. */
    @get:OutputDirectory
    abstract val kotlin: DirectoryProperty

    init {
        outputs.upToDateWhen { false }
    }

    /** Builds all of them. */
    @TaskAction
    fun build() {
        val built = abis.get().map { abi -> library(abi).also { it.copyTo(libraries.file("$abi/${it.name}").get().asFile, overwrite = true) } }
        cargo(emptyMap(), "build", "--locked", "-p", "barrow-bindgen")
        val generator = workspace.file("target/debug/barrow-bindgen").get().asFile.path
        exec.exec {
            workingDir(workspace)
            commandLine(
                generator, "generate", built.first().path, "--language", "kotlin", "--no-format", "--out-dir", kotlin.get().asFile.path,
            )
        }
    }

    private fun library(abi: String): java.io.File {
        val (rust, clang) = TARGETS.getValue(abi)
        val tools = ndk.dir("toolchains/llvm/prebuilt").get().asFile.listFiles().orEmpty().first { it.isDirectory }.resolve("bin")
        val compiler = tools.resolve("$clang${minSdk.get()}-clang").path
        val name = rust.replace('-', '_')
        val environment = mapOf(
            "CARGO_TARGET_${name.uppercase()}_LINKER" to compiler,
            "CC_$name" to compiler,
            "AR_$name" to tools.resolve("llvm-ar").path,
        )
        cargo(
            environment, "build", "--locked", "-p", "barrow-ffi", "--lib", "--features", "bluetooth,camera",
            "--target", rust, "--profile", profile.get(),
        )
        val folder = if (profile.get() == "dev") "debug" else profile.get()
        return workspace.file("target/$rust/$folder/libbarrow_ffi.so").get().asFile
    }

    private fun cargo(more: Map<String, String>, vararg words: String) = exec.exec {
        workingDir(workspace)
        // The IDE's own build settings must not reach the compiler of another system.
        environment.keys.removeAll { it.startsWith("CARGO_TARGET_DIR") || it == "CFLAGS" || it == "RUSTFLAGS" }
        environment(more)
        commandLine("cargo", *words)
    }
}
