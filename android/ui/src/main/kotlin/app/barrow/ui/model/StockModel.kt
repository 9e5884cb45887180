package app.barrow.ui.model

import app.barrow.core.ItemId
import app.barrow.core.StockRow
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What Stock shows. */
data class StockState(
    val rows: Rows<StockRow> = Rows(),
    val lowOnly: Boolean = false,
    val place: String = "",
)

/** What a person does on Stock. */
sealed interface StockEvent {
    data class Shown(val first: Int, val last: Int) : StockEvent
    data class LowOnly(val yes: Boolean) : StockEvent
    data class Open(val item: ItemId) : StockEvent
    data object Back : StockEvent
}

/** What is on hand. */
class StockModel(private val seat: Seat, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(StockState())
    private val pages = Pages<Long, StockRow> { after ->
        val lowOnly = held.value.lowOnly
        val page = seat.till.ask { stock(after ?: 0, PAGE_ROWS.toUInt(), lowOnly) }
        Page(page.rows, page.next)
    }

    /** Tells what to show. */
    val state: StateFlow<StockState> = held

    init {
        seat.watch(scope, Topic.STOCK, Topic.SALES, Topic.CATALOGUE) {
            pages.again()
            val place = seat.till.ask { shop() }.location
            held.update { it.copy(place = place) }
        }
        scope.launch { pages.rows.collect { rows -> held.update { it.copy(rows = rows) } } }
    }

    /** Does what the person wants. */
    fun on(event: StockEvent) {
        when (event) {
            is StockEvent.Shown -> {
                pages.want(event.first, event.last)
                seat.ask(scope) { pages.show() }
            }
            is StockEvent.LowOnly -> {
                held.update { it.copy(lowOnly = event.yes) }
                seat.ask(scope) { pages.again() }
            }
            is StockEvent.Open -> seat.go.go(Route.StockItem(event.item))
            StockEvent.Back -> seat.go.back()
        }
    }
}
