package app.barrow.ui.screen

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.StockRow
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.StockEvent
import app.barrow.ui.model.StockState
import app.barrow.ui.part.ListRow
import app.barrow.ui.part.MainButton

/** What is on hand; only what is low when that is asked for. */
@Composable
fun StockScreen(state: StockState, on: (StockEvent) -> Unit) =
    OfficePage(
        say("stock.title"), { on(StockEvent.Back) }, scrolls = false,
        foot = {
            MainButton(
                say(if (state.lowOnly) "stock.showAll" else "stock.showLow"), { on(StockEvent.LowOnly(!state.lowOnly)) },
                Modifier.fillMaxWidth(), icon = if (state.lowOnly) Icons.Package else Icons.SortAscending,
            )
        },
    ) {
        if (state.place.isNotEmpty()) Text(state.place, Modifier.padding(horizontal = 16.dp), Look.palette.ink2, style = Look.type.text)
        if (state.rows.complete && state.rows.count == 0) {
            Empty(say(if (state.lowOnly) "stock.noneLow" else "stock.empty"))
        } else {
            PagedList(state.rows, { first, last -> on(StockEvent.Shown(first, last)) }, Modifier.weight(1f).padding(bottom = 8.dp)) {
                OnHandRow(it, on)
            }
        }
    }

@Composable
private fun OnHandRow(row: StockRow, on: (StockEvent) -> Unit) {
    val note = when {
        row.soldOut -> say("items.soldOut")
        row.onHand.signum() < 0 -> say("stock.below")
        row.low -> say("stock.low")
        else -> ""
    }
    ListRow(
        row.name, sub = row.sku, amount = amountOf(row.onHand, row.unit), note = note, noteColour = Look.palette.attention,
        onPress = { on(StockEvent.Open(row.item)) },
    )
}
