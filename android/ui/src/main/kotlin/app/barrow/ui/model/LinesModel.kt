package app.barrow.ui.model

import app.barrow.core.LineId
import app.barrow.core.LineView
import app.barrow.core.TaxMapping
import app.barrow.core.Topic
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update

/** The core gives the lines of a cart in pages of this many. */
const val LINES_PER_PAGE = 100

/** Keeps at most this many pages of lines: what is in sight and around it. */
private const val PAGES_KEPT = 4

/** What lies over the cart. */
sealed interface CartSheet {
    /** One line: why this price, another price, less, a note, away. */
    data class OfLine(val line: LineView) : CartSheet

    /** A discount of a line, or of the whole cart. */
    data class Discount(val line: LineView?) : CartSheet

    /** Another price for a line. */
    data class Haggle(val line: LineView) : CartSheet

    /** The note of a line, or of the cart. */
    data class Note(val line: LineView?) : CartSheet

    /** A name to find the cart by when it is put aside. */
    data object Park : CartSheet

    /** What is done seldom. */
    data object More : CartSheet

    /** Asks before the cart is given up. */
    data object GiveUp : CartSheet
}

/** The lines of the cart beyond its first page, and what lies over them. */
data class LinesState(
    /** Holds pages of lines by their number; the first one is in the cart itself. */
    val pages: Map<Int, List<LineView>> = emptyMap(),
    /** Holds what lies over the cart. */
    val sheet: CartSheet? = null,
    /** Lists the tax sets that the shop switches to. */
    val mappings: List<TaxMapping> = emptyList(),
)

/** The cart's lines by pages, and the sheets over them. */
class LinesModel(private val seat: Seat, private val scope: CoroutineScope, private val cart: CartModel) {
    private val held = MutableStateFlow(LinesState())

    /** Tells the lines beyond the first page. */
    val state: StateFlow<LinesState> = held

    init {
        seat.ask(scope) { cart.state.map { it.view }.distinctUntilChanged().collect { refresh() } }
        seat.watch(scope, Topic.CATALOGUE) {
            val mappings = seat.till.ask { shop() }.shop.taxMappings
            held.update { it.copy(mappings = mappings) }
        }
    }

    private suspend fun refresh() {
        val lineCount = cart.state.value.view?.lineCount?.toInt() ?: 0
        val kept = held.value.pages.keys.filter { it * LINES_PER_PAGE < lineCount }
        held.update { it.copy(pages = it.pages.filterKeys(kept::contains)) }
        kept.forEach { load(it) }
    }

    private suspend fun load(page: Int) {
        val at = cart.state.value.cart
        val lines = seat.till.ask { cart(at, (page * LINES_PER_PAGE).toUInt()) }?.lines ?: return
        held.update { state ->
            val near = state.pages.keys.sortedBy { kotlin.math.abs(it - page) }.take(PAGES_KEPT - 1)
            state.copy(pages = state.pages.filterKeys(near::contains) + (page to lines))
        }
    }

    /** Brings a page into sight. */
    fun show(page: Int) {
        if (page > 0 && page !in held.value.pages) seat.ask(scope) { load(page) }
    }

    /** Opens a sheet, or closes it. */
    fun open(sheet: CartSheet?) = held.update { it.copy(sheet = sheet) }

    /** Finds a line that is in sight. */
    fun line(id: LineId): LineView? =
        cart.state.value.view?.lines?.find { it.id == id } ?: held.value.pages.values.flatten().find { it.id == id }
}
