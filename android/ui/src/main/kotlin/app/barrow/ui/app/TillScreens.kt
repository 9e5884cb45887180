package app.barrow.ui.app

import androidx.compose.animation.AnimatedVisibility
import androidx.compose.animation.slideInVertically
import androidx.compose.animation.slideOutVertically
import androidx.compose.foundation.background
import androidx.compose.foundation.focusable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.layout.width
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.input.key.onKeyEvent
import androidx.compose.ui.input.key.onPreviewKeyEvent
import androidx.compose.ui.unit.dp
import app.barrow.core.ShopView
import app.barrow.ui.look.Look
import app.barrow.ui.screen.CustomerScreen
import app.barrow.ui.screen.DepositSheet
import app.barrow.ui.screen.DoneSheet
import app.barrow.ui.screen.NoticeRow
import app.barrow.ui.screen.StatusStrip
import app.barrow.ui.screen.TileMenu

/** The cart beside the tiles of a wide window. */
private val PANE = 396.dp

/** Every screen of an open till, under the strip; [office] draws the places where nothing is sold. */
@Composable
fun TillScreens(selling: Selling, shop: ShopView, office: @Composable (Route) -> Unit) {
    val stack by selling.seat.go.stack.collectAsState()
    val route = stack.last()
    HearsKeys(selling.keys, route) {
        when {
            route == Route.Customer -> Customer(selling, shop)
            route.sells && Look.measures.wide -> WideTill(selling, shop, route)
            else -> PhoneTill(selling, shop, route, office)
        }
    }
}

/** Tells the places where goods are sold: a wide window shows them beside the tiles. */
private val Route.sells: Boolean
    get() = this in setOf(Route.Sell, Route.Cart, Route.Parked, Route.Charge) || this is Route.Weigh || this is Route.PricePad

/** Hears every key, wherever the focus is: it never leaves the window. */
@Composable
private fun HearsKeys(keys: Keys, route: Route, content: @Composable () -> Unit) {
    val focus = remember { FocusRequester() }
    var has by remember { mutableStateOf(false) }
    LaunchedEffect(route, has) { if (!has) focus.requestFocus() }
    Box(
        Modifier.fillMaxSize().onPreviewKeyEvent(keys::before).onKeyEvent(keys::after).onFocusChanged { has = it.hasFocus }
            .focusRequester(focus).focusable().safeDrawingPadding(),
    ) {
        CompositionLocalProvider(LocalKeys provides keys, content = content)
    }
}

@Composable
private fun PhoneTill(selling: Selling, shop: ShopView, route: Route, office: @Composable (Route) -> Unit) = Box(Modifier.fillMaxSize()) {
    Column(Modifier.fillMaxSize()) {
        StatusStrip(selling, shop)
        NoticeRow(selling.seat)
        Box(Modifier.weight(1f)) {
            when (route) {
                Route.Sell -> Sell(selling, shop)
                Route.Cart -> Cart(selling, pane = false)
                else -> if (route.sells) Selling(selling, route) else office(route)
            }
        }
    }
    if (route == Route.Sell) Sheets(selling, shop)
}

@Composable
private fun WideTill(selling: Selling, shop: ShopView, route: Route) = Row(Modifier.fillMaxSize()) {
    Box(Modifier.weight(1f).fillMaxHeight()) {
        Column(Modifier.fillMaxSize()) {
            StatusStrip(selling, shop)
            NoticeRow(selling.seat)
            Box(Modifier.weight(1f)) { Sell(selling, shop) }
        }
        MenuSheets(selling, shop)
    }
    Box(Modifier.width(1.5.dp).fillMaxHeight().background(Look.palette.hair))
    Box(Modifier.width(PANE).fillMaxHeight().background(if (route == Route.Sell || route == Route.Cart) Look.palette.surface else Look.palette.ground)) {
        if (route == Route.Sell || route == Route.Cart) Cart(selling, pane = true) else Selling(selling, route)
        if (route == Route.Sell) FinishedSale(selling)
    }
}

/** The sheets over live tiles. */
@Composable
private fun Sheets(selling: Selling, shop: ShopView) {
    FinishedSale(selling)
    MenuSheets(selling, shop)
}

@Composable
private fun FinishedSale(selling: Selling) {
    val cart by selling.cart.state.collectAsState()
    val done by selling.done.state.collectAsState()
    Rising(cart.done) { DoneSheet(it, done, selling.done::on) }
}

@Composable
private fun MenuSheets(selling: Selling, shop: ShopView) {
    val goods by selling.sell.state.collectAsState()
    Rising(goods.menu) { TileMenu(it, goods, shop.shop.currency, selling.sell::on) }
    Rising(goods.deposit) { DepositSheet(it, goods.depositBack, selling.sell::on) }
}

/** A sheet that rises from the foot of the window while there is something to show. */
@Composable
private fun <T : Any> Rising(shown: T?, sheet: @Composable (T) -> Unit) {
    var last by remember { mutableStateOf(shown) }
    if (shown != null) last = shown
    Box(Modifier.fillMaxSize(), Alignment.BottomCenter) {
        AnimatedVisibility(
            shown != null,
            enter = slideInVertically(Look.motion.sheet()) { it },
            exit = slideOutVertically(Look.motion.sheet()) { it },
        ) { last?.let { sheet(it) } }
    }
}

@Composable
private fun Customer(selling: Selling, shop: ShopView) {
    val cart by selling.cart.state.collectAsState()
    CustomerScreen(shop.shop.name, cart) { selling.seat.go.back() }
}
