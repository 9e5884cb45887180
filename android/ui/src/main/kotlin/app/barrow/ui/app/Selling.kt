package app.barrow.ui.app

import app.barrow.core.ShopView
import app.barrow.core.StatusView
import app.barrow.core.Topic
import app.barrow.ui.model.CartModel
import app.barrow.ui.model.DoneModel
import app.barrow.ui.model.SellModel
import app.barrow.ui.model.SettingsKeeper
import app.barrow.ui.model.watch
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeoutOrNull

/** The screen waits at most so long for its goods. Milliseconds. */
private const val GOODS_MS = 500L

/** What lives as long as the till is open, whatever screen is shown: the cart, the goods, the shop, every key. */
class Selling(val seat: Seat, val settings: SettingsKeeper) {
    private val knownShop = MutableStateFlow<ShopView?>(null)
    private val knownStatus = MutableStateFlow<StatusView?>(null)

    /** The cart at hand. */
    val cart = CartModel(seat)

    /** Quick keys and search. */
    val sell = SellModel(seat, cart, settings.now)

    /** The sheet of the sale that was finished last. */
    val done = DoneModel(seat, cart)

    /** Every key that is pressed. */
    val keys = Keys(seat.device::keyMs, cart::scan) { seat.go.back() }

    /** Tells the shop; null until the core answered. */
    val shop: StateFlow<ShopView?> = knownShop

    /** Tells what is saved. */
    val status: StateFlow<StatusView?> = knownStatus

    init {
        seat.watch(seat.scope, Topic.CATALOGUE) {
            val shop = seat.till.ask { shop() }
            // The first frame shows the tiles too; it does not wait for goods that can't be read.
            withTimeoutOrNull(GOODS_MS) { sell.state.first { it.ready } }
            knownShop.value = shop
        }
        seat.watch(seat.scope, Topic.STORAGE, Topic.SALES, Topic.CARTS, Topic.SHIFT) { knownStatus.value = seat.till.ask { status() } }
    }
}
