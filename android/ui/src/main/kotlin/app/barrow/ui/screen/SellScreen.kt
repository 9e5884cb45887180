package app.barrow.ui.screen

import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.core.LineView
import app.barrow.core.TenderId
import app.barrow.core.Tile
import app.barrow.ui.app.KeyTarget
import app.barrow.ui.app.TakesKeys
import app.barrow.ui.look.Look
import app.barrow.ui.model.CartState
import app.barrow.ui.model.GoodsState
import app.barrow.ui.model.PricePadState
import app.barrow.ui.model.Typed

/** Below this height there is no row of what was added last: the tiles and the tools need the room. */
private val LAST_ROW_FROM = 672.dp

/** Below this height the three tools are one key in the bar. */
private val TOOLS_FROM = 608.dp

/** What Sell shows. */
data class SellState(
    val goods: GoodsState,
    val cart: CartState,
    /** Gives the shop's money. */
    val currency: Currency,
    /** Holds the price pad that stands in for the tiles of a shop without goods. */
    val pad: PricePadState,
    /** Tells that the device has a camera for codes. */
    val canScan: Boolean = false,
    /** Tells that nobody waits and the cash box is open: the way to count and close it stands ready. */
    val idle: Boolean = false,
)

/** What a person does on Sell. */
sealed interface SellEvent {
    /** Shows a page of tiles. */
    data class Page(val name: String) : SellEvent

    /** Comes near the end of a page of tiles. */
    data class More(val page: String) : SellEvent

    /** Presses a tile. */
    data class Press(val tile: Tile) : SellEvent

    /** Takes a result of the search. */
    data class Take(val tile: Tile) : SellEvent

    /** Opens the menu of a tile. */
    data class Menu(val tile: Tile) : SellEvent

    /** Lets the next tile open its menu, or no longer. */
    data class Edit(val on: Boolean) : SellEvent

    /** Searches for words; null closes the search. */
    data class Search(val words: String?) : SellEvent

    /** Adds a letter from a keyboard to what is searched for, opening the search. */
    data class Letter(val sign: Char) : SellEvent

    /** Reads a code with the camera. */
    data object Scan : SellEvent

    /** Types a price. */
    data object Price : SellEvent

    /** Makes a line one more or one less, or takes it away. */
    data class Step(val line: LineView, val more: Boolean) : SellEvent

    /** Takes a line away. */
    data class Remove(val line: LineView) : SellEvent

    /** Brings back what was removed last. */
    data object Undo : SellEvent

    /** Opens the cart. */
    data object OpenCart : SellEvent

    /** Counts the cash box, to close it. */
    data object Count : SellEvent

    /** Takes the money. */
    data object Charge : SellEvent

    /** Takes exact cash at once. */
    data object FastExact : SellEvent

    /** Takes a note at once. */
    data class FastGiven(val minor: Long) : SellEvent

    /** Takes another tender at once. */
    data class FastTender(val tender: TenderId) : SellEvent

    /** Marks the goods of the open menu as sold out, or as there again. */
    data object SoldOut : SellEvent

    /** Types today's price of the goods of the open menu. */
    data class PriceTyped(val typed: Typed?) : SellEvent

    /** Keeps today's price. */
    data object SavePrice : SellEvent

    /** Opens all that can be said of the goods of the open menu. */
    data object EditItem : SellEvent

    /** Closes the menu, or the question about a deposit. */
    data object CloseMenu : SellEvent

    /** Takes pieces of a deposit back, or sells them. */
    data class Deposit(val pieces: Int) : SellEvent

    /** Turns between taking deposits back and selling them. */
    data class DepositBack(val back: Boolean) : SellEvent

    /** Does something on the price pad. */
    data class Pad(val event: PricePadEvent) : SellEvent
}

/** Quick keys, search and the bar: where a till spends its day. Wide windows show two pages and no bar. */
@Composable
fun SellScreen(state: SellState, on: (SellEvent) -> Unit) {
    SellKeys(state, on)
    when {
        !state.goods.ready -> Unit
        state.goods.bare -> Column(Modifier.fillMaxSize()) { PricePad(state.pad, state.cart, onCount = { on(SellEvent.Count) }.takeIf { state.idle }) { on(SellEvent.Pad(it)) } }
        Look.measures.wide -> WideSell(state, on)
        else -> BoxWithConstraints(Modifier.fillMaxSize()) { PhoneSell(state, maxHeight, on) }
    }
}

@Composable
private fun PhoneSell(state: SellState, height: Dp, on: (SellEvent) -> Unit) = Column(Modifier.fillMaxSize()) {
    val turning = remember(state.goods.page) { Turning() }
    val roomy = height >= TOOLS_FROM || Look.measures.large
    if (state.goods.search == null) with(state.goods) { PageTabs(pages, page, editing, on) } else SearchField(state.goods.search, state.goods.found.firstOrNull(), on)
    Tiles(state, turning, on)
    // What a sheet lies over can't be pressed, so it is not read out either.
    Column(if (state.covered) Modifier.clearAndSetSemantics { } else Modifier) {
        if (state.goods.fast != null) FastRow(state.goods.fast, on)
        else if (hasLastRow(height)) LastRow(state.cart, on)
        if (roomy) ToolRow(state, turning, on)
        SellBar(state, foldedTools = !roomy, on)
    }
}

private val SellState.covered: Boolean get() = cart.done != null || goods.menu != null || goods.deposit != null

/** Sun, rain and large text need the room of the last-added row for the tiles. */
@Composable
private fun hasLastRow(height: Dp): Boolean = with(Look.measures) { height >= LAST_ROW_FROM && !sunlight && !rain && !large }

@Composable
private fun ColumnScope.Tiles(state: SellState, turning: Turning, on: (SellEvent) -> Unit) {
    val goods = state.goods
    if (goods.search != null) SearchResults(goods.found.takeIf { goods.search.isNotBlank() }, goods.counts, state.currency, Modifier.weight(1f), on)
    else TilePage(goods.page, goods, state.currency, turning, Modifier.weight(1f), on)
}

/** Letters that are typed without a field open the search; Enter takes the first result, or the money. */
@Composable
private fun SellKeys(state: SellState, on: (SellEvent) -> Unit) {
    val goods = state.goods
    if (goods.bare) return
    TakesKeys(object : KeyTarget {
        override fun sign(sign: Char): Boolean {
            if (goods.search == null && sign.isWhitespace()) return false
            return true.also { on(SellEvent.Letter(sign)) }
        }

        override fun erase(): Boolean {
            val words = goods.search ?: return false
            return true.also { on(SellEvent.Search(words.dropLast(1).ifEmpty { null })) }
        }

        override fun enter(): Boolean = when {
            goods.search != null -> goods.found.firstOrNull()?.let { on(SellEvent.Take(it)) } != null
            state.cart.empty -> false
            else -> true.also { on(if (goods.fast != null) SellEvent.FastExact else SellEvent.Charge) }
        }

        override fun escape(): Boolean = when {
            goods.menu != null || goods.deposit != null -> true.also { on(SellEvent.CloseMenu) }
            goods.search != null -> true.also { on(SellEvent.Search(null)) }
            goods.editing -> true.also { on(SellEvent.Edit(false)) }
            else -> false
        }

        override fun mark(): () -> Unit = { on(SellEvent.Search(goods.search)) }
    })
}
