package app.barrow.ui.part

import androidx.compose.foundation.layout.Spacer
import androidx.compose.material3.LocalContentColor
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.layout.layout
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.TextMeasurer
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.drawText
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Constraints
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.constrain

/** What is tried, from full size down. */
private val SCALES = generateSequence(1f) { it * 0.93f }.takeWhile { it > 0.3f }.toList()

/** Is told of every fitted text that is cut all the same. It draws, so no other test can see what became of it. */
internal val LocalCutText = staticCompositionLocalOf<(String) -> Unit> { { } }

/**
 * What a key or a head says on at most [maxLines] lines: smaller where a word is too wide, because a word is never broken,
 * but no smaller than [least] of its size. The words that stand [alike] beside it in a row have its size and height. It says
 * nothing to a screen reader: its place does.
 */
@Composable
internal fun FittedText(
    text: String, style: TextStyle, modifier: Modifier = Modifier, color: Color = LocalContentColor.current, maxLines: Int = 2,
    least: Float = SCALES.last(), align: TextAlign = TextAlign.Center, alike: List<String> = emptyList(),
    /** Takes a second line only when the text does not fit on one at its [least]. */
    fewLines: Boolean = false,
) {
    val measurer = rememberTextMeasurer(cacheSize = 16)
    val drawn = remember { arrayOfNulls<TextLayoutResult>(1) }
    val cut = LocalCutText.current
    val fitting = Fitting(measurer, style.copy(color = color, textAlign = align), least)
    Spacer(
        modifier.drawBehind { drawn[0]?.let { drawText(it, topLeft = Offset(0f, (size.height - it.size.height) / 2)) } }.layout { spacer, room ->
            val lines = if (fewLines && fitting.scale(text, room, 1, layoutDirection) != null) 1 else maxLines
            val scale = (alike + text).minOf { fitting.scale(it, room, lines, layoutDirection) ?: least }
            val result = fitting.lay(text, scale, room, lines, layoutDirection)
            if (result.hasVisualOverflow) cut(text)
            drawn[0] = result
            val height = (alike - text).maxOfOrNull { fitting.lay(it, scale, room, lines, layoutDirection).size.height } ?: 0
            val placed = spacer.measure(room.constrain(Constraints.fixed(result.size.width, maxOf(height, result.size.height))))
            layout(placed.width, placed.height) { placed.place(0, 0) }
        },
    )
}

/** Finds the size at which a text fits. */
private class Fitting(private val measurer: TextMeasurer, private val style: TextStyle, private val least: Float) {
    fun lay(text: String, scale: Float, room: Constraints, lines: Int, direction: LayoutDirection): TextLayoutResult = measurer.measure(
        text, style.copy(fontSize = style.fontSize * scale, lineHeight = style.lineHeight * scale), TextOverflow.Ellipsis,
        maxLines = lines, constraints = Constraints(minWidth = room.minWidth, maxWidth = room.maxWidth), layoutDirection = direction,
    )

    /** The largest scale at which no word is broken and nothing is cut; null where there is none. */
    fun scale(text: String, room: Constraints, lines: Int, direction: LayoutDirection): Float? {
        val words = text.split(' ')
        return SCALES.takeWhile { it >= least }.firstOrNull { scale ->
            val smaller = style.copy(fontSize = style.fontSize * scale)
            words.all { measurer.measure(it, smaller, softWrap = false, maxLines = 1).size.width <= room.maxWidth } &&
                !lay(text, scale, room, lines, direction).hasVisualOverflow
        }
    }
}
