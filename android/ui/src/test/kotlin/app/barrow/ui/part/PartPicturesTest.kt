package app.barrow.ui.part

import androidx.compose.foundation.layout.Box
import app.barrow.ui.picture.Frame
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.picture
import org.junit.Test

/** Draws the parts in every setting; the pictures are looked at by a person, the test sees that each can be drawn. */
class PartPicturesTest {
    @Test
    fun tilesAndBarInEverySetting() = Frames.all.forEach { frame ->
        val arabic = frame.language == "ar"
        picture("parts-sell", frame) {
            if (arabic) Stall.Sell(Stall.arabic, listOf("فواكه", "خضار")) else Stall.Sell()
        }
    }

    @Test
    fun sheetOverTiles() = listOf(Frames.phone, Frames.dark, Frames.sunlight).forEach { frame: Frame ->
        picture("parts-done", frame) {
            Box {
                Stall.Sell()
                Stall.Done()
            }
        }
    }
}
