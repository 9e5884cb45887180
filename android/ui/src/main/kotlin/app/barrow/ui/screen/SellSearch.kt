package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.lazy.grid.GridCells
import androidx.compose.foundation.lazy.grid.LazyVerticalGrid
import androidx.compose.foundation.lazy.grid.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.core.ItemId
import app.barrow.core.Tile
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.part.Field
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Tabs

/** The words that are searched for, in the place of the tabs. Letters of a keyboard come by the keys of Sell, so that none is lost. */
@Composable
fun SearchField(words: String, best: Tile?, on: (SellEvent) -> Unit) {
    val focus = remember { FocusRequester() }
    LaunchedEffect(Unit) { focus.requestFocus() }
    Row(Modifier.fillMaxWidth().padding(horizontal = Margin), Arrangement.spacedBy(Gap), Alignment.CenterVertically) {
        Field(
            words, { on(SellEvent.Search(it)) }, Look.words.text("sell.search"),
            Modifier.weight(1f).focusRequester(focus),
            hint = Look.words.text("sell.search_hint"), icon = Icons.MagnifyingGlass, onDone = { best?.let { on(SellEvent.Take(it)) } },
        )
        IconKey(Icons.X, Look.words.text("sell.search_close"), { on(SellEvent.Search(null)) }, boxed = true)
    }
}

/** What the search [found], as tiles: the hand knows them. Null while nothing is searched for. */
@Composable
fun SearchResults(found: List<Tile>?, counted: Map<ItemId, UInt>, currency: Currency, modifier: Modifier, on: (SellEvent) -> Unit) {
    if (found != null && found.isEmpty()) {
        return Text(Look.words.text("sell.search_none"), modifier.padding(16.dp), Look.palette.ink2, style = Look.type.text)
    }
    val measures = Look.measures
    val counts = rememberUpdatedState(counted)
    val columns = if (measures.wide) 2 * measures.columns else measures.columns
    LazyVerticalGrid(
        GridCells.Fixed(columns), modifier, contentPadding = PaddingValues(if (measures.wide) 0.dp else Margin, Margin),
        verticalArrangement = Arrangement.spacedBy(measures.tileGap), horizontalArrangement = Arrangement.spacedBy(measures.tileGap),
    ) {
        items(found.orEmpty(), key = { it.item }) { tile ->
            SellTile(
                tile, counts.of(tile.item), currency, Modifier.fillMaxWidth().height(measures.tile.height),
                { on(SellEvent.Take(tile)) }, { on(SellEvent.Menu(tile)) },
            )
        }
    }
}

/** What the row above wide pages shows; it stays as it is while goods go into the cart. */
data class Tools(
    /** Lists the pages. */
    val pages: List<String>,
    /** Counts, from 0, the pages that are shown. */
    val shown: Set<Int>,
    /** Holds the words that are searched for. */
    val search: String,
    /** Holds what Enter takes. */
    val best: Tile?,
    /** Tells that the next tile opens its menu. */
    val editing: Boolean,
    /** Tells that the device has a camera for codes. */
    val canScan: Boolean,
    /** Tells that the way to count the cash box stands ready. */
    val idle: Boolean,
)

/** What the row above wide pages shows of Sell. */
internal fun SellState.tools() = Tools(
    goods.pages, listOfNotNull(goods.page, goods.nextPage).map(goods.pages::indexOf).toSet(), goods.search.orEmpty(),
    goods.found.firstOrNull(), goods.editing, canScan, idle,
)

/** Tabs, search, price and edit in one row above wide pages. */
@Composable
fun WideTools(tools: Tools, on: (SellEvent) -> Unit) {
    val words = Look.words
    Tabs(tools.pages, tools.shown, { on(SellEvent.Page(tools.pages[it])) }) {
        Field(
            tools.search, { on(SellEvent.Search(it.ifEmpty { null })) }, words.text("sell.search"),
            Modifier.width(256.dp),
            hint = words.text("sell.search_or_scan"), icon = Icons.MagnifyingGlass, onDone = { tools.best?.let { on(SellEvent.Take(it)) } },
            onClear = { on(SellEvent.Search(null)) },
        )
        IconKey(Icons.Numpad, words.text("sell.price"), { on(SellEvent.Price) }, Modifier.padding(start = Gap), boxed = true)
        if (tools.canScan) IconKey(Icons.Barcode, words.text("sell.scan"), { on(SellEvent.Scan) }, Modifier.padding(start = Gap), boxed = true)
        if (tools.idle) IconKey(Icons.Coins, say("menu.close"), { on(SellEvent.Count) }, Modifier.padding(start = Gap), boxed = true)
        EditKey(tools.editing, Modifier.padding(start = Gap), on)
    }
}
