package app.barrow.ui.model

import org.junit.Assert.assertEquals
import org.junit.Test

/** What a device prefers comes back as it was kept, and a spoilt file is the defaults. */
class SettingsTest {
    @Test
    fun wordsComeBack() {
        val settings = Settings(ThemeChoice.Sunlight, "ar", leftHand = true, fastBar = true, rain = true, reducedMotion = true, sounds = false, blindCount = false)
        assertEquals(settings, Settings.of(settings.words()))
        assertEquals(Settings(), Settings.of(Settings().words()))
    }

    @Test
    fun spoiltWordsAreDefaults() {
        assertEquals(Settings(), Settings.of(mapOf("theme" to "Pink", "rain" to "perhaps", "fastBar" to "")))
    }
}
