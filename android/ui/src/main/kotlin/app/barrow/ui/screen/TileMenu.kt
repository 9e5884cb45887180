package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.core.Tile
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.GoodsState
import app.barrow.ui.model.Typed
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Key
import app.barrow.ui.part.KeyBox
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NameText
import app.barrow.ui.part.Sheet
import app.barrow.ui.part.Sides
import app.barrow.ui.part.TextKey

/** What can be done with a quick key: sold out, today's price, all about it. */
@Composable
fun TileMenu(tile: Tile, goods: GoodsState, currency: Currency, on: (SellEvent) -> Unit) = Sheet(tile.name) {
    SheetHead(tile.name) { on(SellEvent.CloseMenu) }
    if (goods.price != null) TodaysPrice(goods.price, currency, on)
    else Row(Modifier.fillMaxWidth().padding(vertical = Gap), Arrangement.spacedBy(Gap)) {
        val words = Look.words
        val mark = if (tile.soldOut) "sell.there_again" else "sell.sold_out"
        val all = listOf(mark, "sell.todays_price", "sell.edit_item").map { words.text(it) }
        Key(all[0], { on(SellEvent.SoldOut) }, Modifier.weight(1f), Icons.Prohibit.besideWord(), minHeight = 72.dp, alike = all)
        Key(all[1], { on(SellEvent.PriceTyped(Typed())) }, Modifier.weight(1f), Icons.Tag.besideWord(), minHeight = 72.dp, alike = all)
        Key(all[2], { on(SellEvent.EditItem) }, Modifier.weight(1f), Icons.NotePencil.besideWord(), minHeight = 72.dp, alike = all)
    }
}

/** A longer title is written smaller, so that it stays on one line. */
private const val SHORT_TITLE = 16

/** The name of what a sheet is about, and the way to close it. */
@Composable
fun SheetHead(title: String, onClose: () -> Unit) = Row(Modifier.fillMaxWidth().padding(end = 28.dp), verticalAlignment = Alignment.CenterVertically) {
    val style = if (title.length > SHORT_TITLE || Look.measures.large) Look.type.action else Look.type.title
    NameText(title, Modifier.weight(1f).padding(start = 4.dp), style, maxLines = 2)
    IconKey(Icons.X, Look.words.text("sell.close"), onClose)
}

@Composable
private fun TodaysPrice(typed: Typed, currency: Currency, on: (SellEvent) -> Unit) = Column {
    val places = currency.digits.toInt()
    PadKeys(typed, places, { on(SellEvent.PriceTyped(it)) }, { on(SellEvent.SavePrice) })
    Row(Modifier.padding(start = 4.dp, bottom = Gap)) { TypedFigure(typed, Look.type.total) }
    TypingPad(typed, places, { on(SellEvent.PriceTyped(it)) }, Modifier.toTheMargins())
    val minor = typed.minor(currency.digits)
    MainButton(
        Look.words.text("sell.save"), { on(SellEvent.SavePrice) }, Modifier.fillMaxWidth().padding(top = Gap),
        minor?.let { Look.figures.money(it, currency) }, enabled = minor != null,
    )
}

/** How many pieces of a deposit come back, or go out: one touch. */
@Composable
fun DepositSheet(tile: Tile, back: Boolean, on: (SellEvent) -> Unit) = Sheet(tile.name) {
    val words = Look.words
    SheetHead(tile.name) { on(SellEvent.CloseMenu) }
    Sides(Modifier.fillMaxWidth().padding(start = 4.dp), gap = 4.dp, start = {
        Text(words.text(if (back) "sell.deposit_back" else "sell.deposit_sold"), style = Look.type.text)
    }, end = {
        val other = words.text(if (back) "sell.deposit_sell" else "sell.deposit_return")
        TextKey(other, { on(SellEvent.DepositBack(!back)) }, icon = Icons.ArrowsLeftRight, worded = true)
    })
    for (first in 1..PIECES step 4) Row(Modifier.fillMaxWidth().padding(top = Gap), Arrangement.spacedBy(Gap)) {
        for (pieces in first until first + 4) KeyBox("$pieces", { on(SellEvent.Deposit(pieces)) }, Modifier.weight(1f)) {
            Text(Look.figures.whole(pieces.toLong()), style = Look.type.number)
        }
    }
}

/** A hand carries at most a crate's row of twelve. */
private const val PIECES = 12
