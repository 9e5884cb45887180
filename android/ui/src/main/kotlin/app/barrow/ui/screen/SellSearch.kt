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
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.GoodsState
import app.barrow.ui.part.Field
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Tabs

/** The words that are searched for, in the place of the tabs. Letters of a keyboard come by the keys of Sell, so that none is lost. */
@Composable
fun SearchField(goods: GoodsState, words: String, on: (SellEvent) -> Unit) {
    val focus = remember { FocusRequester() }
    LaunchedEffect(Unit) { focus.requestFocus() }
    Row(Modifier.fillMaxWidth().padding(horizontal = Margin), Arrangement.spacedBy(Gap), Alignment.CenterVertically) {
        Field(
            words, { on(SellEvent.Search(it)) }, Look.words.text("sell.search"),
            Modifier.weight(1f).focusRequester(focus),
            hint = Look.words.text("sell.search_hint"), icon = Icons.MagnifyingGlass, onDone = { goods.takeFirst(on) },
        )
        IconKey(Icons.X, Look.words.text("sell.search_close"), { on(SellEvent.Search(null)) }, boxed = true)
    }
}

/** Enter takes the best result. */
private fun GoodsState.takeFirst(on: (SellEvent) -> Unit) {
    found.firstOrNull()?.let { on(SellEvent.Take(it)) }
}

/** What the search found, as tiles: the hand knows them. */
@Composable
fun SearchResults(state: SellState, modifier: Modifier, on: (SellEvent) -> Unit) {
    val goods = state.goods
    if (goods.found.isEmpty() && !goods.search.isNullOrBlank()) {
        return Text(Look.words.text("sell.search_none"), modifier.padding(16.dp), Look.palette.ink2, style = Look.type.text)
    }
    val measures = Look.measures
    val columns = if (measures.wide) 2 * measures.columns else measures.columns
    LazyVerticalGrid(
        GridCells.Fixed(columns), modifier, contentPadding = PaddingValues(if (measures.wide) 0.dp else Margin, Margin),
        verticalArrangement = Arrangement.spacedBy(measures.tileGap), horizontalArrangement = Arrangement.spacedBy(measures.tileGap),
    ) {
        items(goods.found, key = { it.item }) { tile ->
            SellTile(
                tile, goods.counts[tile.item], state.currency, Modifier.fillMaxWidth().height(measures.tile.height),
                { on(SellEvent.Take(tile)) }, { on(SellEvent.Menu(tile)) },
            )
        }
    }
}

/** Tabs, search, price and edit in one row above wide pages. */
@Composable
fun WideTools(state: SellState, on: (SellEvent) -> Unit) {
    val goods = state.goods
    val words = Look.words
    val shown = listOfNotNull(goods.page, goods.nextPage).map(goods.pages::indexOf).toSet()
    Tabs(goods.pages, shown, { on(SellEvent.Page(goods.pages[it])) }) {
        Field(
            goods.search.orEmpty(), { on(SellEvent.Search(it.ifEmpty { null })) }, words.text("sell.search"),
            Modifier.width(256.dp),
            hint = words.text("sell.search_or_scan"), icon = Icons.MagnifyingGlass, onDone = { goods.takeFirst(on) },
            onClear = { on(SellEvent.Search(null)) },
        )
        IconKey(Icons.Numpad, words.text("sell.price"), { on(SellEvent.Price) }, Modifier.padding(start = Gap), boxed = true)
        if (state.canScan) IconKey(Icons.Barcode, words.text("sell.scan"), { on(SellEvent.Scan) }, Modifier.padding(start = Gap), boxed = true)
        if (state.idle) IconKey(Icons.Coins, say("menu.close"), { on(SellEvent.Count) }, Modifier.padding(start = Gap), boxed = true)
        EditKey(goods, Modifier.padding(start = Gap), on)
    }
}
