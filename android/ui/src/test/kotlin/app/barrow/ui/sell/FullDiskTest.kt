package app.barrow.ui.sell

import androidx.compose.ui.test.junit4.v2.createComposeRule
import app.barrow.ui.model.Settings
import java.io.File
import java.io.IOException
import java.nio.file.Files
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test

/** Room of the small disk: the shop, its reserve and some sales. */
private const val DISK = "40m"

/**
 * A disk that is really full, through the screens. A file size limit of the process would be simpler, but it is another
 * error than a full disk; so a small disk is mounted, where that is allowed.
 */
class FullDiskTest {
    @get:Rule
    val rule = createComposeRule()
    private val place = Files.createTempDirectory("small").toFile()
    private val filler = File(place, "filler")
    private var open: Stall? = null

    @Before
    fun mount() {
        val tmpfs = arrayOf("mount", "-t", "tmpfs", "-o", "size=$DISK,mode=0777", "tmpfs", place.path)
        assumeTrue("skipped: a really full disk needs the right to mount a small one", run(*tmpfs) || run("sudo", "-n", *tmpfs))
    }

    @After
    fun unmount() {
        open?.close()
        run("umount", place.path) || run("sudo", "-n", "umount", place.path)
        place.delete()
    }

    private fun run(vararg command: String): Boolean = try {
        ProcessBuilder(*command).redirectErrorStream(true).start().waitFor() == 0
    } catch (_: IOException) {
        false
    }

    /** Writes until nothing fits any more. */
    private fun fill() = filler.outputStream().use { out ->
        val piece = ByteArray(4_096)
        try {
            while (true) out.write(piece)
        } catch (_: IOException) {
            // That is what it is for.
        }
    }

    @Test
    fun `a sale is refused loudly, old ones stay readable, and with room again it is sold once`() {
        val stall = Stall(settings = Settings(reducedMotion = true), folder = File(place, "till").apply { mkdir() }).also { open = it }
        stall.put(stall.line("LA-HONEY"))
        stall.sell()
        stall.selling.cart.dismissDone()
        Hand(rule, stall).run {
            show()
            touch("Lemon")
            touch("Charge")
            stall.wait { stall.till.ask { flush() } }
            fill()
            touch("Exact")
            read("That could not be saved, so it did not happen.")
            val first = stall.sales().single()
            val receipt = stall.wait { stall.till.ask { receiptText(first.id, 42u, true) } }
            assertTrue("the old receipt is readable: $receipt", "honey" in receipt)
            filler.delete()
            touch("Try again")
            waitFor("the sale") { stall.selling.cart.state.value.done?.totalMinor == 60L }
        }
        assertEquals("sold once", listOf(60L, 790L), stall.sales().map { it.totalMinor })
        assertEquals(0uL, stall.wait { stall.till.ask { verify() } }.problemCount)
    }

    private fun Stall.sales() = wait { till.ask { sales(null, 9u) } }.sales
}
