package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.TodayOpening
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.DayFigure
import app.barrow.ui.model.Typed
import app.barrow.ui.model.WhereTodayEvent
import app.barrow.ui.model.WhereTodayState
import app.barrow.ui.part.KeyBox
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind
import app.barrow.ui.part.keyPaper

/** Place, float and fee of the day; the same as last time in one tap. */
@Composable
fun WhereTodayScreen(state: WhereTodayState, on: (WhereTodayEvent) -> Unit) =
    OfficePage(say("whereToday.title"), { on(WhereTodayEvent.Back) }, foot = { DayFoot(state, on) }) {
        TextBox(
            state.place.orEmpty(), { on(WhereTodayEvent.Place(it)) }, say("whereToday.place"),
            Modifier.padding(horizontal = Margin), icon = Icons.MapPin,
        )
        val opening = state.opening
        if (opening == null) return@OfficePage
        if (opening.shiftOpen) NoticeBox(say("whereToday.already"), NoticeKind.Attention) else Figures(state, opening, on)
    }

@Composable
private fun ColumnScope.Figures(state: WhereTodayState, opening: TodayOpening, on: (WhereTodayEvent) -> Unit) {
    FigureRow(DayFigure.Float, "whereToday.float", state.float, state.figure, on)
    FigureRow(DayFigure.Fee, "whereToday.fee", state.fee, state.figure, on)
    Text(say("whereToday.empty"), Modifier.padding(horizontal = 16.dp), Look.palette.ink2, style = Look.type.small)
    val typed = if (state.figure == DayFigure.Float) state.float else state.fee
    val places = opening.currency.digits.toInt()
    TypingPad(typed, places, { on(WhereTodayEvent.Type(it)) })
    val reason = say("whereToday.feeReason")
    PadKeys(typed, places, { on(WhereTodayEvent.Type(it)) }, { on(WhereTodayEvent.Open(reason)) })
}

/** A figure to type: pressing it makes the pad type it. */
@Composable
private fun FigureRow(figure: DayFigure, word: String, typed: Typed, chosen: DayFigure, on: (WhereTodayEvent) -> Unit) {
    val label = say(word)
    val paper = if (figure == chosen) keyPaper().copy(border = Look.palette.action, borderWidth = 3.dp) else keyPaper()
    KeyBox("$label ${typed.text}", { on(WhereTodayEvent.Figure(figure)) }, Modifier.padding(horizontal = Margin).fillMaxWidth(), paper = paper) {
        Row(Modifier.fillMaxWidth().padding(horizontal = 10.dp), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
            Text(label, Modifier.weight(1f), style = Look.type.key)
            TypedFigure(typed, Look.type.buttonFigure)
        }
    }
}

@Composable
private fun DayFoot(state: WhereTodayState, on: (WhereTodayEvent) -> Unit) {
    val opening = state.opening ?: return
    val reason = say("whereToday.feeReason")
    if (opening.shiftOpen) {
        val renamed = !state.place.isNullOrBlank() && state.place != state.shop?.location
        MainButton(say("whereToday.save"), { on(WhereTodayEvent.Open(reason)) }, Modifier.fillMaxWidth(), enabled = renamed)
        return
    }
    val last = opening.lastFloatMinor
    if (last == null || state.float.text.isNotEmpty() || state.fee.text.isNotEmpty()) {
        MainButton(say("whereToday.open"), { on(WhereTodayEvent.Open(reason)) }, Modifier.fillMaxWidth(), icon = Icons.Coins)
    } else {
        MainButton(
            sameWords(opening), { on(WhereTodayEvent.SameAsLast) }, Modifier.fillMaxWidth(), Look.figures.money(last, opening.currency),
        )
    }
}

@Composable
private fun sameWords(opening: TodayOpening): String {
    val day = opening.lastOpenedMs?.let { Look.figures.day(it) } ?: return say("whereToday.same")
    return say("whereToday.sameDay", day)
}
