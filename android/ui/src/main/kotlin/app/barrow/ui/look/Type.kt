package app.barrow.ui.look

import androidx.compose.runtime.Immutable
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.LineHeightStyle
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.em
import androidx.compose.ui.unit.sp

/** The four fonts as the platform loaded them from resources/font. */
@Immutable
class Faces(
    /** Atkinson Hyperlegible Next with Arabic, weights 400 (drawn at 450), 600, 700 and 800. */
    val text: FontFamily,
    /** Bricolage Grotesque 800: wordmark and totals. */
    val figure: FontFamily,
    /** Atkinson Hyperlegible Mono 500: numbers of receipts, proofs. */
    val mono: FontFamily,
    /** Noto Emoji 500, one colour. */
    val emoji: FontFamily,
)

/** The scale of type. Sizes are sp, so they grow with the person's text size; money has figures of one width. */
@Immutable
class Type(faces: Faces, rightToLeft: Boolean = false) {
    /** Lines begin where the screen's lines begin, whichever way a name on them runs. */
    private val begin = if (rightToLeft) TextAlign.Right else TextAlign.Left

    /** The screen's one figure, 64/68. */
    val figure = style(faces.figure, 800, 64, 68, tracking = -0.02, figures = true)

    /** Other totals, 44/48. */
    val total = style(faces.figure, 800, 44, 48, tracking = -0.01, figures = true)

    /** Figures in buttons, notes and beside other figures, 28/32. */
    val buttonFigure = style(faces.figure, 800, 28, 32, tracking = -0.01, figures = true)

    /** The name of a screen, 28/32. */
    val title = style(faces.text, 700, 28, 32, tracking = -0.015)

    /** A number that is typed or counted large, 28/32. */
    val number = style(faces.text, 700, 28, 32, figures = true)

    /** Prices on tiles, amounts of lines, 20/24. */
    val price = style(faces.text, 700, 20, 24, tracking = -0.02, figures = true)

    /** Amounts of lines and lists, 20/24. */
    val amount = style(faces.text, 700, 20, 24, figures = true)

    /** What a main button says; heads inside a screen, 20/24. */
    val action = style(faces.text, 700, 20, 24)

    /** Names of goods, 18/22. */
    val name = style(faces.text, 600, 18, 22)

    /** What keys, tabs and chips say, 17/22. */
    val key = style(faces.text, 600, 17, 22)

    /** Running text, 17/24. */
    val text = style(faces.text, 400, 17, 24)

    /** Running text that is mostly figures, 17/24. */
    val textFigures = style(faces.text, 400, 17, 24, figures = true)

    /** Running text that matters, 17/24. */
    val strong = style(faces.text, 600, 17, 24)

    /** Money within lists and text, 17/24. */
    val money = style(faces.text, 600, 17, 24, figures = true)

    /** The smallest text, 15/20. */
    val small = style(faces.text, 400, 15, 20)

    /** The smallest money, 15/20. */
    val smallMoney = style(faces.text, 400, 15, 20, figures = true)

    /** Numbers of receipts and proofs, 15/20. */
    val code = style(faces.mono, 500, 15, 20)

    /** A picture of goods; the caller sets its size. */
    val picture = style(faces.emoji, 500, 22, 22)

    private fun style(
        family: FontFamily, weight: Int, size: Int, line: Int, tracking: Double = 0.0, figures: Boolean = false,
    ) = TextStyle(
        fontFamily = family,
        fontWeight = FontWeight(weight),
        fontSize = size.sp,
        lineHeight = line.sp,
        letterSpacing = tracking.em,
        fontFeatureSettings = if (figures) "tnum" else null,
        // A name may be in another script than the screen; its own first letter says how it runs.
        textDirection = TextDirection.Content,
        textAlign = begin,
        lineHeightStyle = LineHeightStyle(LineHeightStyle.Alignment.Center, LineHeightStyle.Trim.None),
    )
}
