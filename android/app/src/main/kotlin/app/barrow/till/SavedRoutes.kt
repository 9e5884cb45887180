package app.barrow.till

import app.barrow.ui.app.Route
import java.util.UUID

/** Keeps at most so many places: whoever went further goes back home from there. */
private const val MOST = 8

/** Writes where the person is, for the time after the system ended the process. */
fun savedRoutes(routes: List<Route>): ArrayList<String> = routes.takeLast(MOST).mapTo(ArrayList(), ::saved)

/** Reads what [savedRoutes] wrote; null when there is nothing that can be read. */
fun routesOf(saved: List<String>?): List<Route>? =
    saved?.mapNotNull(::route)?.takeIf { it.isNotEmpty() }?.let { if (it.first() == Route.Sell) it else listOf(Route.Sell) + it }

/** Places that stand for themselves, by name. */
private val plain: Map<String, Route> = listOf(
    Route.Sell, Route.Cart, Route.Parked, Route.Charge, Route.Customer, Route.Menu, Route.WhereToday, Route.Receipts,
    Route.Today, Route.Items, Route.TodaysPrices, Route.Stock, Route.Shift, Route.CloseShift, Route.Closings, Route.ToDo,
    Route.Devices, Route.SetUp,
).associateBy { it.toString() }

private fun saved(route: Route): String = when (route) {
    is Route.Weigh -> "Weigh ${route.item}"
    is Route.PricePad -> "PricePad ${route.item ?: ""}"
    is Route.Receipt -> "Receipt ${route.sale}"
    is Route.Refund -> "Refund ${route.sale}"
    is Route.Item -> "Item ${route.item ?: ""}"
    is Route.StockItem -> "StockItem ${route.item}"
    is Route.Closed -> "Closed ${route.shift}"
    is Route.Help -> "Help ${route.word ?: ""}"
    Route.Sell, Route.Cart, Route.Parked, Route.Charge, Route.Customer, Route.Menu, Route.WhereToday, Route.Receipts,
    Route.Today, Route.Items, Route.TodaysPrices, Route.Stock, Route.Shift, Route.CloseShift, Route.Closings, Route.ToDo,
    Route.Devices, Route.SetUp,
    -> route.toString()
}

private fun route(saved: String): Route? {
    plain[saved]?.let { return it }
    val word = saved.substringAfter(' ', "")
    val id = try {
        word.takeIf { it.isNotEmpty() }?.let(UUID::fromString)
    } catch (_: IllegalArgumentException) {
        null
    }
    return when (saved.substringBefore(' ')) {
        "PricePad" -> Route.PricePad(id)
        "Item" -> Route.Item(id)
        "Help" -> Route.Help(word.ifEmpty { null })
        "Weigh" -> id?.let(Route::Weigh)
        "Receipt" -> id?.let(Route::Receipt)
        "Refund" -> id?.let(Route::Refund)
        "StockItem" -> id?.let(Route::StockItem)
        "Closed" -> id?.let(Route::Closed)
        else -> null
    }
}
