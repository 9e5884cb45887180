package app.barrow.ui.sell

import androidx.compose.ui.test.junit4.v2.createComposeRule
import app.barrow.core.SaleKind
import app.barrow.core.TenderClass
import app.barrow.ui.app.Route
import app.barrow.ui.model.Settings
import app.barrow.ui.picture.Frames
import java.math.BigDecimal
import kotlinx.coroutines.flow.first
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test

/** Every tap budget of the selling screens, from a ready Sell to the next ready Sell, over the real core. */
class TapBudgetTest {
    @get:Rule
    val rule = createComposeRule()

    private var open: Stall? = null

    @After
    fun close() {
        open?.close()
    }

    private fun hand(settings: Settings = Settings(reducedMotion = true)): Hand =
        Hand(rule, Stall(settings = settings).also { open = it }).apply { show() }

    private fun Hand.done(budget: Int) {
        waitFor("the sale") { stall.selling.cart.state.value.done != null }
        assertEquals("touches", budget, touches)
    }

    /** A day at a stall stands on one page; the budget counts from there. */
    private fun Hand.page(name: String) {
        touch(name)
        forget()
    }

    private val Hand.sale get() = stall.selling.cart.state.value.done!!

    @Test
    fun `one key in exact cash`() = with(hand()) {
        touch("Lemon")
        touch("Charge")
        touch("Exact")
        done(3)
        read("Paid.")
        assertEquals(60L, sale.totalMinor)
    }

    @Test
    fun `one key in exact cash with the fast bar`() = with(hand(Settings(fastBar = true))) {
        touch("Lemon")
        touch("Exact")
        done(2)
        assertEquals(60L, sale.totalMinor)
    }

    @Test
    fun `two drinks exact cash`() = with(hand()) {
        page("Drinks")
        touch("Pilsner")
        touch("Radler")
        touch("Charge")
        touch("Exact")
        done(4)
        assertEquals("two drinks and their cups", 1_160L, sale.totalMinor)
    }

    @Test
    fun `apples by weight, cash note`() = with(hand()) {
        touch("Apples, Elstar")
        listOf(1, 2, 4, 0).forEach(::digit)
        touch("Add 4.31")
        touch("Charge")
        touch("10 back 5.69")
        done(4)
        assertEquals(8, touches + digits)
        assertEquals(569L, sale.changeMinor)
        read("Give")
    }

    @Test
    fun `open price 2 in cash`() = with(hand()) {
        page("Gifts")
        touch("Second-hand book")
        digit(2)
        touch("Charge 2.00")
        touch("Exact")
        done(3)
        assertEquals(4, touches + digits)
        assertEquals(200L, sale.totalMinor)
    }

    @Test
    fun `the count of the cash box is one touch away, on a tablet too`() {
        val stall = Stall(settings = Settings(reducedMotion = true)).also { open = it }
        stall.put(stall.line("FR-LEMON"))
        stall.sell()
        stall.selling.cart.dismissDone()
        Hand(rule, stall).run {
            show(Frames.tablet)
            touch("Count and close")
            waitFor("the count") { stall.seat.go.stack.value.last() == Route.CloseShift }
            assertEquals(1, touches)
        }
    }

    @Test
    fun `give back 3 cups`() = with(hand()) {
        page("Drinks")
        touch("Cup deposit")
        digit(3)
        touch("Charge")
        touch("Give")
        done(3)
        assertEquals(4, touches + digits)
        assertEquals(-300L, sale.totalMinor)
        assertEquals(300L, sale.changeMinor)
    }

    @Test
    fun `a wrong tender put right`() = with(hand()) {
        stall.put(stall.line("FR-LEMON"))
        touch("Charge")
        touch("Exact")
        waitFor("the sale") { stall.selling.cart.state.value.done != null }
        val before = touches
        touch("Fix")
        touch("It was paid with Card terminal")
        waitFor("the correction") { sale.tenders.single().name == "Card terminal" }
        touch("Close")
        assertEquals(3, touches - before)
    }

    @Test
    fun `sold out`() = with(hand()) {
        hold("Bananas")
        touch("Sold out")
        waitFor("the mark") { stall.goods("FR-BANANA").soldOut }
        assertEquals(2, touches)
        gone("Today's price")
    }

    @Test
    fun `one of today's prices`() = with(hand()) {
        hold("Bananas")
        touch("Today's price")
        listOf(1, 9, 9).forEachIndexed { place, figure ->
            digit(figure)
            if (place == 0) sign("Decimal point")
        }
        touch("Save 1.99")
        waitFor("the price") { stall.goods("FR-BANANA").unitPrice.compareTo(BigDecimal("1.99")) == 0 }
        assertEquals(3, touches)
    }

    @Test
    fun `undo the sale pays everything back`() = with(hand()) {
        touch("Lemon")
        touch("Charge")
        touch("Exact")
        touch("Fix")
        touch("Undo the sale")
        touch("Take it all back")
        touch("Give 0.60")
        waitFor("the refund") { stall.selling.cart.state.value.done?.kind == SaleKind.REFUND }
        assertEquals(60L, sale.changeMinor)
    }

    @Test
    fun `a split in two, one in cash and one by card`() = with(hand()) {
        touch("Melon")
        touch("Charge")
        touch("Split")
        touch("1.95 2 ways")
        touch("Exact 1.95")
        read("Paid 1.95")
        touch("Card terminal")
        waitFor("the sale") { stall.selling.cart.state.value.done != null }
        assertEquals(listOf(195L, 195L), sale.tenders.map { it.amountMinor })
        val classes = stall.wait { stall.till.ask { tenders() } }.associate { it.id to it.`class` }
        assertEquals(listOf(TenderClass.CASH, TenderClass.CUSTOM), sale.tenders.map { classes[it.tender] })
    }

    @Test
    fun `a removed line comes back`() = with(hand()) {
        touch("Lemon")
        touch("Remove Lemon")
        touch("Undo")
        stall.wait { stall.selling.cart.state.first { it.view?.pieceCount == 1u } }
        read("Last added")
    }
}
