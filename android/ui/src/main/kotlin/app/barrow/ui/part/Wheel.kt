package app.barrow.ui.part

import androidx.compose.animation.core.Animatable
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.rotate
import androidx.compose.ui.graphics.drawscope.scale
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Look

/** The tick in the wheel: when the sale is [onDisk] it rolls one eighth to stand upright. */
@Composable
fun Wheel(onDisk: Boolean, modifier: Modifier = Modifier) {
    val colour = Look.palette.action
    val motion = Look.motion
    val angle = remember { Animatable(if (onDisk) 0f else -EIGHTH) }
    LaunchedEffect(onDisk) { if (onDisk) angle.animateTo(0f, motion.wheel()) else angle.snapTo(-EIGHTH) }
    Spacer(modifier.size(32.dp).drawBehind {
        scale(size.width / 32f, Offset.Zero) {
            drawCircle(colour, 12f, Offset(16f, 16f), style = Stroke(5f))
            rotate(angle.value, Offset(16f, 16f)) {
                val tick = Path().apply {
                    moveTo(10.5f, 16.2f)
                    lineTo(14.5f, 20.2f)
                    lineTo(22f, 12.2f)
                }
                drawPath(tick, colour, style = Stroke(3.4f, cap = StrokeCap.Round, join = StrokeJoin.Round))
            }
        }
    })
}

private const val EIGHTH = 45f

/** The logo: handle, tray and wheel that also read as a b. */
@Composable
fun Logo(size: Dp, modifier: Modifier = Modifier) = Spacer(modifier.size(size).drawBehind { scale(this.size.width / 64f, Offset.Zero) { logo() } })

private fun DrawScope.logo() {
    val paper = Color(0xFFFFF9EE)
    val stroke = 7.5f
    drawRoundRect(Color(0xFF0A4A54), Offset.Zero, Size(64f, 64f), CornerRadius(15f))
    drawLine(paper, Offset(14f, 12f), Offset(24f, 50f), stroke, StrokeCap.Round)
    drawLine(Color(0xFFFFC53A), Offset(20f, 24f), Offset(51f, 24f), stroke, StrokeCap.Round)
    drawCircle(paper, 10.5f, Offset(37f, 42f), style = Stroke(stroke))
}
