package app.barrow.ui.part

import androidx.compose.foundation.layout.Spacer
import androidx.compose.material3.LocalContentColor
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
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

/**
 * What a key or a head says on at most [maxLines] lines: smaller where a word is too wide, because a word is never broken,
 * but no smaller than [least] of its size. It says nothing to a screen reader: its place does.
 */
@Composable
internal fun FittedText(
    text: String, style: TextStyle, modifier: Modifier = Modifier, color: Color = LocalContentColor.current, maxLines: Int = 2,
    least: Float = SCALES.last(), align: TextAlign = TextAlign.Center,
) {
    val measurer = rememberTextMeasurer(cacheSize = 16)
    val drawn = remember { arrayOfNulls<TextLayoutResult>(1) }
    val aligned = style.copy(color = color, textAlign = align)
    Spacer(
        modifier.drawBehind { drawn[0]?.let { drawText(it) } }.layout { spacer, room ->
            val result = measurer.fit(text, aligned, room.maxWidth, maxLines, least, layoutDirection)
            drawn[0] = result
            val placed = spacer.measure(room.constrain(Constraints.fixed(result.size.width, result.size.height)))
            layout(placed.width, placed.height) { placed.place(0, 0) }
        },
    )
}

private fun TextMeasurer.fit(text: String, style: TextStyle, room: Int, maxLines: Int, least: Float, direction: LayoutDirection): TextLayoutResult {
    fun lay(scale: Float) = measure(
        text, style.copy(fontSize = style.fontSize * scale, lineHeight = style.lineHeight * scale), TextOverflow.Ellipsis,
        maxLines = maxLines, constraints = Constraints(maxWidth = room), layoutDirection = direction,
    )
    val words = text.split(' ')
    val fits = SCALES.takeWhile { it >= least }.firstOrNull { scale ->
        val smaller = style.copy(fontSize = style.fontSize * scale)
        words.all { measure(it, smaller, softWrap = false, maxLines = 1).size.width <= room } && !lay(scale).hasVisualOverflow
    }
    return lay(fits ?: least)
}
