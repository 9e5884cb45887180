package app.barrow.till

import android.app.ActivityManager
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.OnBackPressedCallback
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.lifecycleScope
import androidx.lifecycle.repeatOnLifecycle
import app.barrow.ui.app.App
import app.barrow.ui.app.AppLook
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import app.barrow.ui.app.Started
import app.barrow.ui.look.Faces
import app.barrow.ui.screen.CameraEvent
import app.barrow.ui.screen.CameraScreen
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.launch

private const val ROUTES = "routes"

/** The window: it draws the screens, and holds nothing that must last. */
class TillActivity : ComponentActivity() {
    private val app get() = application as BarrowApplication
    private val seat: Seat? get() = (app.start.now.value as? Started.Ready)?.seat

    /** Steps back in the app while there is somewhere to step back to; at home, back leaves as everywhere. */
    private val back = object : OnBackPressedCallback(false) {
        override fun handleOnBackPressed() {
            if (app.device.scanning.state.value != null) app.device.scanning.on(CameraEvent.Close) else seat?.go?.back()
        }
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        app.device.attach(this)
        app.device.scanning.permission = Permission(PhonePermission(this, Wish.Camera, app.device.permissionQuestion))
        app.open(routesOf(savedInstanceState?.getStringArrayList(ROUTES)))
        onBackPressedDispatcher.addCallback(this, back)
        lifecycleScope.launch { repeatOnLifecycle(Lifecycle.State.STARTED) { watchBack() } }
        val faces = phoneFaces(assets)
        setContent {
            Box(Modifier.fillMaxSize().safeDrawingPadding()) {
                App(app.start, faces)
                Camera(faces)
            }
        }
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        // Only the place: what is in the cart, the core has kept.
        seat?.let { outState.putStringArrayList(ROUTES, savedRoutes(it.go.stack.value)) }
    }

    override fun onDestroy() {
        app.device.detach(this)
        super.onDestroy()
    }

    /** Keeps this screen in front until a person lets it go. */
    fun pin(on: Boolean) = if (on) startLockTask() else stopLockTask()

    /** Tells whether it is kept in front. */
    fun isPinned() = getSystemService(ActivityManager::class.java)?.lockTaskModeState != ActivityManager.LOCK_TASK_MODE_NONE

    private suspend fun watchBack() = coroutineScope {
        launch { app.device.scanning.state.collect { refreshBack() } }
        app.start.now.collectLatest { started ->
            refreshBack()
            (started as? Started.Ready)?.seat?.go?.stack?.collect { refreshBack() }
        }
    }

    private fun refreshBack() {
        back.isEnabled = app.device.scanning.state.value != null || seat?.go?.stack?.value?.let { it != listOf(Route.Sell) } ?: false
    }

    @Composable
    private fun Camera(faces: Faces) {
        val scanning = app.device.scanning
        val state by scanning.state.collectAsState()
        val settings by app.settings.now.collectAsState()
        state?.let { shown ->
            AppLook(settings, faces, null) { CameraScreen(shown, scanning::on) { Viewfinder(it, scanning::seen, scanning::broke) } }
        }
    }
}
