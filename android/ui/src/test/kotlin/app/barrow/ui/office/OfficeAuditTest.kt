package app.barrow.ui.office

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.test.isRoot
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.unit.dp
import app.barrow.ui.picture.Framed
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.audit
import app.barrow.ui.picture.cutTexts
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test

/** What a screen reader and a finger meet on every screen of the office: a role, a name, room, the order of reading, and no text that is cut. */
class OfficeAuditTest {
    @get:Rule
    val rule = createComposeRule()

    @Test
    fun everyScreenIsForEverybody() = Desk().use { desk ->
        val screens = officeScreens(desk)
        var shown by mutableStateOf(screens.first() to Frames.phone)
        rule.setContent {
            val (screen, frame) = shown
            key(screen, frame) { Box(Modifier.requiredSize(frame.width.dp, frame.height.dp)) { Framed(frame) { screen.screen() } } }
        }
        val faults = mutableListOf<String>()
        for (frame in listOf(Frames.phone, Frames.rightToLeft, Frames.large)) {
            for (screen in screens) {
                shown = screen to frame
                rule.waitForIdle()
                try {
                    rule.audit()
                    if (frame in screen.frames) faults += rule.onAllNodes(isRoot(), useUnmergedTree = true).fetchSemanticsNodes().flatMap(::cutTexts)
                        .map { "${screen.name} in ${frame.name}: $it" }
                } catch (found: AssertionError) {
                    faults += "${screen.name} in ${frame.name}: ${found.message}"
                }
            }
        }
        assertTrue(faults.joinToString("\n"), faults.isEmpty())
    }
}
