package app.barrow.ui.model

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

/** Which colours the screens have. [System] follows the device. */
enum class ThemeChoice { System, Light, Dark, Sunlight }

/** What this device prefers. It never leaves the device and is no part of the shop's data. */
data class Settings(
    val theme: ThemeChoice = ThemeChoice.System,
    /** Language of the screens (BCP 47); null follows the device. */
    val language: String? = null,
    /** Mirrors the bar for the left hand. */
    val leftHand: Boolean = false,
    /** Puts Exact, the notes and Card into the bar of Sell. */
    val fastBar: Boolean = false,
    /** Large tiles and keys for wet hands and gloves. */
    val rain: Boolean = false,
    val reducedMotion: Boolean = false,
    val sounds: Boolean = true,
    /** Hides what is expected in the cash box until it is counted. */
    val blindCount: Boolean = true,
) {
    /** Writes the settings as words for a small file. */
    fun words(): Map<String, String> = buildMap {
        put("theme", theme.name)
        language?.let { put("language", it) }
        put("leftHand", "$leftHand")
        put("fastBar", "$fastBar")
        put("rain", "$rain")
        put("reducedMotion", "$reducedMotion")
        put("sounds", "$sounds")
        put("blindCount", "$blindCount")
    }

    companion object {
        /** Reads what [words] wrote; a word that is missing or unknown stays at its default. */
        fun of(words: Map<String, String>): Settings {
            val plain = Settings()
            fun flag(name: String, otherwise: Boolean) = words[name]?.toBooleanStrictOrNull() ?: otherwise
            return Settings(
                theme = ThemeChoice.entries.find { it.name == words["theme"] } ?: plain.theme,
                language = words["language"],
                leftHand = flag("leftHand", plain.leftHand),
                fastBar = flag("fastBar", plain.fastBar),
                rain = flag("rain", plain.rain),
                reducedMotion = flag("reducedMotion", plain.reducedMotion),
                sounds = flag("sounds", plain.sounds),
                blindCount = flag("blindCount", plain.blindCount),
            )
        }
    }
}

/** Where a device keeps its settings: a file on the desktop, preferences on Android, memory in tests. */
interface SettingsStore {
    /** Reads what was kept; the defaults when nothing was. */
    fun load(): Settings

    /** Keeps the settings; quick, and never fails a sale when it can't. */
    fun save(settings: Settings)
}

/** The settings that hold now. */
class SettingsKeeper(private val store: SettingsStore) {
    private val held = MutableStateFlow(store.load())

    /** Tells the settings, and every change of them. */
    val now: StateFlow<Settings> = held

    /** Changes the settings and keeps them. */
    fun change(with: (Settings) -> Settings) {
        held.value = with(held.value)
        store.save(held.value)
    }
}
