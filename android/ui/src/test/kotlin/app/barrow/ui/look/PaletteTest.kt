package app.barrow.ui.look

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** Every pair of colours that carries text reaches the contrast that the look asks for (WCAG 2.2). */
class PaletteTest {
    private val themes = mapOf("light" to LightPalette, "dark" to DarkPalette, "sunlight" to SunlightPalette)

    @Test
    fun textReachesSevenToOne() = themes.forEach { (name, p) ->
        for (ground in listOf(p.ground, p.surface)) {
            for (text in listOf(p.ink, p.ink2, p.action, p.safe, p.attention, p.trouble, p.info)) atLeast(7.0, text, ground, name)
        }
        atLeast(7.0, p.onAction, p.action, name)
        atLeast(7.0, p.onAccent, p.accent, name)
        atLeast(7.0, p.onTrouble, p.trouble, name)
    }

    @Test
    fun linesReachThreeToOne() = themes.forEach { (name, p) ->
        atLeast(3.0, p.line, p.ground, name)
        atLeast(3.0, p.line, p.surface, name)
    }

    @Test
    fun inkAndEdgeStandOutOnEveryTile() {
        assertEquals(12, TileColours.size)
        TileColours.forEach { (name, tile) ->
            atLeast(11.0, LightPalette.ink, tile.ground, name)
            atLeast(6.0, tile.edge, tile.ground, name)
            atLeast(8.0, tile.edge, LightPalette.surface, name)
            atLeast(11.0, tile.ground, DarkPalette.surface, name)
        }
    }

    private fun atLeast(least: Double, a: Color, b: Color, where: String) {
        val (dark, light) = listOf(a.luminance(), b.luminance()).sorted()
        val ratio = (light + 0.05) / (dark + 0.05)
        assertTrue("$where: $a on $b is $ratio, not $least", ratio >= least)
    }
}
