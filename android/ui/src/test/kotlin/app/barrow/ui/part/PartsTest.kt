package app.barrow.ui.part

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.runtime.Composable
import androidx.compose.ui.ExperimentalComposeUiApi
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.graphics.toComposeImageBitmap
import androidx.compose.ui.input.pointer.PointerEventType
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.hasStateDescription
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import androidx.compose.ui.use
import app.barrow.ui.look.Icons
import app.barrow.ui.picture.Frame
import app.barrow.ui.picture.Framed
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.audit
import javax.swing.SwingUtilities
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertThrows
import org.junit.Rule
import org.junit.Test

/** What parts tell a screen reader and a finger. */
class PartsTest {
    @get:Rule
    val rule = createComposeRule()

    private val strip = setOf("Saved here, 3 to send, Reader ready, Printer ready", "Saved here, 3 to send, No paper")

    @Test
    fun tilesAndBarPassTheAudit() {
        rule.setContent { Framed(Frames.phone) { Stall.Sell() } }
        rule.audit(thin = strip)
        rule.onNodeWithContentDescription("Apples, Elstar, 3.49 per kg").assert(hasStateDescription("1 in the cart"))
    }

    @Test
    fun tilesAndBarPassTheAuditFromRightToLeftAtTwoHundred() {
        rule.setContent { Framed(Frames.largeRightToLeft) { Stall.Sell(Stall.arabic, listOf("فواكه", "خضار")) } }
        rule.audit(thin = strip)
        rule.onNodeWithContentDescription("تفاح إلستار, 3.49 لكل كغ").assert(hasStateDescription("واحد في السلة"))
    }

    @Test
    fun cartPassesTheAudit() = passes { Shelf.Cart() }

    @Test
    fun chargePassesTheAudit() = passes { Shelf.Charge() }

    @Test
    fun weighPassesTheAudit() = passes { Shelf.Weigh() }

    @Test
    fun countPassesTheAudit() = passes { Shelf.Count() }

    @Test
    fun theAuditBites() {
        rule.setContent { Framed(Frames.phone) { KeyBox("", {}, Modifier.size(30.dp), minHeight = 20.dp) { } } }
        val faults = assertThrows(AssertionError::class.java) { rule.audit() }.message.orEmpty()
        for (fault in listOf("no name", "30 x 30 dp", "in the outer margin")) assert(fault in faults) { faults }
    }

    @Test
    fun aPressIsSeenInTheNextFrameEvenInAList() {
        assertNotEquals(colourOfKey(pressed = false), colourOfKey(pressed = true))
    }

    @Test
    fun aChosenChipSaysSo() {
        rule.setContent { Framed(Frames.phone) { Column(Modifier.padding(12.dp)) { Chip("Bag 6 g", {}, chosen = true) } } }
        rule.onNodeWithContentDescription("Bag 6 g").assert(SemanticsMatcher.expectValue(SemanticsProperties.Selected, true))
    }

    private fun passes(page: @Composable () -> Unit) {
        rule.setContent { Framed(Frames.phone, page) }
        rule.audit(thin = strip)
    }

    /** The colour in the middle of a key in a scrolling list, one frame after a finger came down on it. */
    @OptIn(ExperimentalComposeUiApi::class)
    private fun colourOfKey(pressed: Boolean): Int {
        var colour = 0
        SwingUtilities.invokeAndWait {
            ImageComposeScene(360, 200, Density(1f)) { Framed(Frame("key")) { ScrollingKey() } }.use { scene ->
                repeat(3) { scene.render(it * 16_000_000L) }
                if (pressed) scene.sendPointerEvent(PointerEventType.Press, Offset(100f, 40f))
                colour = scene.render(64_000_000L).toComposeImageBitmap().toAwtImage().getRGB(100, 40)
            }
        }
        return colour
    }
}

@Composable
private fun ScrollingKey() = LazyColumn {
    item { Key("", {}, Modifier.padding(12.dp).fillMaxWidth(), Icons.Plus) }
}
