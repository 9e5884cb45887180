package app.barrow.ui.model

import app.barrow.core.DoneView
import app.barrow.core.PaymentId
import app.barrow.core.TenderClass
import app.barrow.core.TenderKind
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import app.barrow.ui.screen.DoneEvent
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** How far the putting right of a finished sale is. */
sealed interface Fix {
    /** Nothing is to be put right. */
    data object None : Fix

    /** Asks what was wrong. */
    data class Ask(
        /** Names the payment whose tender was wrong; null while there are several to choose from. */
        val payment: PaymentId?,
        /** Lists the tenders it may really have been. */
        val tenders: List<TenderKind>,
    ) : Fix

    /** Asks before the whole sale is undone. */
    data object Undo : Fix
}

/** The sheet of a finished sale, beside the sale itself. */
data class DoneState(val fix: Fix = Fix.None)

/** Fix, Receipt, Same again. */
class DoneModel(private val seat: Seat, private val cart: CartModel) {
    private val held = MutableStateFlow(DoneState())

    /** Tells how far the putting right is. */
    val state: StateFlow<DoneState> = held

    private val done: DoneView? get() = cart.state.value.done

    /** Does what a person did on the sheet. */
    fun on(event: DoneEvent) {
        val sale = done ?: return
        when (event) {
            DoneEvent.Close -> cart.dismissDone()
            DoneEvent.Fix -> ask(sale, sale.tenders.singleOrNull()?.payment)
            is DoneEvent.Choose -> ask(sale, event.payment)
            is DoneEvent.Correct -> cart.correct(sale.sale, event.payment, event.tender, event.reason).also { leave() }
            DoneEvent.AskUndo -> held.update { it.copy(fix = Fix.Undo) }
            is DoneEvent.Undo -> undo(sale, event.reason)
            DoneEvent.Leave -> leave()
            DoneEvent.Receipt -> seat.go.go(Route.Receipt(sale.sale))
            DoneEvent.SameAgain -> cart.sameAgain(sale.sale)
        }
    }

    private fun ask(sale: DoneView, payment: PaymentId?) = seat.work {
        val used = sale.tenders.find { it.payment == payment }?.tender
        val others = seat.till.ask { tenders() }.filter { !it.archived && it.id != used }
        held.update { it.copy(fix = Fix.Ask(payment, others.sortedBy { kind -> kind.`class` != TenderClass.CASH })) }
    }

    /** Takes everything of the sale back into a cart; Charge then pays the money out. */
    private fun undo(sale: DoneView, reason: String) {
        leave()
        cart.takeBack(sale.sale, reason = reason) { seat.go.go(Route.Charge) }
    }

    private fun leave() = held.update { DoneState() }
}
