package app.barrow.ui.part

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithCache
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Brush
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.clipRect
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.semantics.isTraversalGroup
import androidx.compose.ui.semantics.paneTitle
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Look
import app.barrow.ui.look.SheetShape

/**
 * A sheet from the foot of the window, over live content: no scrim, so what it leaves free can still be pressed. The
 * caller moves it (Motion.sheet). [title] is told to a screen reader when it comes.
 */
@Composable
fun Sheet(
    title: String,
    modifier: Modifier = Modifier,
    padding: PaddingValues = PaddingValues(start = 12.dp, top = 18.dp, end = 12.dp, bottom = 8.dp),
    content: @Composable ColumnScope.() -> Unit,
) {
    val palette = Look.palette
    Box(
        modifier.fillMaxWidth().pointerInput(Unit) { }.semantics { paneTitle = title; isTraversalGroup = true }.drawWithCache {
            val outline = SheetShape.path(size, layoutDirection, this)
            val width = 2.dp.toPx()
            val line = SheetShape.path(size, layoutDirection, this, width / 2)
            val shadow = 24.dp.toPx()
            val shade = Brush.verticalGradient(listOf(Color.Transparent, palette.ink.copy(alpha = 0.14f)), -shadow, SheetShape.cut.toPx())
            onDrawBehind {
                drawRect(shade, Offset(0f, -shadow), Size(size.width, shadow + SheetShape.cut.toPx()))
                drawPath(outline, palette.surface)
                // Only the top has the line: sides and foot lie on the window's edge.
                clipRect(bottom = SheetShape.cut.toPx()) { drawPath(line, palette.action, style = Stroke(width)) }
            }
        },
    ) {
        Column(Modifier.fillMaxWidth().padding(padding), content = content)
    }
}
