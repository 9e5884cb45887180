package app.barrow.ui.model

import app.barrow.core.Currency
import app.barrow.core.ItemId
import app.barrow.core.ItemRef
import app.barrow.core.LineDraft
import app.barrow.core.Quote
import app.barrow.core.Tile
import app.barrow.core.TillException
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import app.barrow.ui.screen.PricePadEvent
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** Asking what something costs. */
data class PricePadState(
    /** Holds the goods it is for; null for goods without a tile. */
    val tile: Tile? = null,
    /** Names what is sold at the typed price; null until the core answered. */
    val item: ItemId? = null,
    /** Gives the shop's money. */
    val currency: Currency? = null,
    /** Holds the typed price. */
    val typed: Typed = Typed(),
    /** Holds what the core makes of it. */
    val quote: Quote? = null,
)

/** A typed price: an open-price item, or goods without a tile. */
class PricePadModel(private val seat: Seat, private val cart: CartModel, private val asked: ItemId?) {
    private val held = MutableStateFlow(PricePadState())

    /** Tells what was typed and what it comes to. */
    val state: StateFlow<PricePadState> = held

    init {
        seat.work {
            val shop = seat.till.ask { shop() }
            val tile = asked?.let { seat.till.ask { item(it) }?.tile }
            held.update { it.copy(tile = tile, item = asked ?: shop.priceItem, currency = shop.shop.currency) }
            type(held.value.typed)
        }
    }

    /** Does what a person did on the price pad. */
    fun on(event: PricePadEvent) {
        when (event) {
            PricePadEvent.Back -> seat.go.back()
            is PricePadEvent.Type -> type(event.typed)
            PricePadEvent.Add -> add(Route.Sell)
            PricePadEvent.AddAndCharge -> add(Route.Charge)
            PricePadEvent.OpenCart -> seat.go.go(Route.Cart)
            PricePadEvent.Charge -> seat.go.go(Route.Charge)
        }
    }

    private fun type(typed: Typed) {
        held.update { it.copy(typed = typed, quote = null) }
        val draft = draft() ?: return
        seat.work {
            val quote = try {
                seat.till.ask { quote(draft) }
            } catch (_: TillException.Rejected) {
                null
            }
            held.update { if (it.typed == typed) it.copy(quote = quote) else it }
        }
    }

    private fun draft(): LineDraft? {
        val item = held.value.item ?: return null
        val price = held.value.typed.figure ?: return null
        return LineDraft(item = ItemRef.Id(item), unitPrice = price, merge = true)
    }

    private fun add(next: Route) {
        val draft = draft() ?: return
        held.update { it.copy(typed = Typed(), quote = null) }
        cart.dismissDone()
        cart.add(draft) { leave(next) }
    }

    private fun leave(next: Route) {
        if (next == Route.Sell) seat.go.home() else seat.go.home().also { seat.go.go(next) }
    }
}
