import groovy.json.JsonSlurper
import java.io.ByteArrayOutputStream
import java.io.File
import javax.inject.Inject
import org.gradle.api.DefaultTask
import org.gradle.api.file.DirectoryProperty
import org.gradle.api.file.FileSystemOperations
import org.gradle.api.tasks.Internal
import org.gradle.api.tasks.OutputDirectory
import org.gradle.api.tasks.TaskAction
import org.gradle.process.ExecOperations
import org.gradle.work.DisableCachingByDefault

/** Brings btleplug's Java out of the crate that the core is built with, so that both are always of one version. */
@DisableCachingByDefault(because = "cargo knows itself which version it is")
abstract class RadioSources @Inject constructor(private val exec: ExecOperations, private val files: FileSystemOperations) : DefaultTask() {
    /** Where the workspace's Cargo.toml is. */
    @get:Internal
    abstract val workspace: DirectoryProperty

    /** The Java. */
    @get:OutputDirectory
    abstract val java: DirectoryProperty

    init {
        outputs.upToDateWhen { false }
    }

    /** Copies it. */
    @TaskAction
    fun bring() {
        val told = ByteArrayOutputStream()
        exec.exec {
            workingDir(workspace)
            commandLine("cargo", "metadata", "--locked", "--all-features", "--format-version", "1")
            standardOutput = told
        }
        val packages = (JsonSlurper().parse(told.toByteArray(), "UTF-8") as Map<*, *>)["packages"] as List<*>
        val crate = packages.filterIsInstance<Map<*, *>>().single { it["name"] == "btleplug" }
        val sources = File(crate["manifest_path"] as String).resolveSibling("src/droidplug/java/src/main/java")
        files.sync {
            from(sources)
            into(java)
        }
    }
}
