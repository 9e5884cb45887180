package app.barrow.ui.screen

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.barrow.core.ClosingRow
import app.barrow.ui.look.Look
import app.barrow.ui.model.ClosingsEvent
import app.barrow.ui.model.ClosingsState
import app.barrow.ui.part.ListRow

/** Closed shifts, newest first: each leads to its Z report as it was frozen. */
@Composable
fun ClosingsScreen(state: ClosingsState, on: (ClosingsEvent) -> Unit) =
    OfficePage(say("closings.title"), { on(ClosingsEvent.Back) }, scrolls = false) {
        if (state.rows.complete && state.rows.count == 0) {
            Empty(say("closings.empty"))
        } else {
            PagedList(state.rows, { first, last -> on(ClosingsEvent.Shown(first, last)) }, Modifier.weight(1f)) { closing ->
                ClosingLine(closing) { on(ClosingsEvent.Open(closing.shift)) }
            }
        }
    }

@Composable
private fun ClosingLine(closing: ClosingRow, onPress: () -> Unit) {
    val figures = Look.figures
    val difference = closing.differenceMinor
    val note = when {
        difference > 0 -> say("closings.more", figures.money(difference, closing.currency))
        difference < 0 -> say("closings.less", figures.money(-difference, closing.currency))
        else -> say("closings.exact")
    }
    // Large text has room for the day alone; the report itself tells the rest.
    val time = if (Look.measures.large) figures.day(closing.closedMs) else say("closings.counted", figures.moment(closing.closedMs))
    ListRow(
        say("closed.z", figures.whole(closing.number.toLong())), Modifier.fillMaxWidth(), sub = time,
        amount = figures.money(closing.countedMinor, closing.currency), note = note,
        noteColour = if (difference == 0L) Look.palette.ink2 else Look.palette.attention, onPress = onPress,
    )
}
