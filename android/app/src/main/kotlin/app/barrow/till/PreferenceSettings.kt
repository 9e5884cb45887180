package app.barrow.till

import android.content.Context
import androidx.core.content.edit
import app.barrow.ui.model.Settings
import app.barrow.ui.model.SettingsStore

/** What this phone prefers, in the app's own preferences. */
class PreferenceSettings(context: Context) : SettingsStore {
    private val preferences = context.getSharedPreferences("settings", Context.MODE_PRIVATE)

    override fun load(): Settings =
        Settings.of(preferences.all.mapNotNull { (name, word) -> (word as? String)?.let { name to it } }.toMap())

    override fun save(settings: Settings) = preferences.edit {
        clear()
        settings.words().forEach(::putString)
    }
}
