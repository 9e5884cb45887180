package app.barrow.desktop

import androidx.compose.ui.window.application
import app.barrow.core.Setup
import app.barrow.ui.app.Start
import app.barrow.ui.app.Started
import app.barrow.ui.look.desktopFaces
import app.barrow.ui.model.SettingsKeeper
import java.awt.Toolkit
import kotlin.concurrent.thread
import kotlin.system.exitProcess
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.jetbrains.skia.FontMgr
import org.jetbrains.skiko.Library

/** Opens the window of the till. */
fun main(words: Array<String>) {
    val arguments = Arguments.read(words.toList())
    if (arguments == null) {
        System.err.println(Arguments.USAGE)
        exitProcess(2)
    }
    thread(isDaemon = true, block = ::loadDrawing)
    val desktop = Desktop(Places.choose(arguments.folder, System::getenv, System.getProperty("os.name")))
    desktop.open(arguments.sample)
    Runtime.getRuntime().addShutdownHook(Thread { runBlocking { desktop.start.end() } })
    application { TillWindows(desktop, arguments.shot, ::exitApplication) }
}

/** Loads what every window draws with, while the till opens. */
private fun loadDrawing() {
    Toolkit.getDefaultToolkit()
    Library.load()
    FontMgr.default
}

/** What the process holds from its start to its end. */
class Desktop(places: Places) {
    /** Keeps what this computer prefers. */
    val settings = SettingsKeeper(FileSettings(places.settings))

    /** The fonts, loaded when they are first drawn. */
    val faces = desktopFaces()

    /** Shows the system's dialogs before the till's window. */
    val dialogs = Dialogs()

    /** Lends the screens what the computer has. */
    val device = DesktopDevice(dialogs, Sounds()) { settings.now.value.sounds }

    /** Brings the till up. */
    val start = Start(places.till(), device, CoroutineScope(SupervisorJob() + Dispatchers.Main), settings)

    /** Opens the till while the window comes up; with a stall's goods when there is none and [sample] is asked for. */
    fun open(sample: Boolean) {
        val opening = start.open()
        if (sample) CoroutineScope(Dispatchers.Default).launch {
            opening.join()
            if (start.now.value is Started.Fresh) start.found(SAMPLE_STALL, sample = true)
        }
    }
}

/** What the sample stall is called and where it stands. */
private val SAMPLE_STALL = Setup(name = "Sample stall", country = "DE")
