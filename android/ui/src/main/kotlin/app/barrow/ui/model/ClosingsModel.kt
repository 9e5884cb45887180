package app.barrow.ui.model

import app.barrow.core.ClosingKey
import app.barrow.core.ClosingRow
import app.barrow.core.ShiftId
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the list of Z reports shows. */
data class ClosingsState(val rows: Rows<ClosingRow> = Rows())

/** What a person does in the list of Z reports. */
sealed interface ClosingsEvent {
    data class Shown(val first: Int, val last: Int) : ClosingsEvent
    data class Open(val shift: ShiftId) : ClosingsEvent
    data object Back : ClosingsEvent
}

/** Closed shifts, newest first. */
class ClosingsModel(private val seat: Seat, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(ClosingsState())
    private val pages = Pages<ClosingKey, ClosingRow> { before ->
        val page = seat.till.ask { closings(before, PAGE_ROWS.toUInt()) }
        Page(page.closings, page.next)
    }

    /** Tells what to show. */
    val state: StateFlow<ClosingsState> = held

    init {
        seat.watch(scope, Topic.SHIFT) { pages.again() }
        scope.launch { pages.rows.collect { rows -> held.update { it.copy(rows = rows) } } }
    }

    /** Does what the person wants. */
    fun on(event: ClosingsEvent) {
        when (event) {
            is ClosingsEvent.Shown -> {
                pages.want(event.first, event.last)
                seat.ask(scope) { pages.show() }
            }
            is ClosingsEvent.Open -> seat.go.go(Route.Closed(event.shift))
            ClosingsEvent.Back -> seat.go.back()
        }
    }
}
