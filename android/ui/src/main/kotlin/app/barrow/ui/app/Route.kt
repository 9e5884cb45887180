package app.barrow.ui.app

import app.barrow.core.ItemId
import app.barrow.core.SaleId
import app.barrow.core.ShiftId
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** A place in the app. Sell is home: everything else lies above it. */
sealed interface Route {
    /** Tiles, and the bar with the total. */
    data object Sell : Route

    /** Weighs an item before it goes into the cart. */
    data class Weigh(val item: ItemId) : Route

    /** Asks what something costs: an open-price item, or goods without a tile. */
    data class PricePad(val item: ItemId?) : Route

    /** The lines of the cart. */
    data object Cart : Route

    /** Carts that were put aside. */
    data object Parked : Route

    /** Takes the money. */
    data object Charge : Route

    /** What the customer sees. */
    data object Customer : Route

    /** The way to everything but selling; the strip leads here. */
    data object Menu : Route

    /** Place, float and fee of the day. */
    data object WhereToday : Route

    /** Finished sales. */
    data object Receipts : Route

    /** One finished sale. */
    data class Receipt(val sale: SaleId) : Route

    /** Takes goods of a sale back. */
    data class Refund(val sale: SaleId) : Route

    /** Takings of a day. */
    data object Today : Route

    /** The goods. */
    data object Items : Route

    /** One item; a new one without an id. */
    data class Item(val item: ItemId?) : Route

    /** Prices of the day. */
    data object TodaysPrices : Route

    /** What is on hand. */
    data object Stock : Route

    /** Delivery, waste, transfer or count of one item. */
    data class StockItem(val item: ItemId) : Route

    /** The cash box. */
    data object Shift : Route

    /** Counts the cash box and closes it. */
    data object CloseShift : Route

    /** The report of a closed shift. */
    data class Closed(val shift: ShiftId) : Route

    /** Z reports of earlier shifts. */
    data object Closings : Route

    /** What wants settling. */
    data object ToDo : Route

    /** This till, its proof, its backups. */
    data object Devices : Route

    /** Shop, taxes, payment, receipt, language. */
    data object SetUp : Route

    /** What a word means. */
    data class Help(val word: String? = null) : Route
}

/** Where the person is, and the way back. */
class Navigator(start: List<Route> = listOf(Route.Sell)) {
    private val places = MutableStateFlow(start)

    /** Lists where the person came from, the present place last. */
    val stack: StateFlow<List<Route>> = places

    /** Goes to a place; going where one is does nothing. */
    fun go(route: Route) = places.update { if (it.last() == route) it else it + route }

    /** Goes to a place instead of the present one. */
    fun replace(route: Route) = places.update { it.dropLast(1) + route }

    /** Goes back; false at home. */
    fun back(): Boolean {
        var moved = false
        places.update { stack -> if (stack.size > 1) stack.dropLast(1).also { moved = true } else stack }
        return moved
    }

    /** Goes to Sell. */
    fun home() = places.update { listOf(Route.Sell) }
}
