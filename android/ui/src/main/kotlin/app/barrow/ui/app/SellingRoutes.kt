package app.barrow.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import app.barrow.core.ShopView
import app.barrow.ui.look.Look
import app.barrow.ui.model.ChargeModel
import app.barrow.ui.model.LinesModel
import app.barrow.ui.model.ParkedModel
import app.barrow.ui.model.PricePadModel
import app.barrow.ui.model.WeighModel
import app.barrow.ui.screen.CartScreen
import app.barrow.ui.screen.ChargeScreen
import app.barrow.ui.screen.ParkedScreen
import app.barrow.ui.screen.PricePadScreen
import app.barrow.ui.screen.SellEvent
import app.barrow.ui.screen.SellScreen
import app.barrow.ui.screen.SellState
import app.barrow.ui.screen.WeighScreen

/** The tiles, or the price pad of a shop that has none. */
@Composable
internal fun Sell(selling: Selling, shop: ShopView) {
    val goods by selling.sell.state.collectAsState()
    val cart by selling.cart.state.collectAsState()
    val anyPrice = Look.words.text("sell.any_price")
    val pad = remember(selling, anyPrice) { PricePadModel(selling.seat, selling.cart, null, anyPrice) }
    val typed by pad.state.collectAsState()
    val status by selling.status.collectAsState()
    // Carts that were put aside are found behind the key of the cart: then it stays.
    val idle = cart.empty && cart.removed == null && status?.let { it.shiftOpen && it.cartsParked == 0u } == true
    SellScreen(SellState(goods, cart, shop.shop.currency, typed, selling.seat.device.readsCodes, idle)) { event ->
        if (event is SellEvent.Pad) pad.on(event.event) else selling.sell.on(event)
    }
}

/** The lines of the cart. */
@Composable
internal fun Cart(selling: Selling, pane: Boolean) {
    val scope = rememberCoroutineScope()
    val model = remember(selling) { LinesModel(selling.seat, scope, selling.cart) }
    val lines by model.state.collectAsState()
    val cart by selling.cart.state.collectAsState()
    CartScreen(cart, lines, pane, model::on)
}

/** The other places where goods are sold. */
@Composable
internal fun Selling(selling: Selling, route: Route) = when (route) {
    is Route.Weigh -> Weigh(selling, route)
    is Route.PricePad -> AskPrice(selling, route)
    Route.Charge -> Charge(selling)
    Route.Parked -> Parked(selling)
    else -> Unit
}

@Composable
private fun Weigh(selling: Selling, route: Route.Weigh) {
    val model = remember(selling, route) { WeighModel(selling.seat, selling.cart, route.item) }
    val state by model.state.collectAsState()
    WeighScreen(state, selling.seat.device.readsCodes, model::on)
}

@Composable
private fun AskPrice(selling: Selling, route: Route.PricePad) {
    val anyPrice = Look.words.text("sell.any_price")
    val model = remember(selling, route, anyPrice) { PricePadModel(selling.seat, selling.cart, route.item, anyPrice) }
    val state by model.state.collectAsState()
    val cart by selling.cart.state.collectAsState()
    PricePadScreen(state, cart, model::on)
}

@Composable
private fun Charge(selling: Selling) {
    val scope = rememberCoroutineScope()
    val model = remember(selling) { ChargeModel(selling.seat, scope, selling.cart) }
    val state by model.state.collectAsState()
    ChargeScreen(state, model::on)
}

@Composable
private fun Parked(selling: Selling) {
    val scope = rememberCoroutineScope()
    val model = remember(selling) { ParkedModel(selling.seat, scope, selling.cart) }
    val state by model.state.collectAsState()
    ParkedScreen(state, model::on)
}
