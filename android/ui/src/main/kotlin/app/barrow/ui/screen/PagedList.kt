package app.barrow.ui.screen

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithCache
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.RoundRect
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.clipRect
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.Rows

/** A row whose page is not read yet takes this much room. */
private val RowHeight = 72.dp

/**
 * A long list on paper. Only what is on screen is drawn, and [onShown] tells which places those are, so that their
 * pages are read. [section] gives the heading that a row stands under; null for none.
 */
@Composable
fun <T> PagedList(
    rows: Rows<T>,
    onShown: (first: Int, last: Int) -> Unit,
    modifier: Modifier = Modifier,
    state: LazyListState = rememberLazyListState(),
    section: @Composable (T) -> String? = { null },
    row: @Composable (T) -> Unit,
) {
    val shown = rememberUpdatedState(onShown)
    LaunchedEffect(state, rows.count) {
        snapshotFlow { state.layoutInfo.visibleItemsInfo.run { (firstOrNull()?.index ?: 0) to (lastOrNull()?.index ?: 0) } }
            .collect { (first, last) -> shown.value(first, last) }
    }
    LazyColumn(modifier, state, PaddingValues(horizontal = Margin, vertical = 0.dp)) {
        items(rows.count) { place ->
            val here = rows[place]
            if (here == null) {
                Spacer(Modifier.fillMaxWidth().height(RowHeight))
            } else {
                val head = section(here)
                val starts = place == 0 || head != rows[place - 1]?.let { section(it) }
                val ends = place == rows.count - 1 || head != rows[place + 1]?.let { section(it) }
                if (starts && head != null) SectionHead(head, Modifier.padding(bottom = Gap))
                Box(Modifier.fillMaxWidth().rowOfCard(starts, ends)) { row(here) }
            }
        }
    }
}

/** Draws the part of a sheet of paper that one row lies on, with a hairline to the row above. */
@Composable
fun Modifier.rowOfCard(first: Boolean, last: Boolean, radius: Dp = 12.dp): Modifier {
    val palette = Look.palette
    return drawWithCache {
        val round = CornerRadius(radius.toPx())
        val flat = CornerRadius.Zero
        val line = 1.5.dp.toPx()
        // What runs on above or below lies outside the clip, so no line is drawn there.
        val box = Rect(line / 2, if (first) line / 2 else -line, size.width - line / 2, size.height + if (last) -line / 2 else line)
        val outline = Path().apply {
            addRoundRect(RoundRect(box, if (first) round else flat, if (first) round else flat, if (last) round else flat, if (last) round else flat))
        }
        val inset = 14.dp.toPx()
        onDrawBehind {
            clipRect {
                drawPath(outline, palette.surface)
                drawPath(outline, palette.hair, style = Stroke(line))
                if (!first) drawLine(palette.hair, Offset(inset, 0f), Offset(size.width - inset, 0f), line)
            }
        }
    }
}
