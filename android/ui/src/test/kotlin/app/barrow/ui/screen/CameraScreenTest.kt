package app.barrow.ui.screen

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.performClick
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.Framed
import app.barrow.ui.picture.audit
import app.barrow.ui.picture.picture
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test

/** The camera: told before asked, and never in the way of selling. */
class CameraScreenTest {
    @get:Rule
    val rule = createComposeRule()

    @Test
    fun `the reason stands before the question`() {
        val events = mutableListOf<CameraEvent>()
        rule.setContent { Framed(Frames.phone) { CameraScreen(CameraState.Reason, events::add) {} } }
        rule.audit()
        rule.onNodeWithContentDescription("Allow the camera").performClick()
        rule.onNodeWithContentDescription("Go on without the camera").performClick()
        assertEquals(listOf(CameraEvent.Allow, CameraEvent.Close), events)
    }

    @Test
    fun `a refusal for good leads to the settings`() {
        val events = mutableListOf<CameraEvent>()
        rule.setContent { Framed(Frames.phone) { CameraScreen(CameraState.Refused, events::add) {} } }
        rule.audit()
        rule.onNodeWithContentDescription("Open the settings").performClick()
        assertEquals(listOf(CameraEvent.Settings), events)
    }

    @Test
    fun `every state is drawn`() {
        for (state in CameraState.entries) for (frame in listOf(Frames.phone, Frames.dark, Frames.rightToLeft, Frames.large)) {
            picture("camera-${state.name.lowercase()}", frame) { CameraScreen(state, {}) { Box(it.background(Color.DarkGray)) } }
        }
    }
}
