package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.tileColour
import app.barrow.ui.model.StockAct
import app.barrow.ui.model.StockItemEvent
import app.barrow.ui.model.StockItemState
import app.barrow.ui.part.Chip
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.Label
import app.barrow.ui.part.MainButton

/** Delivery, loss and count of one item. */
@Composable
fun StockItemScreen(state: StockItemState, on: (StockItemEvent) -> Unit, onBack: (() -> Unit)? = { on(StockItemEvent.Back) }) {
    val sheet = state.sheet
    OfficePage(sheet?.face?.name.orEmpty(), onBack, foot = { BookButton(state, on) }) {
        if (sheet == null) return@OfficePage
        Label(colour = tileColour(sheet.tile.colour)) {
            Text(say("stock.onHand"), style = Look.type.text)
            FigureText(amountOf(sheet.onHand, sheet.tile.unit), Look.type.total)
        }
        ChipRow {
            Chip(say("stock.receive"), { on(StockItemEvent.Act(StockAct.Receive)) }, chosen = state.act == StockAct.Receive, icon = Icons.TrayArrowDown)
            Chip(say("stock.waste"), { on(StockItemEvent.Act(StockAct.Waste)) }, chosen = state.act == StockAct.Waste, icon = Icons.Trash)
            Chip(say("stock.count"), { on(StockItemEvent.Act(StockAct.Count)) }, chosen = state.act == StockAct.Count, icon = Icons.ListChecks)
        }
        if (state.act == StockAct.Waste) Reasons(state, on)
        Row(Modifier.fillMaxWidth().padding(horizontal = 16.dp), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
            Text(say(actWord(state.act).question), Modifier.weight(1f), style = Look.type.text)
            TypedFigure(state.typed, Look.type.total)
        }
        TypingPad(state.typed, state.places, { on(StockItemEvent.Type(it)) })
        PadKeys(state.typed, state.places, { on(StockItemEvent.Type(it)) }, { on(StockItemEvent.Book) })
    }
}

private class ActWords(val verb: String, val question: String)

private fun actWord(act: StockAct) = when (act) {
    StockAct.Receive -> ActWords("stock.receive", "stock.typeReceive")
    StockAct.Waste -> ActWords("stock.waste", "stock.typeWaste")
    StockAct.Count -> ActWords("stock.count", "stock.typeCount")
}

@Composable
private fun Reasons(state: StockItemState, on: (StockItemEvent) -> Unit) = ChipRow {
    for (word in listOf("stock.spoilt", "stock.broken", "stock.given")) {
        val reason = say(word)
        Chip(reason, { on(StockItemEvent.Reason(reason)) }, chosen = state.reason == reason)
    }
}

@Composable
private fun BookButton(state: StockItemState, on: (StockItemEvent) -> Unit) {
    val unit = state.sheet?.tile?.unit ?: return
    MainButton(
        say(actWord(state.act).verb), { on(StockItemEvent.Book) }, Modifier.fillMaxWidth(),
        state.typed.figure?.let { amountOf(it, unit) }, enabled = state.complete,
    )
}
