package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.core.ShiftView
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.CashMove
import app.barrow.ui.model.ShiftEvent
import app.barrow.ui.model.ShiftState
import app.barrow.ui.part.Card
import app.barrow.ui.part.Chip
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.Key
import app.barrow.ui.part.Label
import app.barrow.ui.part.LabelFigure
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind
import app.barrow.ui.part.Sides
import app.barrow.ui.part.TextKey

/** The cash box: what lies in it, cash in and out, the report so far. */
@Composable
fun ShiftScreen(state: ShiftState, on: (ShiftEvent) -> Unit) {
    val opening = state.opening
    val move = state.move
    when {
        opening == null -> OfficePage(say("shift.title"), { on(ShiftEvent.Back) }) { }
        move != null -> CashMovePage(state, move, opening.currency, on)
        else -> BoxPage(state, opening.currency, on)
    }
}

@Composable
private fun BoxPage(state: ShiftState, currency: Currency, on: (ShiftEvent) -> Unit) {
    val shift = state.shift
    OfficePage(
        say("shift.title"), { on(ShiftEvent.Back) },
        foot = {
            if (shift == null) {
                MainButton(say("shift.open"), { on(ShiftEvent.Open) }, Modifier.fillMaxWidth(), icon = Icons.Coins)
            } else {
                BoxKeys(on)
            }
        },
    ) {
        if (shift == null) Empty(say("shift.closed")) else BoxContent(state, shift, currency, on)
        TextKey(say("closings.title"), { on(ShiftEvent.Closings) }, Modifier.padding(horizontal = Margin), Icons.Receipt)
    }
}

@Composable
private fun ColumnScope.BoxKeys(on: (ShiftEvent) -> Unit) {
    KeyRow(
        { Key(say("shift.in"), { on(ShiftEvent.Move(CashMove.In)) }, it, Icons.TrayArrowDown.besideWord()) },
        { Key(say("shift.out"), { on(ShiftEvent.Move(CashMove.Out)) }, it, Icons.TrayArrowUp.besideWord()) },
        { Key(say("shift.safe"), { on(ShiftEvent.Move(CashMove.Safe)) }, it, Icons.Vault.besideWord()) },
    )
    MainButton(say("shift.close"), { on(ShiftEvent.Close) }, Modifier.fillMaxWidth(), icon = Icons.Coins)
}

@Composable
private fun BoxContent(state: ShiftState, shift: ShiftView, currency: Currency, on: (ShiftEvent) -> Unit) {
    Label {
        Text(say("shift.since", Look.figures.moment(shift.opening.atMs)), color = Look.palette.ink2, style = Look.type.text)
        if (state.blind) {
            Row(Modifier.padding(vertical = 8.dp), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
                Icon(Icons.EyeSlash, null, Modifier.size(28.dp))
                Text(say("shift.hidden"), style = Look.type.action)
            }
        } else {
            Text(say("shift.expected"), style = Look.type.text)
            LabelFigure(shift.totals.expectedMinor, currency, style = Look.type.total)
        }
    }
    Card { boxLines(state, shift).forEachIndexed { place, (word, minor) -> MoneyLine(word, minor, currency, place == 0) } }
    // The report tells what is expected: a blind count has it only afterwards, in the Z report.
    if (state.blind) return
    val title = say("shift.report")
    TextKey(title, { on(ShiftEvent.Report(title)) }, Modifier.padding(horizontal = Margin), Icons.ShareNetwork)
}

/** What the shift has seen so far. A blind count hides what was taken: with it anybody could work out the rest. */
@Composable
private fun boxLines(state: ShiftState, shift: ShiftView): List<Pair<String, Long>> {
    val totals = shift.totals
    val words = Look.words
    val lines = mutableListOf(say("shift.float") to shift.opening.floatMinor)
    if (!state.blind) {
        lines += words.count("office.shift.sales", totals.sales.toLong()) to totals.salesMinor
        if (totals.refunds > 0u) lines += words.count("office.shift.refunds", totals.refunds.toLong()) to totals.refundsMinor
        totals.tenders.forEach { lines += it.name to it.amountMinor }
    }
    val seldom = listOf(
        say("shift.paidIn") to totals.paidInMinor, say("shift.paidOut") to totals.paidOutMinor,
        say("shift.dropped") to totals.droppedMinor, say("shift.discounts") to totals.discountsMinor,
        say("shift.rounding") to totals.roundingMinor,
    )
    return lines + seldom.filter { it.second != 0L }
}

/** A word and an amount on one line of a card. */
@Composable
fun MoneyLine(word: String, minor: Long, currency: Currency, first: Boolean) =
    Sides(
        Modifier.fillMaxWidth().rowDivider(first).padding(horizontal = 14.dp, vertical = 12.dp), start = { Text(word, style = Look.type.name) },
        end = { FigureText(Look.figures.money(minor, currency), Look.type.amount) },
    )

private class MoveWords(val verb: String, val reasons: List<String>)

private fun moveWords(move: CashMove) = when (move) {
    CashMove.In -> MoveWords("shift.in", listOf("shift.change", "shift.private"))
    CashMove.Out -> MoveWords("shift.out", listOf("shift.fee", "shift.purchase", "shift.private"))
    CashMove.Safe -> MoveWords("shift.safe", emptyList())
}

/** Types what goes into the box or out of it, and what for. */
@Composable
private fun CashMovePage(state: ShiftState, move: CashMove, currency: Currency, on: (ShiftEvent) -> Unit) {
    val words = moveWords(move)
    val minor = state.typed.minor(currency.digits)
    val figure = minor?.let { Look.figures.money(it, currency) }
    OfficePage(
        say(words.verb), { on(ShiftEvent.Back) }, foot = { MoveFoot(state, say(words.verb), figure, on) },
        notice = if (state.asking) ({ NoticeBox(say("shift.ask", figure.orEmpty()), NoticeKind.Attention) }) else null,
    ) {
        Label {
            Text(currency.code, color = Look.palette.ink2, style = Look.type.text)
            TypedFigure(state.typed, Look.type.total)
        }
        if (words.reasons.isNotEmpty()) {
            TextBox(state.reason, { on(ShiftEvent.Reason(it)) }, say("shift.why"), Modifier.padding(horizontal = Margin))
            ChipRow {
                for (word in words.reasons) {
                    val reason = say(word)
                    Chip(reason, { on(ShiftEvent.Reason(reason)) }, chosen = state.reason == reason)
                }
            }
        }
        val places = currency.digits.toInt()
        if (!state.asking) TypingPad(state.typed, places, { on(ShiftEvent.Type(it)) })
        PadKeys(state.typed, places, { on(ShiftEvent.Type(it)) }, { on(ShiftEvent.Ask) })
    }
}

@Composable
private fun MoveFoot(state: ShiftState, verb: String, figure: String?, on: (ShiftEvent) -> Unit) {
    if (!state.asking) {
        MainButton(verb, { on(ShiftEvent.Ask) }, Modifier.fillMaxWidth(), figure, enabled = state.complete)
        return
    }
    KeyAndMain({ Key(say("no"), { on(ShiftEvent.No) }, it, Icons.X.besideWord(), minHeight = 72.dp) }, {
        MainButton(say("shift.yes"), { on(ShiftEvent.Book) }, it)
    })
}
