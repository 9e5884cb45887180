package app.barrow.desktop

import app.barrow.ui.model.Settings
import app.barrow.ui.model.ThemeChoice
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

class FileSettingsTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun whatWasSavedIsLoaded() {
        val file = File(folder.root, "deep/down/settings.properties")
        val settings = Settings(theme = ThemeChoice.Sunlight, language = "ar", fastBar = true, sounds = false)
        FileSettings(file).save(settings.copy(rain = true))
        FileSettings(file).save(settings)
        assertEquals(settings, FileSettings(file).load())
        assertEquals("no draft stays behind", listOf(file.name), file.parentFile.list()?.toList())
    }

    @Test
    fun aFileThatIsMissingOrBrokenGivesTheDefaults() {
        assertEquals(Settings(), FileSettings(File(folder.root, "none")).load())
        val broken = folder.newFile().apply { writeText("theme=\\u00zz\n") }
        assertEquals(Settings(), FileSettings(broken).load())
        assertEquals(Settings(), FileSettings(folder.root).load())
    }

    @Test
    fun aPlaceThatCantBeWrittenHarmsNothing() {
        val file = File(folder.newFile("taken"), "settings.properties")
        FileSettings(file).save(Settings(rain = true))
        assertEquals(Settings(), FileSettings(file).load())
    }
}
