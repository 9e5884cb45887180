package app.barrow.desktop

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.graphics.painter.BitmapPainter
import androidx.compose.ui.graphics.painter.Painter
import androidx.compose.ui.graphics.toComposeImageBitmap
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEvent
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.type
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.WindowPlacement
import androidx.compose.ui.window.WindowState
import androidx.compose.ui.window.rememberWindowState
import app.barrow.ui.app.App
import app.barrow.ui.app.AppLook
import app.barrow.ui.app.Selling
import app.barrow.ui.screen.CustomerScreen
import java.awt.Dimension
import java.io.File
import javax.imageio.ImageIO
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** A counter's screen; a phone's size is the least that the window takes. */
private val SIZE = DpSize(1280.dp, 800.dp)
private val LEAST = Dimension(360, 640)

/** The windows: the till's, and the customer's while it is open. */
@Composable
fun TillWindows(desktop: Desktop, shot: File?, exit: () -> Unit) {
    val state = rememberWindowState(size = SIZE)
    val icon by produceState<Painter?>(null) { value = withContext(Dispatchers.IO) { icon() } }
    var closing by remember { mutableStateOf(false) }
    var selling by remember { mutableStateOf<Selling?>(null) }
    // The window goes at once; the process ends when everything is durable.
    Window({ closing = true }, state, visible = !closing, title = "Barrow", icon = icon, onKeyEvent = { state.key(it) }) {
        DisposableEffect(window) {
            window.minimumSize = LEAST
            desktop.dialogs.window = window
            onDispose { desktop.dialogs.window = null }
        }
        App(desktop.start, desktop.faces) { selling = it }
        if (shot != null) Shot(desktop, window, shot) { closing = true }
    }
    val customer by desktop.device.customerOpen.collectAsState()
    selling?.takeIf { customer && !closing }?.let { CustomerWindow(it, desktop, icon) }
    if (closing) LaunchedEffect(Unit) {
        desktop.start.end()
        exit()
    }
}

/** What the customer sees, to be drawn over to their side. */
@Composable
private fun CustomerWindow(selling: Selling, desktop: Desktop, icon: Painter?) {
    val close = { desktop.device.showCustomer(false).let {} }
    val settings by desktop.settings.now.collectAsState()
    val shop by selling.shop.collectAsState()
    val cart by selling.cart.state.collectAsState()
    val state = rememberWindowState(size = LEAST.let { DpSize(it.width.dp, it.height.dp) })
    Window(close, state, title = "Barrow", icon = icon, onKeyEvent = { state.key(it) }) {
        AppLook(settings, desktop.faces, shop) { shop?.let { CustomerScreen(it.shop.name, cart, close) } }
    }
}

/** F11 fills the screen and gives it back. */
private fun WindowState.key(event: KeyEvent): Boolean {
    if (event.key != Key.F11 || event.type != KeyEventType.KeyDown) return false
    placement = if (placement == WindowPlacement.Fullscreen) WindowPlacement.Floating else WindowPlacement.Fullscreen
    return true
}

private fun icon(): Painter =
    BitmapPainter(ImageIO.read(Desktop::class.java.getResource("/icon.png")).toComposeImageBitmap())
