package app.barrow.ui.office

import androidx.compose.foundation.layout.Column
import androidx.compose.runtime.Composable
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.part.Strip
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.picture
import app.barrow.ui.picture.pictureFolder
import org.junit.Test

/** Every screen of the office drawn: in all the settings that are asked for when pictures are kept, else on a phone only. */
class OfficePictures {
    @Test
    fun everyScreenCanBeDrawn() = Desk().use { desk ->
        for (shown in officeScreens(desk)) {
            val frames = if (pictureFolder != null) shown.frames else shown.frames.filter { it == Frames.phone }
            // The phone in light is looked at closely; the others are kept small.
            for (frame in frames) picture(shown.name, if (frame == Frames.phone) frame else frame.copy(density = 1f)) { UnderStrip(shown) }
        }
    }
}

/** A screen as the app shows it: under the strip, once there is a till. */
@Composable
fun UnderStrip(shown: Shown) = Column {
    if (shown.strip) {
        val rest = listOfNotNull("sell.backup_never", "sell.rain".takeIf { Look.measures.rain }).map { Look.words.text(it) }
        Strip(if (Look.measures.wide) Icons.DeviceTablet else Icons.DeviceMobile, Look.words.text("sell.saved_here"), {}, rest = rest.joinToString(" · "))
    }
    shown.screen()
}
