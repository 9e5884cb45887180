package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.barrow.core.CashSum
import app.barrow.core.Currency
import app.barrow.ui.app.KeyTarget
import app.barrow.ui.app.TakesKeys
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.CloseShiftEvent
import app.barrow.ui.model.CloseShiftState
import app.barrow.ui.part.CashCountRow
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.Hairline
import app.barrow.ui.part.Key
import app.barrow.ui.part.KeyBox
import app.barrow.ui.part.Label
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind
import app.barrow.ui.part.TextKey

/** Counts the cash box by notes and coins; what is expected shows only after a blind count. */
@Composable
fun CloseShiftScreen(state: CloseShiftState, on: (CloseShiftEvent) -> Unit) =
    OfficePage(
        say("count.title"), { on(CloseShiftEvent.Back) },
        actions = { if (state.chosen != null) RunningSum(state) },
        foot = { CountFoot(state, on) },
        notice = if (state.asking) ({ NoticeBox(say("count.ask"), NoticeKind.Attention) }) else null,
    ) {
        val currency = state.currency ?: return@OfficePage
        Pieces(state, currency, on)
        if (!state.counted && state.chosen != null) CountKeys(state, on)
        CountResult(state, currency, on)
    }

@Composable
private fun RunningSum(state: CloseShiftState) {
    val currency = state.currency ?: return
    FigureText(Look.figures.money(state.sum?.totalMinor ?: 0, currency), Look.type.buttonFigure, Modifier.padding(end = 8.dp))
}

/** Notes at the start, coins at the end, two in a row, read downwards as they lie in a tray. */
@Composable
private fun Pieces(state: CloseShiftState, currency: Currency, on: (CloseShiftEvent) -> Unit) {
    val columns = if (Look.measures.large) 1 else 2
    val rows = (state.values.size + columns - 1) / columns
    Row(Modifier.padding(horizontal = Margin), Arrangement.spacedBy(Gap)) {
        for (column in state.values.indices.chunked(rows.coerceAtLeast(1))) {
            Column(Modifier.weight(1f), Arrangement.spacedBy(4.dp)) {
                for (place in column) {
                    val value = state.values[place]
                    CashCountRow(
                        value, state.counts[value]?.toLong() ?: 0, state.sum?.rows?.getOrNull(place) ?: 0, currency,
                        { on(CloseShiftEvent.Choose(value)) }, Modifier.fillMaxWidth(), chosen = value == state.chosen,
                    )
                }
            }
        }
    }
}

/** Digits in two rows, the way to the next piece below: the whole count stays on one screen. */
@Composable
private fun CountKeys(state: CloseShiftState, on: (CloseShiftEvent) -> Unit) {
    CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
        Column(Modifier.padding(horizontal = Margin, vertical = Gap), Arrangement.spacedBy(Gap)) {
            for (row in listOf("12345", "67890")) {
                Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Gap)) {
                    for (digit in row) DigitKey(digit, Modifier.weight(1f), on)
                }
            }
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Gap)) {
                KeyBox(Look.words.text("common.backspace"), { on(CloseShiftEvent.Erase) }, Modifier.weight(1f), minHeight = 56.dp) {
                    Icon(Icons.Backspace, null)
                }
                Key(say("count.next"), { on(CloseShiftEvent.Next) }, Modifier.weight(1f), Icons.CaretDown.besideWord(), beside = true, minHeight = 56.dp)
            }
        }
    }
    TakesKeys(CountTarget(state, on))
}

@Composable
private fun DigitKey(digit: Char, modifier: Modifier, on: (CloseShiftEvent) -> Unit) {
    val figure = Look.figures.whole(digit.digitToInt().toLong())
    KeyBox(figure, { on(CloseShiftEvent.Digit(digit)) }, modifier, minHeight = 56.dp) { Text(figure, style = Look.type.number, maxLines = 1) }
}

/** A keyboard counts too: digits, erase, and Enter for the next piece. */
private class CountTarget(private val state: CloseShiftState, private val on: (CloseShiftEvent) -> Unit) : KeyTarget {
    override fun sign(sign: Char) = sign.isDigit().also { if (it) on(CloseShiftEvent.Digit(sign)) }

    override fun erase() = (state.counts[state.chosen] != null).also { if (it) on(CloseShiftEvent.Erase) }

    override fun enter() = true.also { on(CloseShiftEvent.Next) }

    // Digits that turn out to be a scan go back to what was typed before.
    override fun mark(): () -> Unit = { on(CloseShiftEvent.Restore(state.counts)) }
}

@Composable
private fun CountResult(state: CloseShiftState, currency: Currency, on: (CloseShiftEvent) -> Unit) {
    val sum = state.sum
    if (sum == null || state.chosen != null) return
    val shows = state.counted || !state.blind
    val difference = sum.differenceMinor.takeIf { shows }
    val edge = when {
        difference == null -> Look.palette.action
        difference == 0L -> Look.palette.safe
        else -> Look.palette.attention
    }
    Label(edge = edge) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            Text(say("count.counted"), Modifier.weight(1f).alignByBaseline(), style = Look.type.text)
            FigureText(Look.figures.money(sum.totalMinor, currency), Look.type.total, Modifier.alignByBaseline())
        }
        if (difference != null) Difference(sum, difference, currency, state, on)
    }
}

@Composable
private fun ColumnScope.Difference(sum: CashSum, difference: Long, currency: Currency, state: CloseShiftState, on: (CloseShiftEvent) -> Unit) {
    Row {
        Text(say("count.expected"), Modifier.weight(1f), Look.palette.ink2, style = Look.type.text)
        FigureText(Look.figures.money(sum.expectedMinor ?: 0, currency), Look.type.money, color = Look.palette.ink2)
    }
    Hairline(Modifier.padding(vertical = 8.dp))
    Text(differenceWords(difference, currency), style = Look.type.strong)
    val note = state.note
    if (note != null) {
        TextBox(note, { on(CloseShiftEvent.Note(it)) }, say("count.noteField"))
    } else if (difference != 0L) {
        TextKey(say("count.note"), { on(CloseShiftEvent.Note("")) }, icon = Icons.NotePencil)
    }
}

/** Tells what the count was against what was expected. */
@Composable
fun differenceWords(difference: Long, currency: Currency): String = when {
    difference > 0 -> say("count.more", Look.figures.money(difference, currency))
    difference < 0 -> say("count.less", Look.figures.money(-difference, currency))
    else -> say("count.exact")
}

@Composable
private fun CountFoot(state: CloseShiftState, on: (CloseShiftEvent) -> Unit) {
    if (state.currency == null) return
    KeyAndMain({
        if (state.asking) {
            Key(say("no"), { on(CloseShiftEvent.No) }, it, Icons.X, minHeight = 72.dp)
        } else if (state.counted || !state.blind && state.chosen == null) {
            Key(say("count.again"), { on(CloseShiftEvent.Recount) }, it, Icons.ArrowCounterClockwise, minHeight = 72.dp)
        } else {
            Key(say("count.compare"), { on(CloseShiftEvent.Counted) }, it, Icons.Scales, minHeight = 72.dp)
        }
    }, {
        MainButton(say(if (state.asking) "count.yes" else "count.close"), { on(CloseShiftEvent.Close) }, it)
    })
}
