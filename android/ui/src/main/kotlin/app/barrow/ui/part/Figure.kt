package app.barrow.ui.part

import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.text.TextAutoSize
import androidx.compose.foundation.text.modifiers.TextAutoSizeLayoutScope
import androidx.compose.material3.LocalContentColor
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.Layout
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.TextMeasurer
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Constraints
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.TextUnit
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.em
import androidx.compose.ui.unit.sp
import app.barrow.core.Currency
import app.barrow.ui.look.Look

/** Money on one line in figures of one width; where it has too little room it gets smaller, never clipped. */
@Composable
fun Amount(
    minor: Long,
    currency: Currency,
    style: TextStyle,
    modifier: Modifier = Modifier,
    color: Color = LocalContentColor.current,
) = FigureText(Look.figures.money(minor, currency), style, modifier, color)

/** A figure on one line that gets smaller where it has too little room; never clipped. */
@Composable
fun FigureText(text: String, style: TextStyle, modifier: Modifier = Modifier, color: Color = LocalContentColor.current) {
    val largest = style.fontSize.value
    // The line shrinks with its letters.
    val line = (style.lineHeight.value / largest).em
    BasicText(
        text, modifier, style.copy(color = color, lineHeight = line), maxLines = 1, softWrap = false, overflow = TextOverflow.Clip,
        autoSize = LargestThatFits(largest.sp),
    )
}

/** Most figures fit at their full size, which is tried first: each further step lays the text out anew. */
private data class LargestThatFits(private val full: TextUnit) : TextAutoSize {
    override fun TextAutoSizeLayoutScope.getFontSize(constraints: Constraints, text: AnnotatedString): TextUnit =
        if (!performLayout(constraints, text, full).hasVisualOverflow) full
        else with(TextAutoSize.StepBased(LEAST, full, 0.5.sp)) { getFontSize(constraints, text) }
}

/** So small that even the largest amount there is fits beside a word at 310 %. */
private val LEAST = 3.sp

/** The widest that an amount beside a name gets before it becomes smaller. */
internal val AmountRoom = 168.dp

/**
 * A word and its figure beside each other in the middle. A [text] that would lose a good part of its size there goes
 * below the word.
 */
@Composable
internal fun WordAndFigure(
    gap: Dp, modifier: Modifier, word: @Composable () -> Unit, figure: @Composable () -> Unit, measurer: TextMeasurer, text: String, style: TextStyle,
) = Layout(listOf(word, figure), modifier) { (words, figures), room ->
    val between = gap.roundToPx()
    val loose = room.copy(minWidth = 0, minHeight = 0)
    val left = words.first().measure(loose)
    val rest = (room.maxWidth - left.width - between).coerceAtLeast(0)
    val wanted = measurer.measure(text, style, softWrap = false, maxLines = 1).size.width
    val beside = rest >= wanted * LEAST_BESIDE
    val right = figures.first().measure(if (beside) loose.copy(maxWidth = rest) else loose)
    val wide = if (beside) left.width + between + right.width else maxOf(left.width, right.width)
    val high = if (beside) maxOf(left.height, right.height) else left.height + right.height
    val height = high.coerceIn(room.minHeight, room.maxHeight)
    val width = wide.coerceIn(room.minWidth, room.maxWidth)
    layout(width, height) {
        val start = (width - wide) / 2
        val top = (height - high) / 2
        if (beside) {
            left.placeRelative(start, (height - left.height) / 2)
            right.placeRelative(start + left.width + between, (height - right.height) / 2)
        } else {
            left.placeRelative((width - left.width) / 2, top)
            right.placeRelative((width - right.width) / 2, top + left.height)
        }
    }
}

/** A figure keeps at least this part of its size beside its word. */
private const val LEAST_BESIDE = 0.85f
