package app.barrow.ui.model

import app.barrow.core.CartId
import app.barrow.core.CartSummary
import app.barrow.core.Topic
import app.barrow.ui.app.Seat
import app.barrow.ui.screen.ParkedEvent
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** Asks for this many carts at a time. */
private const val CARTS = 50u

/** Carts that were put aside. */
data class ParkedState(
    /** Tells that they were asked for. */
    val ready: Boolean = false,
    /** Lists the open carts beside the one at hand. */
    val carts: List<CartSummary> = emptyList(),
    /** Tells that there are more. */
    val more: Boolean = false,
)

/** The carts of this till that are open beside the one at hand, by pages. */
class ParkedModel(private val seat: Seat, private val scope: CoroutineScope, private val cart: CartModel) {
    private val held = MutableStateFlow(ParkedState())
    private var after: CartId? = null

    /** Tells which carts wait. */
    val state: StateFlow<ParkedState> = held

    init {
        seat.watch(scope, Topic.CARTS) { load(null) }
    }

    private suspend fun load(from: CartId?) {
        val page = seat.till.ask { openCarts(from, CARTS) }
        after = page.lastOrNull()?.cart
        val waiting = page.filter { it.cart != cart.state.value.cart }
        held.update { state ->
            val before = if (from == null) emptyList() else state.carts
            ParkedState(ready = true, carts = before + waiting, more = page.size.toUInt() == CARTS)
        }
    }

    /** Does what a person did with the carts. */
    fun on(event: ParkedEvent) {
        when (event) {
            ParkedEvent.Back -> seat.go.back()
            ParkedEvent.More -> more()
            is ParkedEvent.Resume -> resume(event.cart)
        }
    }

    private fun more() = seat.ask(scope) { if (held.value.more) load(after) }

    private fun resume(parked: CartId) {
        cart.resume(parked)
        seat.go.home()
    }
}
