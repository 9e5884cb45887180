package app.barrow.ui.part

import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.text.TextAutoSize
import androidx.compose.material3.LocalContentColor
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.Layout
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
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
        autoSize = TextAutoSize.StepBased(LEAST, largest.sp, 0.5.sp),
    )
}

/** So small that even the largest amount there is fits beside a word at 310 %. */
private val LEAST = 3.sp

/** The widest that an amount beside a name gets before it becomes smaller. */
internal val AmountRoom = 168.dp

/** A word and its figure beside each other in the middle; the word keeps its width and the figure takes what is left. */
@Composable
internal fun WordAndFigure(gap: Dp, modifier: Modifier = Modifier, word: @Composable () -> Unit, figure: @Composable () -> Unit) =
    Layout(listOf(word, figure), modifier) { (words, figures), room ->
        val between = gap.roundToPx()
        val loose = room.copy(minWidth = 0, minHeight = 0)
        val left = words.first().measure(loose)
        val rest = (room.maxWidth - left.width - between).coerceAtLeast(0)
        val right = figures.first().measure(loose.copy(maxWidth = rest))
        val wide = left.width + between + right.width
        val height = maxOf(left.height, right.height).coerceIn(room.minHeight, room.maxHeight)
        val width = wide.coerceIn(room.minWidth, room.maxWidth)
        layout(width, height) {
            val start = (width - wide) / 2
            left.placeRelative(start, (height - left.height) / 2)
            right.placeRelative(start + left.width + between, (height - right.height) / 2)
        }
    }
