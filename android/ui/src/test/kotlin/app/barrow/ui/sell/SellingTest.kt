package app.barrow.ui.sell

import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.performScrollToIndex
import app.barrow.core.LineDraft
import app.barrow.ui.app.Route
import app.barrow.ui.model.Settings
import app.barrow.ui.picture.Frame
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.audit
import app.barrow.ui.screen.SellEvent
import java.io.File
import kotlinx.coroutines.flow.first
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test

/** What selling must survive, and what a screen reader meets. */
class SellingTest {
    @get:Rule
    val rule = createComposeRule()

    private val open = mutableListOf<Stall>()

    @After
    fun close() = open.forEach(Stall::close)

    private fun stall(settings: Settings = Settings(reducedMotion = true)) = Stall(settings = settings).also { open += it }

    private fun audited(frame: Frame, route: Route, fill: Stall.() -> Unit = { fillCart() }) {
        val stall = stall().apply(fill)
        stall.seat.go.go(route)
        val hand = Hand(rule, stall)
        hand.show(frame)
        hand.waitFor("the screen") { hand.said().lines().size > 4 }
        rule.waitForIdle()
        rule.audit(thin = hand.said().lines().filter { it.startsWith("Saved here") || it.startsWith("محفوظ") }.toSet())
    }

    @Test
    fun `Sell for a screen reader`() = audited(Frames.phone, Route.Sell)

    @Test
    fun `Sell for a screen reader, wide`() = audited(Frames.tablet, Route.Sell)

    @Test
    fun `Sell for a screen reader, right to left at 200 percent`() = audited(Frames.largeRightToLeft, Route.Sell)

    @Test
    fun `Cart for a screen reader`() = audited(Frames.phone, Route.Cart)

    @Test
    fun `Charge for a screen reader`() = audited(Frames.phone, Route.Charge)

    @Test
    fun `Charge for a screen reader at 200 percent`() = audited(Frames.large, Route.Charge)

    @Test
    fun `Done for a screen reader`() = audited(Frames.phone, Route.Sell) {
        fillCart()
        sell(givenMinor = 3000)
    }

    @Test
    fun `the menu of a tile for a screen reader`() = audited(Frames.phone, Route.Sell) { selling.sell.on(SellEvent.Menu(goods("FR-BANANA"))) }

    @Test
    fun `the price pad for a screen reader`() = audited(Frames.phone, Route.PricePad(null))

    @Test
    fun `process death in the middle of a sale loses nothing`() {
        val before = stall()
        before.fillCart()
        before.wait { before.till.ask { flush() } }
        val after = before.afterPowerCut().also { open += it }
        val kept = after.selling.cart.state.value.view!!
        assertEquals(before.selling.cart.state.value.view!!.totals, kept.totals)
        assertEquals(2231L, kept.totals.totalMinor)
        Hand(rule, after).apply {
            show()
            touch("Charge 22.31")
            touch("30 back 7.69")
            waitFor("the sale") { after.selling.cart.state.value.done?.changeMinor == 769L }
        }
    }

    @Test
    fun `a cart of 1,114 lines scrolls by pages`() {
        val stall = stall()
        val lemon = stall.goods("FR-LEMON").item
        stall.put(*Array(1_114) { LineDraft(item = app.barrow.core.ItemRef.Id(lemon)) })
        stall.wait { stall.selling.cart.state.first { it.view?.lineCount == 1_114u } }
        assertEquals(100, stall.selling.cart.state.value.view!!.lines.size)
        stall.seat.go.go(Route.Cart)
        val hand = Hand(rule, stall)
        hand.show()
        hand.read("1114 items")
        for (place in listOf(300, 700, 1_113)) {
            rule.onNode(hasScrollToIndexAction()).performScrollToIndex(place)
            hand.waitFor("line $place") { hand.said().lines().any { it.startsWith("Lemon") } }
        }
        hand.touch("Remove Lemon")
        hand.read("1113 items")
    }

    @Test
    fun `no screen holds the till itself`() {
        val sources = File("src/main/kotlin").walk().filter { it.extension == "kt" }.toList()
        assertTrue(sources.size > 50)
        val direct = Regex("""import app\.barrow\.core\.Till$|runBlocking|Till\.(open|found)\(""", RegexOption.MULTILINE)
        assertEquals(emptyList<String>(), sources.filter { direct.containsMatchIn(it.readText()) }.map { it.name })
    }
}
