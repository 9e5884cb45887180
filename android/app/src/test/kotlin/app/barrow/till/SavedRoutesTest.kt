package app.barrow.till

import app.barrow.ui.app.Route
import java.util.UUID
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

/** Where the person was survives the end of the process. */
class SavedRoutesTest {
    private val id = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057")

    @Test
    fun `every place is read back as it was written`() {
        val places = listOf(
            Route.Weigh(id), Route.PricePad(null), Route.PricePad(id), Route.Receipt(id), Route.Refund(id), Route.Item(null),
            Route.Item(id), Route.StockItem(id), Route.Closed(id), Route.Help(), Route.Help("saved here"), Route.Cart, Route.Parked,
            Route.Charge, Route.Customer, Route.Menu, Route.WhereToday, Route.Receipts, Route.Today, Route.Items,
            Route.TodaysPrices, Route.Stock, Route.Shift, Route.CloseShift, Route.ToDo, Route.Devices, Route.SetUp,
        )
        for (place in places) assertEquals(listOf(Route.Sell, place), routesOf(savedRoutes(listOf(Route.Sell, place))))
        assertEquals(listOf(Route.Sell), routesOf(savedRoutes(listOf(Route.Sell))))
    }

    @Test
    fun `what can't be read leads home`() {
        assertNull(routesOf(null))
        assertNull(routesOf(emptyList()))
        assertNull(routesOf(listOf("Nowhere", "Weigh", "Weigh no-id", "")))
        assertEquals(listOf(Route.Sell, Route.Cart), routesOf(listOf("Moon", "Cart")))
    }

    @Test
    fun `a long way keeps its end`() {
        val way = listOf(Route.Sell) + List(20) { Route.Help("$it") }
        val read = routesOf(savedRoutes(way)).orEmpty()
        assertEquals(Route.Sell, read.first())
        assertEquals(Route.Help("19"), read.last())
        assertEquals(9, read.size)
    }
}
