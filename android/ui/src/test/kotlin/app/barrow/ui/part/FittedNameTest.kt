package app.barrow.ui.part

import androidx.compose.ui.text.TextMeasurer
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.font.createFontFamilyResolver
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Constraints
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.TextUnit
import androidx.compose.ui.unit.sp
import app.barrow.core.Currency
import app.barrow.ui.look.LightPalette
import app.barrow.ui.look.Measures
import app.barrow.ui.look.Type
import app.barrow.ui.look.desktopFaces
import kotlin.random.Random
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** Names on tiles: what their words' widths tell is what laying them out at every size finds. */
class FittedNameTest {
    private val density = Density(1f)
    private val type = Type(desktopFaces())
    private val tile = Measures(wide = true).tile
    private val measurer = TextMeasurer(createFontFamilyResolver(), density, LayoutDirection.Ltr, cacheSize = 0)

    @Test
    fun namesHaveTheLargestSizeThatFits() {
        val chance = Random(4)
        val found = List(400) {
            val name = List(chance.nextInt(1, 7)) { WORDS.random(chance) }.joinToString(" ").together()
            val room = chance.nextInt(84, 150)
            val height = chance.nextInt(30, 60).toFloat()
            largest(name, room, height).also { largest ->
                val fitted = fitted(name, room, height)
                assertEquals("$name in $room x $height", largest ?: (tile.minNameSp.sp to (tile.minNameSp * TIGHT).sp), fitted)
            }
        }
        assertTrue("some fit and some don't", found.distinct().size > 6 && null in found)
    }

    private fun fitted(name: String, room: Int, height: Float): Pair<TextUnit, TextUnit> {
        val face = TileFace(name, 100, Currency("EUR", 2u))
        val style = FittedName(measurer, LightPalette, type, tile, face, LayoutDirection.Ltr, density).fit(room, height).layoutInput.style
        return style.fontSize to style.lineHeight
    }

    /** The size and the height of a line at which the whole name is seen and no word is broken: by trying them all. */
    private fun largest(name: String, room: Int, height: Float): Pair<TextUnit, TextUnit>? =
        (tile.nameSp downTo tile.minNameSp).flatMap { size -> listOf(tile.nameLineSp / size.toFloat(), TIGHT).map { size to it } }.firstOrNull { (size, line) ->
            val style = type.name.copy(fontSize = size.sp, lineHeight = (size * line).sp, fontWeight = FontWeight(tile.nameWeight))
            val lines = (height / (size * line)).toInt().coerceIn(1, tile.nameLines)
            name.split(' ').all { measurer.measure(it, style, softWrap = false).size.width <= room } &&
                !measurer.measure(name, style, TextOverflow.Ellipsis, maxLines = lines, constraints = Constraints(room, room)).hasVisualOverflow
        }?.let { (size, line) -> size.sp to (size * line).sp }

    private companion object {
        const val TIGHT = 1.14f
        val WORDS = listOf(
            "white", "heart", "t-light", "holder", "of", "Äpfel", "Käse", "St.Clements", "O'Neill", "4", "750", "small", "blue/green",
            "christmas", "retrospot", "semi-skimmed", "ill", "WWW", "tea", "jam", "%", "crème", "brûlée", "Zwiebeln", "a", "قهوة", "&",
        )
    }
}
