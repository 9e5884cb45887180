package app.barrow.ui.picture

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Look
import app.barrow.ui.part.Key
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

/** The look for cut texts finds them, and lets whole ones pass. */
class CutTextTest {
    private fun faults(content: @Composable () -> Unit): String =
        assertThrows(AssertionError::class.java) { draw(Frames.phone, content = content) }.message.orEmpty()

    @Test
    fun dotsAtTheEndOfAName() =
        assertTrue("is cut" in faults { Text("Strawberries 500 g", Modifier.width(80.dp), maxLines = 1, overflow = TextOverflow.Ellipsis) })

    @Test
    fun aNumberThatTheEndOfALineBreaks() = assertTrue("is broken" in faults { Text("89,999,999,999.99", Modifier.width(80.dp)) })

    @Test
    fun aWordWithoutRoom() = assertTrue("has no room" in faults {
        Row {
            Text("Shop", Modifier.weight(1f))
            Text("A name as wide as the window, and wider than that", maxLines = 2)
        }
    })

    @Test
    fun aFigureHalfHidden() = assertTrue("not wholly in sight" in faults {
        Column(Modifier.height(30.dp).verticalScroll(rememberScrollState())) { Text("22.31", style = Look.type.figure) }
    })

    @Test
    fun aKeyTooNarrowForItsWord() = assertTrue("is cut" in faults { Key("Donaudampfschifffahrt", { }, Modifier.width(24.dp)) })

    @Test
    fun wholeTextsPass() {
        draw(Frames.phone) { Column { Text("Strawberries 500 g"); Text("22.31", style = Look.type.figure); Key("Charge", { }) } }
    }
}
