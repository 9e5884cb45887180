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

    private val words = name.trim(' ').split(SPACES)

    /** Each word on a line of its own: measured together they are as wide as the widest. */
    private val apart = words.joinToString("\n")

    /** How the words lie at full size. */
    private val full = measurer.measure(apart, style(measures.nameSp, TIGHT), softWrap = false)

    /** Whether lines end at spaces alone, so that the words' widths tell how many lines there are. */
    private val plain = name.all { it == ' ' || it == NO_BREAK || it in PLAIN_MARKS || it < LATIN_END && it.isLetterOrDigit() }

    /** The name in [room] by [height] pixels; what is too long even at the smallest size ends in an ellipsis. */
    fun fit(room: Int, height: Float): TextLayoutResult {
        val widest = widestSize(room)
        for (size in widest downTo measures.minNameSp) {
            for (line in listOf(measures.nameLineSp / size.toFloat(), TIGHT)) {
                val style = style(size, line)
                if (plain && fewestLines(size, room) > lines(style, height)) continue
                measure(name, style, room, height).takeUnless { it.hasVisualOverflow }?.let { return it }
            }
        }
        val style = style(measures.minNameSp, TIGHT)
        val whole = if (widest < measures.minNameSp) name.split(' ').joinToString(" ") { parted(it, style, room) } else name
        return measure(whole, style, room, height)
    }

    /** The largest size at which every word fits: words are as wide as they are large, so few sizes are measured. */
    private fun widestSize(room: Int): Int {
        val wide = full.size.width
        if (wide <= room) return measures.nameSp
        val most = (measures.nameSp * room / wide + 1).coerceAtMost(measures.nameSp - 1)
        return (most downTo measures.minNameSp).firstOrNull { width(apart, style(it, TIGHT)) <= room } ?: (measures.minNameSp - 1)
    }

    /**
     * So many lines a name of plain words takes at least, told by the widths that its words have at full size: most sizes
     * that are too large need no layout. Words count as a little narrower than they are.
     */
    private fun fewestLines(size: Int, room: Int): Int {
        val space = density.run { size.sp.toPx() } * LEAST_SPACE
        var lines = 1
        var filled = -space
        for (word in words.indices) {
            val wide = (full.getLineRight(word) - full.getLineLeft(word)) * size / measures.nameSp * NARROWER
            filled += space + wide
            if (filled > room) {
                lines++
                filled = wide
            }
        }
        return lines
    }

    private fun lines(style: TextStyle, height: Float) =
        (height / density.run { style.lineHeight.toPx() }).toInt().coerceIn(1, measures.nameLines)

    private fun measure(text: String, style: TextStyle, room: Int, height: Float): TextLayoutResult = measurer.measure(
        text, style, TextOverflow.Ellipsis, maxLines = lines(style, height), constraints = Constraints(minWidth = room, maxWidth = room),
        layoutDirection = direction,
    )

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

        /** No space is narrower, in letters' heights. */
        const val LEAST_SPACE = 0.3f

        /** Words of another size may be narrower by this than their size says. */
        const val NARROWER = 0.99f
        const val NO_BREAK = '\u00A0'

        /** Letters before this one are of scripts whose lines end at spaces. */
        const val LATIN_END = '\u0250'

        /** Marks after which no line ends. */
        const val PLAIN_MARKS = ".,'&%"
        val SPACES = Regex(" +")
    }
}
