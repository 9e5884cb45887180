package app.barrow.ui.model

import app.barrow.core.Command
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
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** Asking what something costs. */
data class PricePadState(
    /** Holds the goods it is for; null for goods without a tile. */
    val tile: Tile? = null,
    /** Gives the shop's money. */
    val currency: Currency? = null,
    /** Holds the typed price. */
    val typed: Typed = Typed(),
    /** Holds what the core makes of it. */
    val quote: Quote? = null,
)

/** A typed price: of the open-price item [asked], or of goods without a tile, which a new shop calls [anyPrice]. */
class PricePadModel(
    private val seat: Seat,
    private val cart: CartModel,
    private val asked: ItemId?,
    private val anyPrice: String,
) {
    private val held = MutableStateFlow(PricePadState())
    private val once = Mutex()
    private var item: ItemId? = asked

    /** Tells what was typed and what it comes to. */
    val state: StateFlow<PricePadState> = held

    init {
        seat.work {
            val shop = seat.till.ask { shop() }
            val tile = asked?.let { seat.till.ask { item(it) }?.tile }
            held.update { it.copy(tile = tile, currency = shop.shop.currency) }
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
        seat.work {
            val draft = draft(sold(), typed) ?: return@work
            val quote = try {
                seat.till.ask { quote(draft) }
            } catch (_: TillException.Rejected) {
                null
            }
            held.update { if (it.typed == typed) it.copy(quote = quote) else it }
        }
    }

    /** Names what is sold; goods without a tile are made when the first price is typed. */
    private suspend fun sold(): ItemId = once.withLock {
        item ?: seat.till.ask { priceItem(anyPrice) }.let { found ->
            found.draft?.let { seat.till.send(Command.PutItems(listOf(it))) }
            found.item.also { item = it }
        }
    }

    private fun draft(item: ItemId, typed: Typed): LineDraft? =
        typed.figure?.let { LineDraft(item = ItemRef.Id(item), unitPrice = it, merge = true) }

    /** Puts it into the cart, and goes on. */
    private fun add(next: Route) {
        val sold = item ?: return
        val draft = draft(sold, held.value.typed) ?: return
        held.update { it.copy(typed = Typed(), quote = null) }
        cart.dismissDone()
        cart.add(draft) {
            seat.go.home()
            seat.go.go(next)
        }
    }
}
