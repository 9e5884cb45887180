package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.core.Tile
import app.barrow.ui.look.Icons
import app.barrow.ui.look.LabelShape
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.PlainShape
import app.barrow.ui.look.paper
import app.barrow.ui.look.pressable
import app.barrow.ui.look.tileColour
import app.barrow.ui.model.ItemsEvent
import app.barrow.ui.model.ItemsState
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Key
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NameText
import app.barrow.ui.part.labelInk
import app.barrow.ui.part.labelPaper

/** The goods by name; a search answers as it is typed. */
@Composable
fun ItemsScreen(state: ItemsState, on: (ItemsEvent) -> Unit) =
    OfficePage(
        say("items.title"), { on(ItemsEvent.Back) }, scrolls = false,
        foot = {
            Key(say("items.prices"), { on(ItemsEvent.Prices) }, Modifier.fillMaxWidth(), Icons.Tag.besideWord(), beside = true)
            MainButton(say("items.new"), { on(ItemsEvent.New) }, Modifier.fillMaxWidth(), icon = Icons.Plus)
        },
    ) {
        TextBox(
            state.search, { on(ItemsEvent.Search(it)) }, say("items.search"), Modifier.padding(horizontal = Margin),
            hint = say("items.search"), icon = Icons.MagnifyingGlass, onClear = { on(ItemsEvent.Search("")) },
        )
        val found = state.found
        when {
            found != null -> FoundGoods(found, state.currency, on)
            state.rows.complete && state.rows.count == 0 -> Empty(say("items.empty"))
            else -> PagedList(state.rows, { first, last -> on(ItemsEvent.Shown(first, last)) }, Modifier.weight(1f)) {
                GoodsRow(it, state.currency, on)
            }
        }
    }

@Composable
private fun ColumnScope.FoundGoods(found: List<Tile>, currency: Currency?, on: (ItemsEvent) -> Unit) {
    if (found.isEmpty()) return Empty(say("items.none"))
    LazyColumn(Modifier.weight(1f), contentPadding = PaddingValues(horizontal = Margin)) {
        itemsIndexed(found) { place, tile ->
            Box(Modifier.fillMaxWidth().rowOfCard(place == 0, place == found.lastIndex)) { GoodsRow(tile, currency, on) }
        }
    }
}

@Composable
private fun GoodsRow(tile: Tile, currency: Currency?, on: (ItemsEvent) -> Unit) =
    Row(Modifier.fillMaxWidth().padding(end = 8.dp), verticalAlignment = Alignment.CenterVertically) {
        GoodsFacts(tile, currency, Modifier.weight(1f)) { on(ItemsEvent.Open(tile.item)) }
        val act = say(if (tile.soldOut) "items.back" else "items.markSoldOut", tile.name)
        IconKey(
            if (tile.soldOut) Icons.ArrowCounterClockwise else Icons.Prohibit, act, { on(ItemsEvent.SoldOut(tile.item, !tile.soldOut)) },
            boxed = true,
        )
    }

/** The name over price and SKU; a name gets the whole width, a SKU is never parted. */
@Composable
private fun GoodsFacts(tile: Tile, currency: Currency?, modifier: Modifier, onPress: () -> Unit) {
    val price = currency?.let { tilePrice(tile, it) }.orEmpty()
    val soldOut = say("items.soldOut")
    val said = listOfNotNull(tile.name, price, tile.sku, soldOut.takeIf { tile.soldOut }).joinToString(", ")
    Row(
        modifier.defaultMinSize(minHeight = 64.dp).pressable(PlainShape, onPress = onPress).semantics { contentDescription = said }
            .padding(horizontal = 10.dp, vertical = 6.dp),
        Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
    ) {
        if (!Look.measures.large) GoodsMark(tile)
        Column(Modifier.clearAndSetSemantics { }) {
            NameText(tile.name)
            Row(horizontalArrangement = Arrangement.spacedBy(10.dp)) {
                Text(price, Modifier.alignByBaseline(), style = Look.type.money, maxLines = 1)
                Text(
                    if (tile.soldOut) soldOut else tile.sku, Modifier.alignByBaseline(),
                    if (tile.soldOut) Look.palette.attention else Look.palette.ink2, style = Look.type.small, maxLines = 1,
                    overflow = TextOverflow.Ellipsis, softWrap = false,
                )
            }
        }
    }
}

/** The price as the tile shows it: "3.49/kg", or that any price may be typed. */
@Composable
fun tilePrice(tile: Tile, currency: Currency): String {
    if (!tile.face(currency).priced) return Look.words.text("common.open_price")
    val price = Look.figures.money(tile.priceMinor, currency)
    return priceFor(tile.unit, tile.pricePer)?.let { "$price/$it" } ?: price
}

/** A small label in an item's colour with its picture. */
@Composable
fun GoodsMark(tile: Tile, modifier: Modifier = Modifier) {
    val colour = tileColour(tile.colour)
    Box(modifier.size(40.dp).paper(LabelShape(6.dp, 8.dp), labelPaper(colour).copy(edgeWidth = 4.dp)).clearAndSetSemantics { }, Alignment.Center) {
        Text(tile.emoji, Modifier.padding(start = 4.dp), labelInk(colour), style = Look.type.picture, maxLines = 1)
    }
}
