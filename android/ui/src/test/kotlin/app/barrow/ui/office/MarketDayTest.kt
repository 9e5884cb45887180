package app.barrow.ui.office

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.ui.Modifier
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.unit.dp
import app.barrow.core.CashCount
import app.barrow.core.Command
import app.barrow.core.FoundRequest
import app.barrow.core.SaleKind
import app.barrow.core.Setup
import app.barrow.core.TillClient
import app.barrow.ui.CoreGuard
import app.barrow.ui.app.App
import app.barrow.ui.app.Start
import app.barrow.ui.app.Started
import app.barrow.ui.app.TillPlace
import app.barrow.ui.look.desktopFaces
import app.barrow.ui.model.Settings
import app.barrow.ui.model.SettingsKeeper
import java.io.File
import java.nio.file.Files
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test

/** A market day in the whole app over the real core, on a phone: what it takes in touches from the first screen to the last. */
class MarketDayTest {
    @get:Rule
    val rule = createComposeRule()
    private val folder: File = Files.createTempDirectory("market").toFile()
    private val place = TillPlace("$folder/shop", "$folder/keys")
    private val scope = CoroutineScope(SupervisorJob() + CoreGuard.drawing())
    private val settings = SettingsKeeper(HeldSettings(Settings(language = "en", reducedMotion = true)))
    private val start = Start(place, DeskDevice(), scope, settings)
    private val hand = Hand(rule)

    @After
    fun end() {
        runBlocking { start.end() }
        scope.cancel()
        folder.deleteRecursively()
        CoreGuard.check()
    }

    private fun open() {
        rule.setContent { Box(Modifier.requiredSize(360.dp, 760.dp)) { App(start, desktopFaces()) } }
        start.open()
    }

    /** Makes a stall with goods before the app is opened. */
    private fun stall(before: suspend TillClient.() -> Unit) = runBlocking {
        val setup = Setup("Rosa", "DE", utcOffsetMinutes = 60, language = "en")
        TillClient.found(FoundRequest(place.folder, place.keysFolder, setup, sample = true)).run {
            before()
            shut()
        }
    }

    private val till get() = (start.now.value as Started.Ready).seat.till

    private fun <T> asks(question: suspend app.barrow.core.Till.() -> T): T = runBlocking { till.ask(question) }

    @Test
    fun theFirstSaleTakesFourTouches() {
        open()
        hand.tap("Start my till")
        hand.tap("4")
        hand.tap("Charge")
        hand.tap("Exact")
        rule.waitUntil(20_000) { asks { sales(null, 1u) }.sales.isNotEmpty() }
        assertTrue("${hand.touches} touches", hand.touches <= 5)
        val sale = asks { sales(null, 1u) }.sales.single()
        assertEquals(400L, sale.totalMinor)
    }

    @Test
    fun theDayOpensLikeLastTimeInTwo() {
        stall {
            send(Command.OpenShift(float = CashCount(amountMinor = 7_500)))
            send(Command.CloseShift(CashCount(amountMinor = 7_500)))
        }
        open()
        hand.tap("Saved")
        hand.tap("Same as last time")
        hand.sees("Fruit")
        assertEquals(2, hand.touches)
        assertEquals(7_500L, asks { opening() }.floatMinor)
    }

    @Test
    fun theDayClosesWithABlindCount() {
        stall {
            send(Command.OpenShift(float = CashCount(amountMinor = 10_000)))
            sell(listOf("FR-STRAWB" to "1"))
        }
        open()
        hand.tap("Count and close")
        // 104.50 lies in the box: a hundred, two twos and a fifty-cent piece.
        val before = hand.touches
        repeat(1) { hand.tap("Next") }
        hand.digits("1")
        repeat(5) { hand.tap("Next") }
        hand.digits("2")
        repeat(2) { hand.tap("Next") }
        hand.digits("1")
        val picking = hand.touches - before
        hand.tap("Close the cash box")
        hand.sees("Exactly as expected.")
        assertEquals("touches beside digits and pieces", 2, hand.touches - picking)
        val opening = asks { opening() }
        assertEquals(false to 10_450L, opening.shiftOpen to opening.lastCountedMinor)
    }

    @Test
    fun earlierZReportsAreReadFromTheCashBox() {
        stall {
            repeat(2) {
                send(Command.OpenShift(float = CashCount(amountMinor = 7_500)))
                send(Command.CloseShift(CashCount(amountMinor = 7_500L + it * 50)))
            }
        }
        open()
        hand.tap("Saved")
        hand.tap("Cash box")
        hand.tap("Earlier Z reports")
        hand.sees("0.50 more")
        hand.tap("Z report 1")
        hand.sees("Exactly as expected.")
        hand.tap("Back")
        hand.tap("Z report 2")
        hand.sees("0.50 more in the box than expected.")
    }

    @Test
    fun anUncountedCashBoxIsClosedOnlyWhenAskedFor() {
        stall { send(Command.OpenShift(float = CashCount(amountMinor = 10_000))) }
        open()
        hand.tap("Count and close")
        hand.tap("Close the cash box")
        hand.sees("Nothing is counted.")
        hand.tap("No")
        assertTrue(asks { opening() }.shiftOpen)
        hand.tap("Close the cash box")
        hand.tap("Yes, it is empty")
        hand.sees("100.00 less in the box than expected.")
        assertEquals(0L, asks { opening() }.lastCountedMinor)
    }

    @Test
    fun oneLineIsRefundedByNumber() {
        stall {
            sell(listOf("FR-STRAWB" to "1"))
            sell(listOf("LA-HONEY" to "1"))
        }
        open()
        hand.tap("Saved")
        hand.tap("Receipts")
        hand.type("A-2")
        hand.tap("Open A-2")
        hand.tap("Take back")
        hand.tap("1")
        hand.tap("Take back")
        hand.tap("Yes, take back")
        hand.tap("Give 7.90")
        rule.waitUntil(20_000) { asks { findSale("A-3") } != null }
        val newest = asks { sales(null, 1u) }.sales.single()
        assertEquals(SaleKind.REFUND to -790L, newest.kind to newest.totalMinor)
    }
}
