package app.barrow.ui.look

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.PathOperation
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.LayoutDirection
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

/** The cut lies at the top end, is straight, and its border keeps its width along it. */
class ShapesTest {
    private val size = Size(106f, 92f)

    @Test
    fun theCutIsAtTheTopEnd() {
        val leftToRight = path(LayoutDirection.Ltr)
        assertFalse(leftToRight.holds(100f, 5f))
        assertTrue(leftToRight.holds(98f, 7.5f))
        assertTrue(leftToRight.holds(5f, 5f))
        val rightToLeft = path(LayoutDirection.Rtl)
        assertFalse(rightToLeft.holds(6f, 5f))
        assertTrue(rightToLeft.holds(101f, 5f))
    }

    @Test
    fun theBorderKeepsItsWidthAlongTheCut() {
        // A border of 2 lies between the outline and the outline 2 further in; measured at right angles to the cut.
        val inner = path(LayoutDirection.Ltr, inset = 2f)
        val middleOfCut = 99f to 7f
        val step = 0.7071f
        assertFalse(inner.holds(middleOfCut.first - 1.8f * step, middleOfCut.second + 1.8f * step))
        assertTrue(inner.holds(middleOfCut.first - 2.2f * step, middleOfCut.second + 2.2f * step))
    }

    private fun path(direction: LayoutDirection, inset: Float = 0f) = CutShape.path(size, direction, Density(1f), inset)

    private fun Path.holds(x: Float, y: Float): Boolean {
        val dot = Path().apply { addRect(Rect(x - 0.05f, y - 0.05f, x + 0.05f, y + 0.05f)) }
        return !Path().apply { op(dot, this@holds, PathOperation.Intersect) }.isEmpty
    }
}
