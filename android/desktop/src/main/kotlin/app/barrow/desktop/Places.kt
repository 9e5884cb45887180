package app.barrow.desktop

import app.barrow.ui.app.TillPlace
import java.io.File

/** Where this computer keeps the till: the same places as the command line's, so both open the same shop. */
data class Places(val shop: File, val keys: File, val settings: File) {
    /** Names the folders for the core. */
    fun till() = TillPlace(shop.path, keys.path)

    companion object {
        /**
         * Chooses the places: below [folder] when one is named, else those of `BARROW_FOLDER` and `BARROW_KEYS`, else
         * the ones that each system names for data, secrets and settings. Secrets never lie in the shop's folder.
         */
        fun choose(folder: File?, environment: (String) -> String?, system: String): Places {
            if (folder != null) return Places(File(folder, "shop"), File(folder, "keys"), File(folder, "settings.properties"))
            fun set(name: String) = environment(name)?.takeIf { it.isNotEmpty() }?.let(::File)
            val home = set("HOME") ?: File("")
            val (data, state, config) = when {
                "windows" in system.lowercase() -> Triple(set("APPDATA"), set("LOCALAPPDATA"), set("APPDATA"))
                "mac" in system.lowercase() -> File(home, "Library/Application Support").let { Triple(it, it, it) }
                else -> Triple(
                    set("XDG_DATA_HOME") ?: File(home, ".local/share"),
                    set("XDG_STATE_HOME") ?: File(home, ".local/state"),
                    set("XDG_CONFIG_HOME") ?: File(home, ".config"),
                )
            }
            return Places(
                shop = set("BARROW_FOLDER") ?: File(data ?: home, "barrow"),
                keys = set("BARROW_KEYS") ?: File(state ?: home, "barrow/keys"),
                settings = File(config ?: home, "barrow/window.properties"),
            )
        }
    }
}
