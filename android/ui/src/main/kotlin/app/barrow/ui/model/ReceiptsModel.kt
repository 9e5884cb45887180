package app.barrow.ui.model

import app.barrow.core.DoneView
import app.barrow.core.SaleId
import app.barrow.core.SaleKey
import app.barrow.core.SaleRow
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the list of receipts shows. */
data class ReceiptsState(
    val rows: Rows<SaleRow> = Rows(),
    val search: String = "",
    /** The sale that bears the searched number; null while there is none. */
    val found: DoneView? = null,
)

/** What a person does in the list of receipts. */
sealed interface ReceiptsEvent {
    data class Shown(val first: Int, val last: Int) : ReceiptsEvent
    data class Search(val text: String) : ReceiptsEvent
    data class Open(val sale: SaleId) : ReceiptsEvent
    data object Back : ReceiptsEvent
}

/** Finished sales, newest first, and the one with a number. */
class ReceiptsModel(private val seat: Seat, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(ReceiptsState())
    private val pages = Pages<SaleKey, SaleRow> { before ->
        val page = seat.till.ask { sales(before, PAGE_ROWS.toUInt()) }
        Page(page.sales, page.next)
    }
    private var searching: Job? = null

    /** Tells what to show. */
    val state: StateFlow<ReceiptsState> = held

    init {
        seat.watch(scope, Topic.SALES) { pages.again() }
        scope.launch { pages.rows.collect { rows -> held.update { it.copy(rows = rows) } } }
    }

    /** Does what the person wants. */
    fun on(event: ReceiptsEvent) {
        when (event) {
            is ReceiptsEvent.Shown -> {
                pages.want(event.first, event.last)
                seat.ask(scope) { pages.show() }
            }
            is ReceiptsEvent.Search -> search(event.text)
            is ReceiptsEvent.Open -> seat.go.go(Route.Receipt(event.sale))
            ReceiptsEvent.Back -> seat.go.back()
        }
    }

    private fun search(text: String) {
        held.update { it.copy(search = text, found = null) }
        searching?.cancel()
        if (text.isBlank()) return
        searching = seat.ask(scope) {
            val found = seat.till.ask { findSale(text.trim())?.let { done(it) } }
            held.update { it.copy(found = found) }
        }
    }
}
