package app.barrow.ui.model

import app.barrow.core.ShiftId
import app.barrow.core.ZReport
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

/** What a closed shift shows. */
data class ClosedState(val report: ZReport? = null, val text: String = "")

/** What a person does with a closed shift. */
sealed interface ClosedEvent {
    data class Share(val title: String) : ClosedEvent
    data object Done : ClosedEvent
    data object Back : ClosedEvent
}

/** The report of a closed shift. */
class ClosedModel(private val seat: Seat, scope: CoroutineScope, shift: ShiftId) {
    private val held = MutableStateFlow(ClosedState())

    /** Tells what to show. */
    val state: StateFlow<ClosedState> = held

    init {
        seat.ask(scope) {
            val report = seat.till.ask { zReport(shift) }
            val text = seat.till.ask { zText(shift, RECEIPT_SIGNS) }
            held.value = ClosedState(report, text)
        }
    }

    /** Does what the person wants. */
    fun on(event: ClosedEvent) {
        when (event) {
            is ClosedEvent.Share -> seat.work { seat.device.share(event.title, held.value.text) }
            ClosedEvent.Done -> seat.go.home()
            ClosedEvent.Back -> seat.go.back()
        }
    }
}
