package app.barrow.ui.part

import androidx.compose.foundation.layout.Box
import androidx.compose.runtime.Composable
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

    @Test
    fun everyOtherPart() {
        val pages = mapOf<String, @Composable () -> Unit>(
            "cart" to { Shelf.Cart() }, "charge" to { Shelf.Charge() }, "weigh" to { Shelf.Weigh() }, "count" to { Shelf.Count() }, "today" to { Shelf.Today() },
        )
        for ((name, page) in pages) for (frame in listOf(Frames.phone, Frames.dark, Frames.sunlight, Frames.rightToLeft)) picture("parts-$name", frame) { page() }
    }
}
