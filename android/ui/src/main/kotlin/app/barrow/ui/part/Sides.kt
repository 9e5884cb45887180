package app.barrow.ui.part

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.Layout
import androidx.compose.ui.layout.Measurable
import androidx.compose.ui.layout.MeasureResult
import androidx.compose.ui.layout.MeasureScope
import androidx.compose.ui.layout.Placeable
import androidx.compose.ui.unit.Constraints
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp

/** What stands at the start gets at least this part of the width, or the end goes below it. */
private const val LEAST_SHARE = 0.4f

/**
 * Words at the start and their amount at the end of one row. Where the amount would leave the words too little room, or
 * break one, it goes below them, still at the end: neither is ever cut for the other. Each side is one thing.
 */
@Composable
fun Sides(modifier: Modifier = Modifier, gap: Dp = 12.dp, start: @Composable () -> Unit, end: @Composable () -> Unit) =
    Layout(listOf(start, end), modifier) { (starts, ends), room ->
        val loose = room.copy(minWidth = 0, minHeight = 0)
        val last = ends.firstOrNull()?.measure(loose)
        val first = starts.first()
        if (last == null || last.width == 0) return@Layout alone(first, room)
        val rest = room.maxWidth - last.width - gap.roundToPx()
        val beside = rest >= first.minIntrinsicWidth(room.maxHeight) && rest >= room.maxWidth * LEAST_SHARE
        if (beside) beside(first.measure(loose.copy(minWidth = rest, maxWidth = rest)), last, room) else below(first.measure(wide(room)), last, room)
    }

private fun wide(room: Constraints) = room.copy(minWidth = room.maxWidth, minHeight = 0)

private fun MeasureScope.alone(first: Measurable, room: Constraints): MeasureResult {
    val words = first.measure(wide(room))
    val height = maxOf(words.height, room.minHeight)
    return layout(room.maxWidth, height) { words.placeRelative(0, (height - words.height) / 2) }
}

private fun MeasureScope.beside(words: Placeable, amount: Placeable, room: Constraints): MeasureResult {
    val height = maxOf(words.height, amount.height, room.minHeight)
    return layout(room.maxWidth, height) {
        words.placeRelative(0, (height - words.height) / 2)
        amount.placeRelative(room.maxWidth - amount.width, (height - amount.height) / 2)
    }
}

private fun MeasureScope.below(words: Placeable, amount: Placeable, room: Constraints): MeasureResult =
    layout(room.maxWidth, maxOf(words.height + amount.height, room.minHeight)) {
        words.placeRelative(0, 0)
        amount.placeRelative(room.maxWidth - amount.width, words.height)
    }
