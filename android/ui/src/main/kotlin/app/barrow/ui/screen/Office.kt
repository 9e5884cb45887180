package app.barrow.ui.screen

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import app.barrow.core.ItemId
import app.barrow.core.SaleId
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import app.barrow.ui.look.Look
import app.barrow.ui.model.CartModel
import app.barrow.ui.model.CloseShiftModel
import app.barrow.ui.model.ClosedModel
import app.barrow.ui.model.ClosingsModel
import app.barrow.ui.model.DevicesModel
import app.barrow.ui.model.ItemModel
import app.barrow.ui.model.ItemsEvent
import app.barrow.ui.model.ItemsModel
import app.barrow.ui.model.MenuModel
import app.barrow.ui.model.PricesModel
import app.barrow.ui.model.ReceiptModel
import app.barrow.ui.model.ReceiptsEvent
import app.barrow.ui.model.ReceiptsModel
import app.barrow.ui.model.RefundModel
import app.barrow.ui.model.SetUpModel
import app.barrow.ui.model.SettingsKeeper
import app.barrow.ui.model.ShiftModel
import app.barrow.ui.model.StockEvent
import app.barrow.ui.model.StockItemModel
import app.barrow.ui.model.StockModel
import app.barrow.ui.model.ToDoModel
import app.barrow.ui.model.TodayModel
import app.barrow.ui.model.WhereTodayModel
import kotlinx.coroutines.CoroutineScope

/** Everything but selling: the screen of a route, with its model for as long as it is shown. */
@Composable
fun OfficeScreen(route: Route, seat: Seat, settings: SettingsKeeper, cart: CartModel) {
    when (route) {
        Route.Menu -> with(remembered(route) { MenuModel(seat, it) }) {
            val preferred by settings.now.collectAsState()
            MenuScreen(state.collectAsState().value, preferred, settings::change, ::on)
        }
        Route.WhereToday -> with(remembered(route) { WhereTodayModel(seat, it) }) { WhereTodayScreen(state.collectAsState().value, ::on) }
        Route.Receipts -> Receipts(seat, null)
        is Route.Receipt -> if (Look.measures.wide) Receipts(seat, route.sale) else ReceiptOf(route.sale, seat)
        is Route.Refund -> with(remembered(route) { RefundModel(seat, it, route.sale) { lines, reason, then -> cart.takeBack(route.sale, lines, reason, then) } }) {
            RefundScreen(state.collectAsState().value, ::on)
        }
        Route.Today -> with(remembered(route) { TodayModel(seat, it) }) { TodayScreen(state.collectAsState().value, ::on) }
        Route.Items -> Items(seat, null)
        is Route.Item -> if (Look.measures.wide) Items(seat, route) else ItemOf(route.item, seat)
        Route.TodaysPrices -> with(remembered(route) { PricesModel(seat, it) }) { TodaysPricesScreen(state.collectAsState().value, ::on) }
        Route.Stock -> Stock(seat, null)
        is Route.StockItem -> if (Look.measures.wide) Stock(seat, route.item) else StockItemOf(route.item, seat)
        Route.Shift -> with(remembered(route) { ShiftModel(seat, it, settings.now) }) { ShiftScreen(state.collectAsState().value, ::on) }
        Route.CloseShift -> with(remembered(route) { CloseShiftModel(seat, it, settings.now.value) }) { CloseShiftScreen(state.collectAsState().value, ::on) }
        is Route.Closed -> with(remembered(route) { ClosedModel(seat, it, route.shift) }) { ClosedScreen(state.collectAsState().value, ::on) }
        Route.Closings -> with(remembered(route) { ClosingsModel(seat, it) }) { ClosingsScreen(state.collectAsState().value, ::on) }
        Route.ToDo -> with(remembered(route) { ToDoModel(seat, it) }) { ToDoScreen(state.collectAsState().value, ::on) }
        Route.Devices -> with(remembered(route) { DevicesModel(seat, it) }) { DevicesScreen(state.collectAsState().value, ::on) }
        Route.SetUp -> with(remembered(route) { SetUpModel(seat, it, settings) }) { SetUpScreen(state.collectAsState().value, ::on) }
        is Route.Help -> HelpScreen(route.word) { seat.go.back() }
        Route.Sell, is Route.Weigh, is Route.PricePad, Route.Cart, Route.Parked, Route.Charge, Route.Customer -> error("$route is a selling screen")
    }
}

/** A model that lives as long as its screen is shown. */
@Composable
private fun <M> remembered(key: Any?, make: (CoroutineScope) -> M): M {
    val scope = rememberCoroutineScope()
    return remember(key) { make(scope) }
}

/** The list of receipts; on a tablet with the chosen one beside it. */
@Composable
private fun Receipts(seat: Seat, first: SaleId?) {
    val model = remembered(Route.Receipts) { ReceiptsModel(seat, it) }
    val state by model.state.collectAsState()
    if (!Look.measures.wide) return ReceiptsScreen(state, model::on)
    var chosen by remember { mutableStateOf(first) }
    ListAndDetail({
        ReceiptsScreen(state) { if (it is ReceiptsEvent.Open) chosen = it.sale else model.on(it) }
    }) {
        val sale = chosen
        if (sale == null) Empty(say("receipts.choose")) else ReceiptOf(sale, seat, beside = true)
    }
}

@Composable
private fun ReceiptOf(sale: SaleId, seat: Seat, beside: Boolean = false) {
    val model = remembered(sale) { ReceiptModel(seat, it, sale) }
    val state by model.state.collectAsState()
    if (beside) ReceiptScreen(state, model::on, onBack = null) else ReceiptScreen(state, model::on)
}

/** The goods; on a tablet with the chosen one beside them. */
@Composable
private fun Items(seat: Seat, first: Route.Item?) {
    val model = remembered(Route.Items) { ItemsModel(seat, it) }
    val state by model.state.collectAsState()
    if (!Look.measures.wide) return ItemsScreen(state, model::on)
    var chosen by remember { mutableStateOf(first) }
    ListAndDetail({
        ItemsScreen(state) {
            when (it) {
                is ItemsEvent.Open -> chosen = Route.Item(it.item)
                ItemsEvent.New -> chosen = Route.Item(null)
                else -> model.on(it)
            }
        }
    }) {
        val item = chosen
        if (item == null) Empty(say("items.choose")) else ItemOf(item.item, seat, beside = true) { chosen = null }
    }
}

@Composable
private fun ItemOf(item: ItemId?, seat: Seat, beside: Boolean = false, leave: () -> Unit = { seat.go.back() }) {
    val model = remembered(item) { ItemModel(seat, it, item, leave) }
    val state by model.state.collectAsState()
    if (beside) ItemScreen(state, model::on, onBack = null) else ItemScreen(state, model::on)
}

/** What is on hand; on a tablet with the chosen item beside it. */
@Composable
private fun Stock(seat: Seat, first: ItemId?) {
    val model = remembered(Route.Stock) { StockModel(seat, it) }
    val state by model.state.collectAsState()
    if (!Look.measures.wide) return StockScreen(state, model::on)
    var chosen by remember { mutableStateOf(first) }
    ListAndDetail({
        StockScreen(state) { if (it is StockEvent.Open) chosen = it.item else model.on(it) }
    }) {
        val item = chosen
        if (item == null) Empty(say("stock.choose")) else StockItemOf(item, seat, beside = true) { chosen = null }
    }
}

@Composable
private fun StockItemOf(item: ItemId, seat: Seat, beside: Boolean = false, leave: () -> Unit = { seat.go.back() }) {
    val model = remembered(item) { StockItemModel(seat, it, item, leave) }
    val state by model.state.collectAsState()
    if (beside) StockItemScreen(state, model::on, onBack = null) else StockItemScreen(state, model::on)
}
