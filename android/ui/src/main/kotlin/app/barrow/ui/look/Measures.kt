package app.barrow.ui.look

import androidx.compose.runtime.Immutable
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp

/** Nothing to press lies in the outer margin. */
val Margin = 12.dp

/** What belongs together lies this far apart. */
val Gap = 8.dp

/** The least touch target. */
val Touch = 48.dp

/** What is pressed all day. */
val TouchOften = 64.dp

/** The main button. */
val TouchMain = 72.dp

/** From this width on a screen shows two things side by side. */
val WideFrom = 840.dp

/** Sizes that depend on the window, the person's text size and the weather. */
@Immutable
data class Measures(
    /** Whether the window is a tablet's or a desktop's. */
    val wide: Boolean = false,
    /** How much larger than usual text is: 2 for 200 %. */
    val textScale: Float = 1f,
    /** Whether it rains: two columns, large gaps, no swipes. */
    val rain: Boolean = false,
    /** Whether the sun stands on the screen: heavier, larger, no pictures. */
    val sunlight: Boolean = false,
) {
    /** Whether text is so large that rows stack and pictures go. */
    val large: Boolean get() = textScale >= 1.5f

    /** Columns of a page of tiles. */
    val columns: Int get() = if (!wide && (rain || large)) 2 else 3

    /** Space between tiles. */
    val tileGap: Dp get() = if (rain) 12.dp else Gap

    /** Measures of a tile. */
    val tile: TileMeasures
        get() = when {
            large && !wide -> LargeTile
            wide -> WideTile
            rain -> RainTile
            sunlight -> SunlightTile
            else -> PhoneTile
        }.let { it.copy(height = it.height * textScale, minNameSp = if (sunlight) 17 else 15) }
}

/** Measures of a tile; text sizes in sp, the rest in dp. */
@Immutable
data class TileMeasures(
    /** Height at usual text size; a tablet's tile may be given more. */
    val height: Dp,
    val start: Dp,
    val top: Dp,
    val end: Dp,
    val bottom: Dp,
    val nameSp: Int = 18,
    val nameLineSp: Int = 22,
    val minNameSp: Int = 15,
    val nameLines: Int = 2,
    val nameWeight: Int = 600,
    val priceSp: Int = 20,
    val priceLineSp: Int = 24,
    val priceWeight: Int = 700,
    val unitSp: Int = 15,
    /** Size of the picture, and of the picture beside a unit; 0 for none. */
    val picture: Dp = 22.dp,
    val pictureBesideUnit: Dp = picture,
    val pictureEnd: Dp = 6.dp,
    val pictureEndBesideUnit: Dp = pictureEnd,
    val pictureBottom: Dp = 6.dp,
    val pictureBottomBesideUnit: Dp = 8.dp,
    /** Where the picture stands above the price of a tile that is tall enough; 0 where it never does. */
    val pictureAboveBottom: Dp = 0.dp,
    val bubble: Dp = 25.dp,
    val bubbleSp: Int = 17,
    /** How far the bubble reaches out of the tile, to the end and upwards. */
    val bubbleOut: Dp = 8.dp,
    val bubbleUp: Dp = 11.dp,
)

private val PhoneTile = TileMeasures(
    92.dp, start = 13.dp, top = 9.dp, end = 4.dp, bottom = 7.dp, pictureBesideUnit = 18.dp, pictureEndBesideUnit = 3.dp,
)

private val SunlightTile = TileMeasures(
    108.dp, start = 14.dp, top = 8.dp, end = 5.dp, bottom = 7.dp, nameLineSp = 19, nameLines = 3, nameWeight = 700,
    priceSp = 28, priceLineSp = 30, priceWeight = 800, unitSp = 17, picture = 0.dp,
)

private val RainTile = TileMeasures(
    100.dp, start = 18.dp, top = 9.dp, end = 8.dp, bottom = 7.dp, nameSp = 20, nameLineSp = 23, priceSp = 24, priceLineSp = 28,
    unitSp = 17, picture = 34.dp, pictureEnd = 10.dp, pictureBottom = 8.dp,
)

private val LargeTile = TileMeasures(
    90.dp, start = 20.dp, top = 13.dp, end = 8.dp, bottom = 8.dp, nameLineSp = 23, nameLines = 3, priceLineSp = 23, picture = 0.dp,
    bubble = 40.dp, bubbleSp = 15, bubbleOut = 6.dp, bubbleUp = 16.dp,
)

private val WideTile = TileMeasures(
    120.dp, start = 20.dp, top = 12.dp, end = 8.dp, bottom = 10.dp, priceSp = 24, priceLineSp = 28, unitSp = 17, picture = 36.dp,
    pictureEnd = 10.dp, pictureBottom = 8.dp, pictureAboveBottom = 44.dp,
)
