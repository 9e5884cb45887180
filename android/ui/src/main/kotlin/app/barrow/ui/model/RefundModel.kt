package app.barrow.ui.model

import app.barrow.core.DoneView
import app.barrow.core.ReturnDraft
import app.barrow.core.ReturnLine
import app.barrow.core.SaleId
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import java.math.BigDecimal
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** What Refund shows. */
data class RefundState(
    val done: DoneView? = null,
    val lines: List<ReturnLine> = emptyList(),
    /** How much of each line comes back. */
    val back: Map<UInt, BigDecimal> = emptyMap(),
    /** Tells that the goods can be sold again. */
    val resaleable: Boolean = true,
    /** Tells that the question is on the screen. */
    val asking: Boolean = false,
)

/** What a person does on Refund. */
sealed interface RefundEvent {
    /** Sets how much of a line comes back. */
    data class Back(val line: UInt, val quantity: BigDecimal) : RefundEvent
    data class Resaleable(val yes: Boolean) : RefundEvent
    data object Ask : RefundEvent
    data object No : RefundEvent

    /** Puts the goods into the cart as returns and goes to Charge. */
    data class Yes(val reason: String?) : RefundEvent
    data object Leave : RefundEvent
}

/** Takes goods of a sale back, line by line; the money goes back through Charge. */
class RefundModel(
    private val seat: Seat,
    scope: CoroutineScope,
    private val sale: SaleId,
    private val takeBack: (lines: List<ReturnDraft>, reason: String?, then: () -> Unit) -> Unit,
) {
    private val held = MutableStateFlow(RefundState())

    /** Tells what to show. */
    val state: StateFlow<RefundState> = held

    init {
        seat.watch(scope, Topic.SALES, Topic.CARTS) {
            val done = seat.till.ask { done(sale) }
            val lines = seat.till.ask { returnable(sale) }
            held.update { it.copy(done = done, lines = lines) }
        }
    }

    /** Does what the person wants. */
    fun on(event: RefundEvent) {
        when (event) {
            is RefundEvent.Back -> held.update { it.copy(back = chosen(it, event), asking = false) }
            is RefundEvent.Resaleable -> held.update { it.copy(resaleable = event.yes) }
            RefundEvent.Ask -> held.update { it.copy(asking = it.back.isNotEmpty()) }
            RefundEvent.No -> held.update { it.copy(asking = false) }
            is RefundEvent.Yes -> give(event.reason)
            RefundEvent.Leave -> seat.go.back()
        }
    }

    private fun chosen(state: RefundState, event: RefundEvent.Back): Map<UInt, BigDecimal> {
        val left = state.lines.find { it.line == event.line }?.left ?: return state.back
        val quantity = event.quantity.coerceIn(BigDecimal.ZERO, left)
        return if (quantity.signum() == 0) state.back - event.line else state.back + (event.line to quantity)
    }

    private fun give(reason: String?) {
        val wanted = held.value
        if (!wanted.asking) return
        held.update { it.copy(asking = false) }
        val lines = wanted.back.map { (line, quantity) -> ReturnDraft(line, quantity, wanted.resaleable) }
        takeBack(lines, reason) {
            seat.go.home()
            seat.go.go(Route.Charge)
        }
    }
}
