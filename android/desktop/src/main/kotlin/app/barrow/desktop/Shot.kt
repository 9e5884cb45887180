package app.barrow.desktop

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.withFrameNanos
import app.barrow.ui.app.Started
import java.awt.Robot
import java.awt.Window
import java.io.File
import javax.imageio.ImageIO
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withContext

/** So many frames after the start has come to its end the screen stands still. */
private const val FRAMES = 60

/** Writes what the window shows to a file once it is past its start, then calls [done]. */
@Composable
fun Shot(desktop: Desktop, window: Window, file: File, done: () -> Unit) {
    LaunchedEffect(Unit) {
        desktop.start.now.first { it !is Started.Waiting }
        repeat(FRAMES) { withFrameNanos {} }
        val picture = Robot().createScreenCapture(window.bounds)
        withContext(Dispatchers.IO) { ImageIO.write(picture, "png", file) }
        done()
    }
}
