package app.barrow.ui.part

import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.text.TextAutoSize
import androidx.compose.material3.LocalContentColor
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextOverflow
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

/** A figure on one line that gets smaller, down to a third, where it has too little room; never clipped. */
@Composable
fun FigureText(text: String, style: TextStyle, modifier: Modifier = Modifier, color: Color = LocalContentColor.current) {
    val largest = style.fontSize.value
    // The line shrinks with its letters.
    val line = (style.lineHeight.value / largest).em
    BasicText(
        text, modifier, style.copy(color = color, lineHeight = line), maxLines = 1, softWrap = false, overflow = TextOverflow.Clip,
        autoSize = TextAutoSize.StepBased((largest / 3).sp, largest.sp, 1.sp),
    )
}
