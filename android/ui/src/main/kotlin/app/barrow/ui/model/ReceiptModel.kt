package app.barrow.ui.model

import app.barrow.core.DoneView
import app.barrow.core.ReturnLine
import app.barrow.core.SaleId
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

/** Signs in one line of the receipt on screen: what 58 mm paper holds. */
const val RECEIPT_SIGNS = 32u

/** What one receipt shows. */
data class ReceiptState(
    val done: DoneView? = null,
    val text: String = "",
    /** What may still come back of it. */
    val left: List<ReturnLine> = emptyList(),
) {
    /** Tells whether something of it may still come back. */
    val returnable: Boolean get() = left.any { it.left.signum() > 0 }
}

/** What a person does with a receipt. */
sealed interface ReceiptEvent {
    /** Prints it once more; it is marked as a copy. */
    data class PrintCopy(val title: String) : ReceiptEvent
    data class Share(val title: String) : ReceiptEvent
    data object TakeBack : ReceiptEvent
    data object Back : ReceiptEvent
}

/** One finished sale. */
class ReceiptModel(private val seat: Seat, scope: CoroutineScope, private val sale: SaleId) {
    private val held = MutableStateFlow(ReceiptState())

    /** Tells what to show. */
    val state: StateFlow<ReceiptState> = held

    init {
        seat.watch(scope, Topic.SALES) {
            val done = seat.till.ask { done(sale) }
            val text = seat.till.ask { receiptText(sale, RECEIPT_SIGNS, copy = true) }
            val left = seat.till.ask { returnable(sale) }
            held.value = ReceiptState(done, text, left)
        }
    }

    /** Does what the person wants. */
    fun on(event: ReceiptEvent) {
        when (event) {
            is ReceiptEvent.PrintCopy -> seat.work {
                val page = seat.till.ask { receiptHtml(sale, copy = true) }
                if (!seat.device.print(page)) seat.device.share(event.title, held.value.text)
            }
            is ReceiptEvent.Share -> seat.work { seat.device.share(event.title, held.value.text) }
            ReceiptEvent.TakeBack -> seat.go.go(Route.Refund(sale))
            ReceiptEvent.Back -> seat.go.back()
        }
    }
}
