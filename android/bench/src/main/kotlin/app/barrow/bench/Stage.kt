package app.barrow.bench

import androidx.compose.runtime.Composable
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.input.pointer.PointerEventType
import androidx.compose.ui.unit.Density
import java.util.concurrent.locks.LockSupport
import javax.swing.SwingUtilities
import kotlin.random.Random
import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.Image
import org.jetbrains.skia.IRect

/** A screen draws a frame so often. Nanoseconds. */
private const val FRAME_NS = 16_666_667L

/** Waits at most so long for something to happen. Nanoseconds. */
private const val PATIENCE_NS = 10_000_000_000L

/** What comes at all has mostly come after so many frames: a third of a second. */
private const val A_WHILE = 20

/**
 * A window's content, drawn in memory with the beat of a screen: a frame every 16.7 ms, and what happens between two
 * frames is seen in the next one.
 */
class Stage(content: @Composable () -> Unit) : AutoCloseable {
    private val scene = ui { ImageComposeScene(1280, 800, Density(1f), content = content) }
    private var beat = System.nanoTime()
    private var shown = beat

    /** Lets frames follow each other at once; what moves on the screen goes on by a frame's time all the same. */
    var hurried = false

    /** Lists what each frame took to draw, in milliseconds. */
    val frames = mutableListOf<Double>()

    /** Draws the next frame when its time has come. */
    fun frame(): Image {
        if (!hurried) await()
        shown = maxOf(shown + if (hurried) FRAME_NS else 1, System.nanoTime())
        return ui {
            val before = System.nanoTime()
            scene.render(shown).also { frames += (System.nanoTime() - before) / 1e6 }
        }
    }

    private fun await() {
        beat = maxOf(beat + FRAME_NS, System.nanoTime())
        while (true) {
            val left = beat - System.nanoTime()
            if (left <= 0) return
            LockSupport.parkNanos(left)
        }
    }

    /** Draws so many frames. */
    fun frames(count: Int) = repeat(count) { frame().close() }

    /** Draws frames until something holds; false when it takes too long. */
    fun until(holds: () -> Boolean): Boolean {
        val end = System.nanoTime() + PATIENCE_NS
        while (System.nanoTime() < end) {
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

    /**
     * Acts at any time between two frames, and tells after how many milliseconds a part of the window is drawn
     * differently; null when it still looks as before after a while and that is [right].
     */
    fun untilDrawn(part: IRect, right: () -> Boolean = { false }, act: () -> Unit): Double? {
        val before = pixels(part)
        LockSupport.parkNanos(Random.nextLong(FRAME_NS))
        val start = System.nanoTime()
        act()
        var drawn = 0
        while (true) {
            val now = frame()
            val done = System.nanoTime()
            if (!now.use { pixels(it, part) }.contentEquals(before)) return (done - start) / 1e6
            if (++drawn % A_WHILE == 0 && right()) return null
            check(done - start < PATIENCE_NS) { "nothing came of it" }
        }
    }

    /** Draws a frame and tells how a part of it looks. */
    fun pixels(part: IRect): ByteArray = frame().use { pixels(it, part) }

    private fun pixels(image: Image, part: IRect): ByteArray = Bitmap().use { bitmap ->
        bitmap.allocN32Pixels(part.width, part.height)
        check(image.readPixels(bitmap, part.left, part.top))
        checkNotNull(bitmap.readPixels())
    }

    override fun close() = ui(scene::close)
}

/** Does something on the thread of the screens. */
fun <T> ui(act: () -> T): T {
    if (SwingUtilities.isEventDispatchThread()) return act()
    var result: Result<T>? = null
    SwingUtilities.invokeAndWait { result = runCatching(act) }
    return checkNotNull(result).getOrThrow()
}
