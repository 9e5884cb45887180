package app.barrow.bench

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.application
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.rememberWindowState
import java.awt.Rectangle
import java.awt.Robot
import java.awt.Toolkit
import java.io.File
import java.util.concurrent.TimeUnit

/** Starts each program this often. */
private const val STARTS = 9

/** A window that looks the same for so long stands still, and none takes longer than that. Milliseconds. */
private const val STILL_MS = 2_000L
private const val LONGEST_MS = 30_000L

/** It looks at so many rows of the screen, so often. */
private const val ROWS = 4
private const val LOOK_MS = 8L

/** What the empty window is called on a command line. */
private const val EMPTY = "app.barrow.bench.FirstFrameKt"

/**
 * From the start of the process to Sell on the screen, beside an empty window's. It looks at the screen from outside:
 * the first frame is there when its rows look as they do once everything stands still.
 */
fun start(folder: File, java: List<String>) {
    val till = java + listOf("app.barrow.desktop.MainKt", "--folder", folder.path)
    val (sell, empty) = Starts(till) to Starts(java + EMPTY)
    val (times, bare) = mutableListOf<Double>() to mutableListOf<Double>()
    repeat(STARTS) {
        bare += empty.time()
        times += sell.time()
    }
    tell("start", "starts" to STARTS, "first_frame_ms" to spread(times), "empty_window_ms" to spread(bare))
}

private fun spread(times: List<Double>) = mapOf("best" to times.min(), "median" to times.sorted()[times.size / 2], "worst" to times.max())

/** Opens an empty window. */
fun main() = application {
    Window(::exitApplication, rememberWindowState(size = DpSize(1280.dp, 800.dp)), title = "Empty") {
        Box(Modifier.fillMaxSize().background(Color.Red))
    }
}

/** One program that opens a window, started again and again. */
private class Starts(private val words: List<String>) {
    private val robot = Robot()
    private val screen = Toolkit.getDefaultToolkit().screenSize
    private val still = rehearse()

    /** Tells after how many milliseconds the window stands on the screen. */
    fun time(): Double = running { start ->
        var seen = System.nanoTime()
        while (look() != still) {
            check(seen - start < LONGEST_MS * 1_000_000) { "the window looks otherwise than before" }
            Thread.sleep(LOOK_MS)
            seen = System.nanoTime()
        }
        tenths((seen - start) / 1e6)
    }

    private fun rehearse(): List<Int> = running {
        val blank = look()
        var (last, since) = blank to System.currentTimeMillis()
        while (last == blank || System.currentTimeMillis() - since < STILL_MS) {
            val now = look()
            if (now != last) since = System.currentTimeMillis()
            last = now
            Thread.sleep(LOOK_MS)
        }
        last
    }

    /** Reads some rows of the screen, seldom enough to leave the processor to what is measured. */
    private fun look(): List<Int> = (1..ROWS).flatMap { n ->
        val row = robot.createScreenCapture(Rectangle(0, screen.height * n / (ROWS + 1), screen.width, 1))
        row.getRGB(0, 0, row.width, 1, null, 0, row.width).asList()
    }

    private fun <T> running(look: (start: Long) -> T): T {
        val start = System.nanoTime()
        val process = ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
        return try {
            look(start)
        } finally {
            process.destroy()
            check(process.waitFor(LONGEST_MS, TimeUnit.MILLISECONDS)) { "the window does not close" }
        }
    }
}
