package app.barrow.ui.model

import app.barrow.core.Command
import app.barrow.core.Currency
import app.barrow.core.ItemId
import app.barrow.core.Tile
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Most goods that a search shows. */
private const val FOUND = 50u

/** What the list of goods shows. */
data class ItemsState(
    val rows: Rows<Tile> = Rows(),
    val currency: Currency? = null,
    val search: String = "",
    /** What the search found; null while nothing is searched. */
    val found: List<Tile>? = null,
)

/** What a person does in the list of goods. */
sealed interface ItemsEvent {
    data class Shown(val first: Int, val last: Int) : ItemsEvent
    data class Search(val text: String) : ItemsEvent
    data class Open(val item: ItemId) : ItemsEvent
    data class SoldOut(val item: ItemId, val soldOut: Boolean) : ItemsEvent
    data object New : ItemsEvent
    data object Prices : ItemsEvent
    data object Back : ItemsEvent
}

/** The place of a row in the list by name: where the next page starts. */
data class NameKey(val name: String, val no: Long)

/** Reads goods on sale by name, page by page. */
fun goodsByName(seat: Seat) = Pages<NameKey, Tile> { after ->
    val rows = seat.till.ask { items(after?.name ?: "", after?.no ?: 0, PAGE_ROWS.toUInt()) }
    Page(rows, rows.lastOrNull()?.takeIf { rows.size == PAGE_ROWS }?.let { NameKey(it.name, it.no) })
}

/** The goods. */
class ItemsModel(private val seat: Seat, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(ItemsState())
    private val pages = goodsByName(seat)
    private var searching: Job? = null

    /** Tells what to show. */
    val state: StateFlow<ItemsState> = held

    init {
        seat.watch(scope, Topic.CATALOGUE) {
            pages.again()
            val currency = seat.till.ask { shop() }.shop.currency
            held.update { it.copy(currency = currency) }
            if (held.value.search.isNotBlank()) find(held.value.search)
        }
        scope.launch { pages.rows.collect { rows -> held.update { it.copy(rows = rows) } } }
    }

    /** Does what the person wants. */
    fun on(event: ItemsEvent) {
        when (event) {
            is ItemsEvent.Shown -> {
                pages.want(event.first, event.last)
                seat.ask(scope) { pages.show() }
            }
            is ItemsEvent.Search -> search(event.text)
            is ItemsEvent.Open -> seat.go.go(Route.Item(event.item))
            is ItemsEvent.SoldOut -> seat.send(Command.PutItems(listOf(draft(event.item, soldOut = event.soldOut))))
            ItemsEvent.New -> seat.go.go(Route.Item(null))
            ItemsEvent.Prices -> seat.go.go(Route.TodaysPrices)
            ItemsEvent.Back -> seat.go.back()
        }
    }

    private fun search(text: String) {
        held.update { it.copy(search = text, found = if (text.isBlank()) null else it.found) }
        searching?.cancel()
        if (text.isNotBlank()) searching = seat.ask(scope) { find(text) }
    }

    private suspend fun find(text: String) {
        val found = seat.till.ask { search(text, FOUND) }
        held.update { if (it.search == text) it.copy(found = found) else it }
    }
}
