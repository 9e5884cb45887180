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
import androidx.compose.ui.graphics.drawscope.clipPath
import androidx.compose.ui.graphics.drawscope.translate
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
            val line = 2.dp.toPx()
            val reach = 24.dp.toPx()
            val low = SheetShape.cut.toPx()
            val shade = Brush.verticalGradient(listOf(Color.Transparent, palette.ink.copy(alpha = 0.14f)), -reach, low)
            onDrawBehind {
                drawRect(shade, Offset(0f, -reach), Size(size.width, reach + low))
                // The line lies along the top only: it is what the surface, moved down by its width, leaves free.
                drawPath(outline, palette.action)
                clipPath(outline) { translate(top = line) { drawPath(outline, palette.surface) } }
            }
        },
    ) {
        Column(Modifier.fillMaxWidth().padding(padding), content = content)
    }
}
