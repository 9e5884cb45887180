package app.barrow.ui.part

import androidx.compose.foundation.layout.Box
import androidx.compose.runtime.Composable
import app.barrow.ui.look.LookSetting
import app.barrow.ui.picture.Frame
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.picture
import app.barrow.ui.picture.pictureFolder
import org.junit.Test

/** Draws the parts; all settings where a person asks for the pictures to look at, else the two that differ most. */
class PartPicturesTest {
    private val few = pictureFolder == null

    @Test
    fun tilesAndBarInEverySetting() = (if (few) listOf(Frames.phone, Frames.largeRightToLeft) else Frames.all).forEach { frame ->
        val arabic = frame.language == "ar"
        picture("parts-sell", frame) {
            if (arabic) Stall.Sell(Stall.arabic, listOf("فواكه", "خضار")) else Stall.Sell()
        }
    }

    @Test
    fun sheetOverTiles() = (if (few) listOf(Frames.dark) else listOf(Frames.phone, Frames.dark, Frames.sunlight)).forEach { frame: Frame ->
        picture("parts-done", frame) {
            Box {
                Stall.Sell()
                Stall.Done()
            }
        }
    }

    @Test
    fun namesAndAmountsAtTheirLimits() {
        val large = Frame("310", look = LookSetting(textScale = 3.1f, reducedMotion = true))
        for (frame in if (few) listOf(large) else listOf(Frames.phone, Frames.rain, Frames.large, large)) picture("parts-limits", frame) { Shelf.Limits() }
    }

    @Test
    fun everyOtherPart() {
        val pages = mapOf<String, @Composable () -> Unit>(
            "cart" to { Shelf.Cart() }, "charge" to { Shelf.Charge() }, "weigh" to { Shelf.Weigh() }, "count" to { Shelf.Count() }, "today" to { Shelf.Today() },
        )
        for ((name, page) in pages) for (frame in if (few) listOf(Frames.sunlight) else listOf(Frames.phone, Frames.dark, Frames.sunlight, Frames.rightToLeft, Frames.large)) picture("parts-$name", frame) { page() }
    }
}
