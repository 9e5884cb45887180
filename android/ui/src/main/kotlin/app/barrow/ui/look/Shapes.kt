package app.barrow.ui.look

import androidx.compose.runtime.Immutable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithCache
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Outline
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.Shape
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.clipPath
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import kotlin.math.sqrt

/** A box with round corners whose top end corner may be cut off straight: the market label. */
@Immutable
data class LabelShape(
    /** Radius of the round corners. */
    val radius: Dp = 12.dp,
    /** Length of the cut along both sides; 0 for a round corner like the others. */
    val cut: Dp = 0.dp,
    /** Whether the lower corners are square, as at the foot of the window. */
    val squareFoot: Boolean = false,
) : Shape {
    override fun createOutline(size: Size, layoutDirection: LayoutDirection, density: Density): Outline =
        Outline.Generic(path(size, layoutDirection, density))

    /** The outline as a path, [inset] pixels inside the box, so that a border of twice that width lies inside. */
    fun path(size: Size, direction: LayoutDirection, density: Density, inset: Float = 0f): Path = with(density) {
        val box = Rect(Offset.Zero, size).deflate(inset)
        val round = (radius.toPx() - inset).coerceIn(0f, minOf(box.width, box.height).coerceAtLeast(0f) / 2)
        // A bevel at 45 degrees moves along itself less than the sides do.
        val bevel = (cut.toPx() - inset * (2 - sqrt(2f))).coerceIn(0f, minOf(box.width, box.height).coerceAtLeast(0f))
        val foot = if (squareFoot) 0f else round
        labelPath(box, round, if (cut > 0.dp) bevel else null, foot, direction == LayoutDirection.Rtl)
    }
}

/** Tiles and main buttons. */
val CutShape = LabelShape(cut = 14.dp)

/** Labels that carry a screen's figure. */
val BigCutShape = LabelShape(cut = 22.dp)

/** The chosen tab. */
val TabShape = LabelShape(radius = 10.dp, cut = 11.dp)

/** Keys, chips, fields and lists: no cut. */
val PlainShape = LabelShape()

/** The sheet over the tiles. */
val SheetShape = LabelShape(radius = 20.dp, cut = 32.dp, squareFoot = true)

private fun labelPath(box: Rect, round: Float, bevel: Float?, foot: Float, mirrored: Boolean) = Path().apply {
    fun x(fromStart: Float) = if (mirrored) box.right - fromStart else box.left + fromStart
    val start = x(0f)
    val end = x(box.width)
    moveTo(x(round), box.top)
    if (bevel == null) {
        quarter(Offset(x(box.width - round), box.top), Offset(end, box.top), Offset(end, box.top + round))
    } else {
        lineTo(x(box.width - bevel), box.top)
        lineTo(end, box.top + bevel)
    }
    quarter(Offset(end, box.bottom - foot), Offset(end, box.bottom), Offset(x(box.width - foot), box.bottom))
    quarter(Offset(x(foot), box.bottom), Offset(start, box.bottom), Offset(start, box.bottom - foot))
    quarter(Offset(start, box.top + round), Offset(start, box.top), Offset(x(round), box.top))
    close()
}

/** A line to [from], then a quarter circle round [corner] to [to]. */
private fun Path.quarter(from: Offset, corner: Offset, to: Offset) {
    val pull = 0.5523f // a cubic with this pull is a circle to a thousandth of its radius
    val first = from + (corner - from) * pull
    val second = to + (corner - to) * pull
    lineTo(from.x, from.y)
    cubicTo(first.x, first.y, second.x, second.y, to.x, to.y)
}

/** What a box of the look is drawn with: fill, border along its shape, and the edge that carries its colour. */
@Immutable
data class Paper(
    val fill: Color,
    val border: Color = Color.Transparent,
    val borderWidth: Dp = 1.5.dp,
    /** The colour of the edge at the start, full height and square inside; transparent for none. */
    val edge: Color = Color.Transparent,
    val edgeWidth: Dp = 8.dp,
    /** Whether the border is broken into dashes. */
    val dashed: Boolean = false,
)

/** Draws a box of the look behind the content. */
fun Modifier.paper(shape: LabelShape, paper: Paper): Modifier = drawWithCache {
    val drawing = PaperDrawing(shape, paper, size, layoutDirection, this)
    onDrawBehind { drawing.draw(this) }
}

/** A box ready to be drawn; made once for a size. */
class PaperDrawing(
    shape: LabelShape, private val paper: Paper, private val size: Size, private val direction: LayoutDirection, density: Density,
) {
    private val outline = shape.path(size, direction, density)
    private val bordered = paper.border != Color.Transparent && paper.borderWidth > 0.dp
    private val borderPx = if (bordered) with(density) { paper.borderWidth.toPx() } else 0f
    private val edgePx = with(density) { paper.edgeWidth.toPx() }
    private val borderPath = if (bordered) shape.path(size, direction, density, borderPx / 2) else outline
    private val stroke = Stroke(
        borderPx,
        pathEffect = if (paper.dashed) PathEffect.dashPathEffect(floatArrayOf(borderPx * 4, borderPx * 3)) else null,
    )

    /** Draws fill, edge and border, in that order. */
    fun draw(scope: DrawScope) = with(scope) {
        drawPath(outline, paper.fill)
        if (paper.edge != Color.Transparent) clipPath(outline) {
            val left = if (direction == LayoutDirection.Rtl) size.width - borderPx - edgePx else borderPx
            drawRect(paper.edge, Offset(left, 0f), Size(edgePx, size.height))
        }
        if (bordered) drawPath(borderPath, paper.border, style = stroke)
    }
}
