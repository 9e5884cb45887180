package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.core.ReturnLine
import app.barrow.core.UnitOfMeasure
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.RefundEvent
import app.barrow.ui.model.RefundState
import app.barrow.ui.part.Card
import app.barrow.ui.part.Chip
import app.barrow.ui.part.Key
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NameText
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind
import app.barrow.ui.part.Stepper
import java.math.BigDecimal

/** Chooses what of a sale comes back, asks once, and goes on to Charge, where the money goes back. */
@Composable
fun RefundScreen(state: RefundState, on: (RefundEvent) -> Unit) =
    OfficePage(
        say("refund.title"), { on(RefundEvent.Leave) }, foot = { RefundFoot(state, on) },
        notice = if (state.asking) ({ NoticeBox(say("refund.ask", state.done?.number.orEmpty()), NoticeKind.Attention) }) else null,
    ) {
        val done = state.done ?: return@OfficePage
        if (state.lines.none { it.left.signum() > 0 }) NoticeBox(say("refund.nothing"), NoticeKind.Attention)
        Card {
            state.lines.forEachIndexed { place, line -> BackLine(line, place == 0, state.back[line.line], done.currency, on) }
        }
        ChipRow {
            Chip(say("refund.resaleable"), { on(RefundEvent.Resaleable(true)) }, chosen = state.resaleable)
            Chip(say("refund.spoilt"), { on(RefundEvent.Resaleable(false)) }, chosen = !state.resaleable)
        }
    }

/** One sold line: pieces come back one by one, what was weighed comes back whole. */
@Composable
private fun BackLine(line: ReturnLine, first: Boolean, back: BigDecimal?, currency: Currency, on: (RefundEvent) -> Unit) {
    val gone = line.left.signum() <= 0
    val figures = Look.figures
    val facts: @Composable (Modifier) -> Unit = { modifier ->
        Column(modifier) {
            NameText(line.name, color = if (gone) Look.palette.ink2 else Look.palette.ink)
            val sold = say("refund.sold", amountOf(line.sold, line.unit), figures.money(line.totalMinor, currency))
            Text(if (gone) say("refund.gone") else sold, color = Look.palette.ink2, style = Look.type.small)
        }
    }
    val set = { value: BigDecimal -> on(RefundEvent.Back(line.line, value)) }
    val chooser: @Composable () -> Unit = {
        when {
            gone -> Unit
            line.unit is UnitOfMeasure.Each && line.left > BigDecimal.ONE -> PieceStepper(line, back ?: BigDecimal.ZERO, set)
            else -> Chip(amountOf(line.left, line.unit), { set(if (back == null) line.left else BigDecimal.ZERO) }, chosen = back != null)
        }
    }
    val row = Modifier.fillMaxWidth().defaultMinSize(minHeight = 72.dp).rowDivider(first).padding(horizontal = 14.dp, vertical = 8.dp)
    if (Look.measures.large) {
        Column(row) {
            facts(Modifier)
            chooser()
        }
    } else {
        Row(row, Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
            facts(Modifier.weight(1f))
            chooser()
        }
    }
}

@Composable
private fun PieceStepper(line: ReturnLine, back: BigDecimal, set: (BigDecimal) -> Unit) {
    val less = if (back.signum() > 0) ({ set(back - BigDecimal.ONE) }) else null
    val more = if (back < line.left) ({ set(back + BigDecimal.ONE) }) else null
    Stepper(line.name, say("refund.of", Look.figures.quantity(back), Look.figures.quantity(line.left)), lessRemoves = false, less, more)
}

@Composable
private fun RefundFoot(state: RefundState, on: (RefundEvent) -> Unit) {
    if (!state.asking) {
        MainButton(
            say("refund.take"), { on(RefundEvent.Ask) }, Modifier.fillMaxWidth(), icon = Icons.ArrowUUpLeft,
            enabled = state.back.isNotEmpty(),
        )
        return
    }
    KeyAndMain({ Key(say("no"), { on(RefundEvent.No) }, it, Icons.X.besideWord(), minHeight = 72.dp) }, {
        MainButton(say("refund.yes"), { on(RefundEvent.Yes(null)) }, it)
    })
}
