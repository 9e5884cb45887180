package app.barrow.ui.model

import app.barrow.core.LineView
import app.barrow.core.TaxMapping
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import app.barrow.ui.screen.CartEvent
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

    /** Does what a person did in the cart. */
    fun on(event: CartEvent) {
        when (event) {
            CartEvent.Back -> seat.go.back()
            is CartEvent.InSight -> event.places.map { it / LINES_PER_PAGE }.distinct().forEach(::show)
            is CartEvent.Step -> cart.step(event.line, event.more)
            is CartEvent.Remove -> cart.remove(event.line).also { open(null) }
            CartEvent.Undo -> cart.undo()
            is CartEvent.Open -> open(CartSheet.OfLine(event.line))
            is CartEvent.WeighAgain -> weighAgain(event.line)
            is CartEvent.Sheet -> open(event.sheet)
            CartEvent.Parked -> seat.go.go(Route.Parked).also { open(null) }
            CartEvent.Charge -> seat.go.go(Route.Charge)
            else -> onSheet(event)
        }
    }

    private fun onSheet(event: CartEvent) {
        open(null)
        when (event) {
            is CartEvent.Discounted -> event.line?.let { cart.discount(it.id, event.discounts) } ?: cart.discount(event.discounts)
            is CartEvent.Priced -> cart.setPrice(event.line.id, event.unitPrice, event.reason)
            is CartEvent.Reprice -> cart.reprice(event.line.id)
            is CartEvent.Noted -> cart.setNote(event.line?.id, event.note)
            is CartEvent.Park -> cart.park(event.name).also { seat.go.home() }
            is CartEvent.SwitchTaxes -> cart.switchTaxes(event.mapping)
            is CartEvent.GiveUp -> cart.void(event.reason.ifEmpty { null }).also { seat.go.home() }
            else -> Unit
        }
    }

    private fun weighAgain(line: LineView) {
        cart.remove(line)
        seat.go.go(Route.Weigh(line.item))
    }

    private fun show(page: Int) {
        if (page > 0 && page !in held.value.pages) seat.ask(scope) { load(page) }
    }

    private fun open(sheet: CartSheet?) = held.update { it.copy(sheet = sheet) }
}
