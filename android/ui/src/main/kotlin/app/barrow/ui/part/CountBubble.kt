package app.barrow.ui.part

import androidx.compose.animation.core.Animatable
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithCache
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.drawscope.scale
import androidx.compose.ui.text.drawText
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import app.barrow.ui.look.Look

/** How much the bubble swells when its count changes. */
private const val SWELL = 1.3f

/** More than this is said, but drawn as "99+". */
private const val MOST = 99

/**
 * How many of a thing lie in the cart, drawn out of the cut of its tile and over the tile above. It takes no touch and
 * no room, says nothing of its own (the tile does), and is not there at 0.
 */
@Composable
fun CountBubble(count: Int, modifier: Modifier = Modifier) {
    val swell = remember { Animatable(1f) }
    val known = remember { intArrayOf(count) }
    val motion = Look.motion
    LaunchedEffect(count) {
        if (count == known[0]) return@LaunchedEffect
        known[0] = count
        if (motion.reduced) return@LaunchedEffect
        swell.snapTo(SWELL)
        swell.animateTo(1f, motion.bubble())
    }
    if (count <= 0) return
    val palette = Look.palette
    val measures = Look.measures.tile
    val style = Look.type.amount.copy(
        color = palette.onAccent, fontSize = measures.bubbleSp.sp, lineHeight = measures.bubbleSp.sp, fontWeight = FontWeight.Bold,
    )
    val text = if (count > MOST) Look.figures.whole(MOST.toLong()) + "+" else Look.figures.whole(count.toLong())
    val measurer = rememberTextMeasurer(cacheSize = 2)
    Spacer(modifier.size(0.dp).drawWithCache {
        val number = measurer.measure(text, style, maxLines = 1)
        val height = measures.bubble.toPx()
        val width = maxOf(height, number.size.width + 14.dp.toPx())
        val out = measures.bubbleOut.toPx()
        val corner = Offset(if (layoutDirection == LayoutDirection.Rtl) -out else out - width, -measures.bubbleUp.toPx())
        val middle = corner + Offset(width / 2, height / 2)
        val ring = 2.dp.toPx()
        onDrawBehind {
            scale(swell.value, middle) {
                drawRoundRect(palette.bubbleRing, corner, Size(width, height), CornerRadius(height / 2))
                drawRoundRect(palette.accent, corner + Offset(ring, ring), Size(width - 2 * ring, height - 2 * ring), CornerRadius(height / 2 - ring))
                drawText(number, topLeft = middle - Offset(number.size.width / 2f, number.size.height / 2f))
            }
        }
    })
}
