package app.barrow.ui.part

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.CacheDrawScope
import androidx.compose.ui.draw.drawWithCache
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.clipPath
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.TextMeasurer
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.drawText
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.em
import androidx.compose.ui.unit.sp
import app.barrow.core.Currency
import app.barrow.ui.look.CutShape
import app.barrow.ui.look.Look
import app.barrow.ui.look.Palette
import app.barrow.ui.look.Paper
import app.barrow.ui.look.PaperDrawing
import app.barrow.ui.look.Pictures
import app.barrow.ui.look.TileForm
import app.barrow.ui.look.TileMeasures
import app.barrow.ui.look.Type
import app.barrow.ui.look.pressable
import app.barrow.ui.look.tileColour

/** What stands on a tile. */
@Immutable
data class TileFace(
    val name: String,
    val priceMinor: Long,
    val currency: Currency,
    /** What the price is for when it is not one piece: "kg"; null for a piece. */
    val per: String? = null,
    /** One of the twelve names of colours. */
    val colour: String = "stone",
    /** One emoji, or empty. */
    val emoji: String = "",
    val soldOut: Boolean = false,
    /** False where the price is asked at the till. */
    val priced: Boolean = true,
)

/** One key of goods: a market label with name, price and picture; [count] of it lie in the cart. */
@Composable
fun Tile(face: TileFace, onPress: () -> Unit, modifier: Modifier = Modifier, count: Int = 0, onMenu: (() -> Unit)? = null) {
    val words = Look.words
    val palette = Look.palette
    val type = Look.type
    val measures = Look.measures.tile
    val measurer = Look.measurer
    val price = if (face.priced) Look.figures.money(face.priceMinor, face.currency) else words.text("common.open_price")
    val soldOut = words.text("common.sold_out")
    val perUnit = face.per?.let { words.text("common.per_short", it) }
    val drawer = remember(palette, type, measures, measurer, face, price, words) {
        TileDrawer(palette, type, measures, measurer, face, price, perUnit, soldOut)
    }
    val said = listOfNotNull(face.name, face.per?.let { words.text("common.price_per", price, it) } ?: price).joinToString(", ")
    val state = listOfNotNull(soldOut.takeIf { face.soldOut }, words.count("common.in_cart", count).takeIf { count > 0 }).joinToString(", ")
    Box(modifier.defaultMinSize(minHeight = measures.height)) {
        Spacer(
            Modifier.matchParentSize().drawWithCache { drawer.draw(this) }
                .pressable(CutShape, onLongPress = onMenu, onLongPressDoes = words.text("common.menu"), onPress = onPress)
                .semantics { contentDescription = said; if (state.isNotEmpty()) stateDescription = state },
        )
        CountBubble(count, Modifier.align(Alignment.TopEnd))
    }
}

/** Draws one face. Everything on it is measured once for a size and drawn as one node: a page of tiles stays cheap. */
private class TileDrawer(
    private val palette: Palette,
    private val type: Type,
    private val measures: TileMeasures,
    private val measurer: TextMeasurer,
    private val face: TileFace,
    private val price: String,
    private val perUnit: String?,
    private val soldOutWord: String,
) {
    private val colour = tileColour(face.colour)
    private val picture = face.emoji.takeIf { !face.soldOut && Pictures.has(it) }?.replace("\uFE0F", "")

    fun draw(scope: CacheDrawScope) = with(scope) {
        val border = if (palette.tileForm == TileForm.Outlined) palette.lineWidthDp.dp.toPx() else 0f
        val paper = PaperDrawing(CutShape, paper(), size, layoutDirection, this)
        val left = measures.start.toPx()
        val room = (size.width - left - measures.end.toPx() - border).toInt().coerceAtLeast(1)
        val row = priceRow(room, this)
        val word = if (face.soldOut) soldOutText(room) else null
        val high = size.height - measures.top.toPx() - measures.bottom.toPx() - row.height - (word?.size?.height ?: 0)
        val name = FittedName(measurer, palette, type, measures, face, layoutDirection, this).fit(room, high)
        onDrawBehind {
            paper.draw(this)
            if (face.soldOut) strike(this)
            val bottom = size.height - measures.bottom.toPx()
            drawText(name, topLeft = at(left, measures.top.toPx(), name.size.width))
            val top = bottom - row.height
            drawText(row.price, topLeft = at(left, top, row.price.size.width))
            row.unit?.let {
                val beside = left + row.price.size.width + 1.dp.toPx()
                drawText(it, topLeft = at(beside, top + row.price.firstBaseline - it.firstBaseline, it.size.width))
            }
            word?.let { drawText(it, topLeft = at(left, top - it.size.height, it.size.width)) }
            row.picture?.let { drawText(it, topLeft = picturePlace(it, row.pictureBottom, this)) }
        }
    }

    private fun paper(): Paper = when {
        palette.tileForm == TileForm.Outlined -> Paper(palette.surface, palette.line, palette.lineWidthDp.dp, colour.edge)
        palette.tileForm == TileForm.Surface -> Paper(palette.surface, edge = colour.ground)
        face.soldOut -> Paper(palette.surface, edge = colour.edge)
        else -> Paper(colour.ground, edge = colour.edge)
    }

    /** The price with its unit in the room there is: smaller where it must be, and without the picture before that. */
    private fun priceRow(room: Int, scope: CacheDrawScope): PriceRow = with(scope) {
        val wanted = if (perUnit == null) measures.picture else measures.pictureBesideUnit
        val drawing = picture?.takeIf { wanted > 0.dp }?.let { measurer.measure(it, pictureStyle(wanted, scope), maxLines = 1) }
        val above = measures.pictureAboveBottom > 0.dp && size.height >= ROOM_FOR_PICTURE * wanted.toPx()
        val bottom = when {
            above -> measures.pictureAboveBottom
            perUnit == null -> measures.pictureBottom
            else -> measures.pictureBottomBesideUnit
        }.toPx()
        var scale = 1f
        var row = PriceRow(text(price, priceStyle(scale)), perUnit?.let { text(it, unitStyle(scale)) }, null, bottom)
        while (row.width > room && scale > LEAST_SCALE) {
            scale *= minOf(0.97f, room / row.width.toFloat())
            row = PriceRow(text(price, priceStyle(scale)), perUnit?.let { text(it, unitStyle(scale)) }, null, bottom)
        }
        val fits = drawing == null || above || row.width + drawing.size.width <= room
        row.copy(picture = drawing.takeIf { fits })
    }

    private fun picturePlace(drawing: TextLayoutResult, bottom: Float, scope: DrawScope): Offset = with(scope) {
        val end = (if (perUnit == null) measures.pictureEnd else measures.pictureEndBesideUnit).toPx()
        at(size.width - end - drawing.size.width, size.height - bottom - drawing.size.height, drawing.size.width)
    }

    private data class PriceRow(val price: TextLayoutResult, val unit: TextLayoutResult?, val picture: TextLayoutResult?, val pictureBottom: Float) {
        val width get() = price.size.width + (unit?.size?.width ?: 0) + 1
        val height get() = price.size.height
    }

    private fun text(text: String, style: TextStyle) = measurer.measure(text, style, maxLines = 1, softWrap = false)

    private fun priceStyle(scale: Float) = type.price.copy(
        color = palette.ink, fontSize = (measures.priceSp * scale).sp, lineHeight = measures.priceLineSp.sp,
        fontWeight = FontWeight(measures.priceWeight),
        letterSpacing = if (palette.tileForm == TileForm.Outlined) (-0.035).em else (-0.02).em,
    )

    private fun unitStyle(scale: Float) = type.key.copy(
        color = palette.ink, fontSize = (measures.unitSp * scale).sp, letterSpacing = (-0.03).em,
        fontWeight = FontWeight(if (palette.tileForm == TileForm.Outlined) 700 else 600),
    )

    /** The sold-out word, smaller where the room asks for it. */
    private fun soldOutText(room: Int): TextLayoutResult {
        val size = minOf(17, measures.nameSp - 1).sp
        val style = type.small.copy(color = palette.ink, fontSize = size, lineHeight = 18.sp, fontWeight = FontWeight.Bold)
        val full = text(soldOutWord, style)
        return if (full.size.width <= room) full else text(soldOutWord, style.copy(fontSize = style.fontSize * (0.98f * room / full.size.width)))
    }

    private fun pictureStyle(size: Dp, scope: CacheDrawScope) = with(scope) {
        val ink = if (palette.tileForm == TileForm.Surface) colour.ground else colour.edge
        type.picture.copy(color = ink, fontSize = size.toSp(), lineHeight = size.toSp())
    }

    /** The line through what is sold out: from the lower start to the upper end, behind the words. */
    private fun strike(scope: DrawScope) = with(scope) {
        val edge = 8.dp.toPx()
        val outline = CutShape.path(size, layoutDirection, this)
        clipPath(outline) {
            val mirrored = layoutDirection == LayoutDirection.Rtl
            val from = Offset(if (mirrored) size.width - edge else edge, 0f)
            val to = Offset(if (mirrored) 0f else size.width, size.height)
            drawLine(palette.ink2, from, to, 2.4.dp.toPx(), alpha = 0.55f)
        }
    }
}

/** A tile is tall enough for its picture above the price from this many times the picture on. */
private const val ROOM_FOR_PICTURE = 4f

/** No price gets smaller than this part of its size; the largest amount there is fits at 310 %. */
private const val LEAST_SCALE = 0.05f

/** A place counted from the start of the line of reading. */
private fun DrawScope.at(fromStart: Float, top: Float, width: Int): Offset =
    Offset(if (layoutDirection == LayoutDirection.Rtl) size.width - fromStart - width else fromStart, top)
