package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.core.Tile
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.PricesEvent
import app.barrow.ui.model.PricesState
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.ListRow
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NameText
import app.barrow.ui.part.Sides

/** Prices of the day: tap an item, type, set. */
@Composable
fun TodaysPricesScreen(state: PricesState, on: (PricesEvent) -> Unit) {
    // Large text leaves no room for list and pad at once.
    val padAlone = Look.measures.large && state.chosen != null
    OfficePage(
        say("prices.title"), { on(PricesEvent.Back) }, scrolls = padAlone,
        foot = { MainButton(say("prices.set"), { on(PricesEvent.Set) }, Modifier.fillMaxWidth(), typedPrice(state), enabled = state.typed.figure != null) },
    ) {
        val currency = state.currency ?: return@OfficePage
        if (!padAlone) Text(say("prices.hint"), Modifier.padding(horizontal = 16.dp), Look.palette.ink2, style = Look.type.text)
        if (!padAlone) PagedList(state.rows, { first, last -> on(PricesEvent.Shown(first, last)) }, Modifier.weight(1f)) { tile ->
            PriceRow(tile, currency, tile.item == state.chosen?.item, on)
        }
        state.chosen?.let { PricePane(it, state, currency, on) }
    }
}

@Composable
private fun typedPrice(state: PricesState): String? =
    state.typed.figure?.let { figure -> state.currency?.let { Look.figures.unitPrice(figure, it) } }

@Composable
private fun PriceRow(tile: Tile, currency: Currency, chosen: Boolean, on: (PricesEvent) -> Unit) =
    Row(Modifier.fillMaxWidth().padding(start = 10.dp), verticalAlignment = Alignment.CenterVertically) {
        GoodsMark(tile)
        ListRow(
            tile.name, Modifier.weight(1f), amount = tilePrice(tile, currency), minHeight = 56.dp, onPress = { on(PricesEvent.Choose(tile)) },
            end = { if (chosen) Icon(Icons.CaretDown, null, tint = Look.palette.action) },
        )
    }

@Composable
private fun PricePane(chosen: Tile, state: PricesState, currency: Currency, on: (PricesEvent) -> Unit) =
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Row(Modifier.fillMaxWidth().padding(horizontal = 16.dp), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
            Sides(Modifier.weight(1f), start = {
                Column {
                    if (!Look.measures.large) Text(say("prices.new"), color = Look.palette.ink2, style = Look.type.small)
                    NameText(chosen.name)
                }
            }, end = { TypedFigure(state.typed, Look.type.total) })
            IconKey(Icons.X, say("devices.stop"), { on(PricesEvent.Choose(null)) })
        }
        val places = currency.digits.toInt()
        TypingPad(state.typed, places, { on(PricesEvent.Type(it)) })
        PadKeys(state.typed, places, { on(PricesEvent.Type(it)) }, { on(PricesEvent.Set) })
    }
