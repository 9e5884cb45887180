package app.barrow.till

import android.app.Application
import app.barrow.ui.app.Navigator
import app.barrow.ui.app.Route
import app.barrow.ui.app.Start
import app.barrow.ui.app.TillPlace
import app.barrow.ui.model.SettingsKeeper
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob

/**
 * What the process holds from its start to its end. The till lives here, so a turned phone or a new window changes
 * nothing; when the system ends the process, the core comes back as it was at its last durable step.
 */
class BarrowApplication : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main)

    /** Keeps what this phone prefers. */
    val settings by lazy { SettingsKeeper(PreferenceSettings(this)) }

    /** Lends the screens what the phone has. */
    val device by lazy { AndroidDevice(this) { settings.now.value.sounds } }

    /** Brings the till up. Secrets lie outside every backup. */
    val start by lazy {
        val secrets = File(noBackupFilesDir, "keys")
        val place = TillPlace(File(noBackupFilesDir, "shop").path, secrets.path)
        Start(place, device, scope, settings, SealedKeys(secrets, KeystoreSeal()), navigator = { Navigator(came) })
    }

    override fun onCreate() {
        super.onCreate()
        Radio.prepare()
    }

    /** Where the person was when the system ended the process: home on a plain start. */
    private var came: List<Route> = listOf(Route.Sell)

    /** Opens the till once in the life of the process, and goes back to where the person was. */
    fun open(saved: List<Route>?) {
        if (opened) return
        opened = true
        saved?.let { came = it }
        start.open()
    }

    private var opened = false
}
