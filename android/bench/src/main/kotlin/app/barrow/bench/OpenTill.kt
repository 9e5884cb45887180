package app.barrow.bench

import androidx.compose.ui.geometry.Offset
import app.barrow.desktop.Desktop
import app.barrow.desktop.Places
import app.barrow.ui.app.App
import app.barrow.ui.app.Selling
import java.io.File
import kotlinx.coroutines.runBlocking
import org.jetbrains.skia.IRect

/** Where the window at 1280 x 800 has its Charge key, its tiles and its lists. */
val CHARGE = Offset(1125f, 744f)
val CHARGE_PART: IRect = IRect.makeLTRB(992, 704, 1262, 784)
val TILES_PART: IRect = IRect.makeLTRB(24, 96, 860, 792)
val LIST = Offset(640f, 450f)

/** Tiles of the sample stall that go into the cart with one tap. */
val PIECES = listOf(Offset(75f, 690f), Offset(235f, 350f), Offset(365f, 350f), Offset(75f, 520f))

/** The till of a folder that holds the sample stall, and the screens over it. */
class OpenTill(folder: File) : AutoCloseable {
    private val desktop = Desktop(Places.choose(folder, { null }, "Linux"))

    /** Holds what the screens hold; set when the till is open. */
    @Volatile
    lateinit var selling: Selling

    /** Draws the screens. */
    val stage: Stage

    init {
        desktop.open(sample = false)
        stage = Stage { App(desktop.start, desktop.faces) { selling = it } }
        val tiles = stage.until { ::selling.isInitialized && selling.sell.state.value.run { ready && tiles.isNotEmpty() } }
        check(tiles) { "Sell shows no tiles" }
        stage.frames(30)
    }

    override fun close() {
        stage.close()
        runBlocking { desktop.start.end() }
    }
}
