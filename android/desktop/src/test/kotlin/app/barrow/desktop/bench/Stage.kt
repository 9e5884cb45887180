package app.barrow.desktop.bench

import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.input.pointer.PointerEventType
import androidx.compose.ui.unit.Density
import app.barrow.desktop.Desktop
import app.barrow.desktop.Places
import app.barrow.ui.app.App
import app.barrow.ui.app.Selling
import java.io.File
import java.util.concurrent.locks.LockSupport
import javax.swing.SwingUtilities
import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.Image
import org.jetbrains.skia.IRect

/** A screen draws a frame so often. Nanoseconds. */
private const val FRAME_NS = 16_666_667L

/** Waits at most so many frames for something to happen: five seconds. */
private const val PATIENCE = 300

/** What is not drawn after so many frames is drawn no differently: half a second. */
private const val DRAWN = 30

/**
 * The window's content, drawn in memory with the beat of a screen: a frame every 16.7 ms, and what happens between
 * two frames is seen in the next one.
 */
class Stage(folder: File) : AutoCloseable {
    private val desktop = Desktop(Places.choose(folder, { null }, "Linux"))

    /** What the screens hold; set when the till is open. */
    @Volatile
    lateinit var selling: Selling

    private val scene: ImageComposeScene
    private var beat = System.nanoTime()

    /** Lists what each frame took to draw, in nanoseconds. */
    val frames = mutableListOf<Long>()

    init {
        desktop.open(sample = false)
        scene = ui {
            ImageComposeScene(1280, 800, Density(1f)) { App(desktop.start, desktop.settings, desktop.faces) { selling = it } }
        }
        until { ::selling.isInitialized && selling.sell.state.value.run { ready && tiles.isNotEmpty() } }
        frames(30)
    }

    /** Does something on the thread of the screens. */
    fun <T> ui(act: () -> T): T {
        var result: Result<T>? = null
        SwingUtilities.invokeAndWait { result = runCatching(act) }
        return checkNotNull(result).getOrThrow()
    }

    /** Draws the next frame when its time has come. */
    fun frame(): Image {
        beat = maxOf(beat + FRAME_NS, System.nanoTime())
        while (true) {
            val left = beat - System.nanoTime()
            if (left <= 0) break
            LockSupport.parkNanos(left)
        }
        return ui {
            val before = System.nanoTime()
            scene.render(before).also { frames += System.nanoTime() - before }
        }
    }

    /** Draws so many frames. */
    fun frames(count: Int) = repeat(count) { frame().close() }

    /** Draws frames until something holds; false when it takes too long. */
    fun until(holds: () -> Boolean): Boolean {
        repeat(PATIENCE) {
            frame().close()
            if (ui(holds)) return true
        }
        return false
    }

    /** Presses and lets go, at a place of the window. */
    fun tap(place: Offset) = ui {
        scene.sendPointerEvent(PointerEventType.Move, place)
        scene.sendPointerEvent(PointerEventType.Press, place)
        scene.sendPointerEvent(PointerEventType.Release, place)
    }

    /** Turns the wheel, at a place of the window. */
    fun scroll(place: Offset, lines: Float) = ui {
        scene.sendPointerEvent(PointerEventType.Scroll, place, scrollDelta = Offset(0f, lines))
    }

    /** Acts, and tells after how many milliseconds a part of the window is drawn differently; null when it never is. */
    fun untilDrawn(part: IRect, act: () -> Unit): Double? {
        val before = frame().use { pixels(it, part) }
        val start = System.nanoTime()
        act()
        repeat(DRAWN) {
            val now = frame()
            val done = System.nanoTime()
            if (!now.use { pixels(it, part) }.contentEquals(before)) return (done - start) / 1e6
        }
        return null
    }

    private fun pixels(image: Image, part: IRect): ByteArray = Bitmap().use { bitmap ->
        bitmap.allocN32Pixels(part.width, part.height)
        check(image.readPixels(bitmap, part.left, part.top))
        checkNotNull(bitmap.readPixels())
    }

    override fun close() {
        ui(scene::close)
        kotlinx.coroutines.runBlocking { desktop.start.end() }
    }
}
