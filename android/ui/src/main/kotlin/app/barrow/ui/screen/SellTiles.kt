package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.grid.GridCells
import androidx.compose.foundation.lazy.grid.LazyVerticalGrid
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.SideEffect
import androidx.compose.runtime.State
import androidx.compose.runtime.derivedStateOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.layout
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.core.ItemId
import app.barrow.core.Tile
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.GoodsState
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Tabs

/** A gap on a page is kept up to this many places, so that the hand finds its tiles again. */
private const val GAP_MAX = 12

/** The pages, with the key that edits a tile. */
@Composable
fun PageTabs(pages: List<String>, page: String?, editing: Boolean, on: (SellEvent) -> Unit) {
    Tabs(pages, setOf(pages.indexOf(page)), { on(SellEvent.Page(pages[it])) }) {
        if (!Look.measures.large) EditKey(editing, Modifier, on)
    }
    if (editing) Text(Look.words.text("sell.edit_now"), Modifier.padding(horizontal = 16.dp), style = Look.type.strong)
}

/** Lets the next tile open its menu. */
@Composable
fun EditKey(editing: Boolean, modifier: Modifier, on: (SellEvent) -> Unit) {
    val colour = if (editing) Look.palette.action else Look.palette.ink
    IconKey(Icons.PencilSimple, Look.words.text("sell.edit"), { on(SellEvent.Edit(!editing)) }, modifier, boxed = Look.measures.wide, colour = colour)
}

/** Puts tiles where their slots say; what has none follows, and a gap stays a gap. */
internal fun placed(tiles: List<Tile>): List<Tile?> {
    val places = mutableListOf<Tile?>()
    for (tile in tiles) {
        val place = tile.slot.toInt() - 1
        if (place >= places.size && place - places.size <= GAP_MAX) repeat(place - places.size) { places += null }
        places += tile
    }
    return places
}

/** One page of quick keys. In the rain it turns by a key, elsewhere it scrolls. */
@Composable
fun TilePage(page: String?, goods: GoodsState, currency: Currency, turning: Turning, modifier: Modifier, on: (SellEvent) -> Unit) {
    val tiles = goods.tiles[page] ?: return Spacer(modifier)
    val places = remember(tiles) { placed(tiles) }
    val counts = rememberUpdatedState(goods.counts)
    when {
        places.isEmpty() -> Text(
            Look.words.text("sell.empty_page"), modifier.padding(horizontal = 16.dp, vertical = Margin), Look.palette.ink2, style = Look.type.text,
        )
        Look.measures.rain && !Look.measures.wide -> TurningPage(places, counts, currency, turning, modifier, on)
        else -> ScrollingPage(places, counts, currency, modifier, on) { page?.let { on(SellEvent.More(it)) } }
    }
}

@Composable
private fun ScrollingPage(
    places: List<Tile?>, counts: Counts, currency: Currency, modifier: Modifier, on: (SellEvent) -> Unit, onEnd: () -> Unit,
) = BoxWithConstraints(modifier) {
    val measures = Look.measures
    val gap = measures.tileGap
    val height = if (measures.wide) fittedHeight(maxHeight - Gap * 2, gap, measures.tile.height) else measures.tile.height
    val side = if (measures.wide) 0.dp else Margin
    LazyVerticalGrid(
        GridCells.Fixed(measures.columns), Modifier.fillMaxSize().bubbleRoom(), contentPadding = PaddingValues(side, Gap + BUBBLE_ROOM, side, Gap),
        verticalArrangement = Arrangement.spacedBy(gap), horizontalArrangement = Arrangement.spacedBy(gap),
    ) {
        items(places.size, key = { places[it]?.item ?: it }) { place ->
            if (place == places.lastIndex) LaunchedEffect(places.size) { onEnd() }
            TileOrGap(places[place], counts, currency, Modifier.fillMaxWidth().height(height), on)
        }
    }
}

/** Bubbles of the first row reach out of the page: it begins higher, over the empty foot of the tabs. */
private val BUBBLE_ROOM = 8.dp

private fun Modifier.bubbleRoom() = layout { page, room ->
    val more = BUBBLE_ROOM.roundToPx()
    val placed = page.measure(room.copy(minHeight = room.minHeight + more, maxHeight = room.maxHeight + more))
    layout(placed.width, placed.height - more) { placed.place(0, -more) }
}

/** Four rows fill the height of a wide window. */
private fun fittedHeight(room: Dp, gap: Dp, least: Dp): Dp = ((room - gap * 3) / 4).coerceAtLeast(least)

@Composable
private fun TurningPage(
    places: List<Tile?>, counts: Counts, currency: Currency, turning: Turning, modifier: Modifier, on: (SellEvent) -> Unit,
) = BoxWithConstraints(modifier) {
    val measures = Look.measures
    val gap = measures.tileGap
    val rows = ((maxHeight - Gap * 2 + gap) / (measures.tile.height + gap)).toInt().coerceAtLeast(1)
    val parts = places.chunked(rows * measures.columns)
    SideEffect { turning.parts = parts.size }
    Column(Modifier.fillMaxSize().padding(horizontal = Margin, vertical = Gap), Arrangement.spacedBy(gap)) {
        parts[turning.part.coerceAtMost(parts.lastIndex)].chunked(measures.columns).forEach { row ->
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(gap)) {
                row.forEach { TileOrGap(it, counts, currency, Modifier.weight(1f).height(measures.tile.height), on) }
                repeat(measures.columns - row.size) { Spacer(Modifier.weight(1f)) }
            }
        }
    }
}

/** Which part of a page is shown in the rain, where pages turn by a key and never by a swipe. */
class Turning {
    /** Counts the parts. */
    var parts by mutableIntStateOf(1)

    /** Numbers the part that is shown, from 0. */
    var part by mutableIntStateOf(0)

    /** Shows the next part, after the last the first. */
    fun turn() {
        part = (part + 1) % parts
    }
}

/** What the bubbles show. Each tile reads its own count: a new one draws one tile anew, and neither its page nor its neighbours. */
internal typealias Counts = State<Map<ItemId, UInt>>

/** Reads the count of one item. */
@Composable
internal fun Counts.of(item: ItemId): UInt? = remember(this, item) { derivedStateOf { value[item] } }.value

@Composable
private fun TileOrGap(tile: Tile?, counts: Counts, currency: Currency, modifier: Modifier, on: (SellEvent) -> Unit) {
    if (tile == null) return Spacer(modifier)
    SellTile(tile, counts.of(tile.item), currency, modifier, { on(SellEvent.Press(tile)) }, { on(SellEvent.Menu(tile)) })
}

/** Two pages side by side, each 3 x 4, with the tools in the row of the tabs. */
@Composable
fun WideSell(state: SellState, on: (SellEvent) -> Unit) = Column(Modifier.fillMaxSize()) {
    val goods = state.goods
    WideTools(state.tools(), on)
    Row(Modifier.weight(1f).padding(horizontal = 24.dp), Arrangement.spacedBy(24.dp)) {
        if (goods.search != null && goods.search.isNotBlank()) SearchResults(goods.found, goods.counts, state.currency, Modifier.weight(1f).fillMaxHeight(), on)
        else listOf(goods.page, goods.nextPage).forEach { page ->
            if (page == null) Spacer(Modifier.weight(1f))
            else TilePage(page, goods, state.currency, remember { Turning() }, Modifier.weight(1f).fillMaxHeight(), on)
        }
    }
}
