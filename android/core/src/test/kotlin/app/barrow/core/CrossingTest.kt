package app.barrow.core

import java.math.BigDecimal
import java.util.UUID
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** What crosses between Kotlin and Rust: few calls, pages instead of whole lists, values that stay what they are. */
class CrossingTest {
    @get:Rule
    val folder = TemporaryFolder()

    private fun till(sample: Boolean, use: suspend (Till) -> Unit) = runBlocking {
        val till = foundStall(folder.root, sample)
        try {
            use(till)
        } finally {
            till.shut(5_000uL)
        }
    }

    @Test
    fun oneSaleIsAHandfulOfCalls() = till(sample = true) { till ->
        val tile = till.pieces().first()
        val cart = timeOrderedId()
        val before = calls()
        till.send(add(cart, tile.item))
        val charge = checkNotNull(till.charge(cart))
        val view = till.send(Command.Tender(cart = cart, tender = CASH, givenMinor = charge.exactMinor)).view as View.Sale
        val done = checkNotNull(till.done(view.v1.id))
        assertEquals(tile.priceMinor, done.totalMinor)
        val crossed = calls() - before
        assertTrue("$crossed calls", crossed <= 5uL)
    }

    @Test
    fun tenThousandItemsComeByPages() = till(sample = false) { till ->
        val currency = till.shop().shop.currency
        (1..10_000).chunked(500).forEach { part -> till.send(Command.PutItems(items = part.map { goods(it, currency) })) }
        val seen = mutableListOf<UUID>()
        var page = till.items("", 0, 200u)
        while (page.isNotEmpty()) {
            assertTrue(page.size <= 200)
            seen += page.map { it.item }
            page = till.items(page.last().name, page.last().no, 200u)
        }
        assertEquals(10_000, seen.size)
        assertEquals("in the order of their names", (1..10_000).map { UUID(1, it.toLong()) }, seen)
        assertTrue("a page is bounded whatever is asked for", till.tiles("Long", -1, 0, 20_000u).size <= 1_000)
    }

    @Test
    fun numbersAndIdsStayWhatTheyAre() = till(sample = false) { till ->
        val currency = till.shop().shop.currency
        val quantities = listOf("0.001", "1.234", "999999.999", "3")
        val prices = listOf("0.0001", "12.345", "1", "99999.99")
        prices.forEachIndexed { n, price ->
            val draft = goods(n, currency).let { it.copy(price = checkNotNull(it.price).copy(unitPrice = BigDecimal(price))) }
            till.send(Command.PutItems(items = listOf(draft)))
            assertEquals(0, BigDecimal(price).compareTo(checkNotNull(till.item(draft.id)).price.unitPrice))
        }
        val edge = UUID.fromString("ffffffff-ffff-ffff-ffff-fffffffffffe")
        val weighed = goods(99, currency).copy(id = edge, trade = Trade(kind = ItemKind.WEIGHED, unit = UnitOfMeasure.Kilogram, pricePer = BigDecimal.ONE))
        till.send(Command.PutItems(items = listOf(weighed)))
        for (quantity in quantities) {
            val cart = timeOrderedId()
            val line = LineDraft(item = ItemRef.Id(edge), quantity = BigDecimal(quantity))
            val view = till.send(Command.AddLines(cart = cart, lines = listOf(line))).view as View.Cart
            assertEquals(cart, view.v1.cart)
            assertEquals(0, BigDecimal(quantity).compareTo(view.v1.lines.single().quantity))
        }
    }

    @Test
    fun emptyListsAndTextsCross() = till(sample = false) { till ->
        assertEquals(emptyList<Tile>(), till.search("", 10u))
        assertEquals(emptyList<ItemCount>(), till.cartCounts(timeOrderedId(), emptyList()))
        assertEquals(emptyList<SaleRow>(), till.sales(null, 10u).sales)
        assertEquals(null, till.cart(timeOrderedId(), 0u))
        till.send(Command.PutItems(items = listOf(goods(1, till.shop().shop.currency).copy(addCodes = emptyList()))))
        val sheet = checkNotNull(till.item(UUID(1, 1)))
        assertEquals(emptyList<String>(), sheet.codes)
        assertEquals("", sheet.face.emoji)
    }

    @Test
    fun textsOfEveryAlphabetCross() = till(sample = false) { till ->
        val name = "Äpfel 苹果 تفاح 🍏 é"
        val draft = goods(1, till.shop().shop.currency).let { it.copy(face = checkNotNull(it.face).copy(name = name)) }
        till.send(Command.PutItems(items = listOf(draft)))
        assertEquals(name, checkNotNull(till.item(draft.id)).face.name)
    }
}
