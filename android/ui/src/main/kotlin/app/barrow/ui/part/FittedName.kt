package app.barrow.ui.part

import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.TextMeasurer
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Constraints
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.sp
import app.barrow.ui.look.Palette
import app.barrow.ui.look.TileMeasures
import app.barrow.ui.look.Type

/**
 * The name on a tile in the room there is. A word that is too wide makes this name smaller, step by step; at the
 * smallest size it is parted with a hyphen. A number and its unit stay together.
 */
internal class FittedName(
    private val measurer: TextMeasurer,
    private val palette: Palette,
    private val type: Type,
    private val measures: TileMeasures,
    private val face: TileFace,
    private val direction: LayoutDirection,
    private val density: Density,
) {
    private val name = face.name.take(LONGEST).together()

    /** Each word on a line of its own: measured together they are as wide as the widest. */
    private val words = name.trim(' ').replace(SPACES, "\n")

    /** The name in [room] by [height] pixels; what is too long even at the smallest size ends in an ellipsis. */
    fun fit(room: Int, height: Float): TextLayoutResult {
        for (size in widestSize(room) downTo measures.minNameSp) {
            for (line in listOf(measures.nameLineSp / size.toFloat(), TIGHT)) {
                measure(name, style(size, line), room, height).takeUnless { it.hasVisualOverflow }?.let { return it }
            }
        }
        val style = style(measures.minNameSp, TIGHT)
        return measure(name.split(' ').joinToString(" ") { parted(it, style, room) }, style, room, height)
    }

    /** The largest size at which every word fits: words are as wide as they are large, so few sizes are measured. */
    private fun widestSize(room: Int): Int {
        val full = width(words, style(measures.nameSp, TIGHT))
        if (full <= room) return measures.nameSp
        val most = (measures.nameSp * room / full + 1).coerceAtMost(measures.nameSp - 1)
        return (most downTo measures.minNameSp).firstOrNull { width(words, style(it, TIGHT)) <= room } ?: (measures.minNameSp - 1)
    }

    private fun measure(text: String, style: TextStyle, room: Int, height: Float): TextLayoutResult {
        val lines = (height / density.run { style.lineHeight.toPx() }).toInt().coerceIn(1, measures.nameLines)
        return measurer.measure(
            text, style, TextOverflow.Ellipsis, maxLines = lines, constraints = Constraints(minWidth = room, maxWidth = room),
            layoutDirection = direction,
        )
    }

    private fun style(size: Int, line: Float) = type.name.copy(
        color = if (face.soldOut) palette.ink2 else palette.ink, fontSize = size.sp,
        lineHeight = (size * line).sp,
        fontWeight = FontWeight(measures.nameWeight),
    )

    private fun width(text: String, style: TextStyle) = measurer.measure(text, style, softWrap = false).size.width

    /** Parts a word before the last syllable that still fits with its hyphen; scripts without cases stay whole. */
    private fun parted(word: String, style: TextStyle, room: Int): String {
        if (word.length < 6 || !word.any { it.isLowerCase() } || width(word, style) <= room) return word
        val cut = (word.length - 3 downTo 3).firstOrNull { syllable(word, it) && width("${word.take(it)}-", style) <= room }
            ?: (word.length - 3 downTo 3).firstOrNull { width("${word.take(it)}-", style) <= room } ?: return word
        return "${word.take(cut)}-\u200B${parted(word.drop(cut), style, room)}"
    }

    /** Whether a syllable may begin here: one consonant and a vowel, after something that is not the same consonant group. */
    private fun syllable(word: String, at: Int) =
        !vowel(word[at]) && vowel(word[at + 1]) && word[at].isLetter() && word.take(at).any(::vowel)

    private fun vowel(letter: Char) = letter.lowercaseChar() in "aeiouyäöüàâéèêëîïôùûáíóúœæ"

    private companion object {
        /** The closest that lines may come, in letters' heights. */
        const val TIGHT = 1.14f

        /** No tile shows more than this many letters of a name. */
        const val LONGEST = 80
        val SPACES = Regex(" +")
    }
}
