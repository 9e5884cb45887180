package app.barrow.desktop

import app.barrow.ui.model.Settings
import app.barrow.ui.model.SettingsStore
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import java.util.Properties

/** What this computer prefers, as a file of words. A file that can't be read or written costs no sale. */
class FileSettings(private val file: File) : SettingsStore {
    override fun load(): Settings = Settings.of(words())

    /** Returns the words of the file; none when there is no readable file. */
    private fun words(): Map<String, String> = try {
        val properties = Properties()
        file.reader().use(properties::load)
        properties.stringPropertyNames().associateWith(properties::getProperty)
    } catch (_: IOException) {
        emptyMap()
    } catch (_: IllegalArgumentException) {
        // A broken escape in the file.
        emptyMap()
    }

    override fun save(settings: Settings) {
        try {
            val folder = file.absoluteFile.parentFile
            folder.mkdirs()
            val draft = File.createTempFile(file.name, null, folder)
            val properties = Properties().apply { putAll(settings.words()) }
            draft.writer().use { properties.store(it, "What this window prefers") }
            Files.move(draft.toPath(), file.toPath(), ATOMIC_MOVE, REPLACE_EXISTING)
        } catch (_: IOException) {
            // It holds until the window closes.
        }
    }
}
