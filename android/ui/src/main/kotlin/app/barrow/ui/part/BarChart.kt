package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithCache
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.translate
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.drawText
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import app.barrow.ui.look.LabelShape
import app.barrow.ui.look.Look
import app.barrow.ui.look.Palette
import app.barrow.ui.look.Paper
import app.barrow.ui.look.paper

/** One hour: its name, how high today's bar and last time's are in thousandths of the highest, what the best says. */
@Immutable
data class Bar(
    val name: String, val permille: Int, val lastPermille: Int = 0, val best: Boolean = false, val figure: String = "", val said: String = "",
)

/** Takings by hour: today filled, last time hollow beside it, the best hour in the accent with its figure over it. */
@Composable
fun BarChart(bars: List<Bar>, todayWord: String, lastWord: String, modifier: Modifier = Modifier) {
    val palette = Look.palette
    val type = Look.type
    val measurer = rememberTextMeasurer(cacheSize = 32)
    val said = bars.joinToString(", ") { it.said }
    Column(modifier.fillMaxWidth()) {
        val high = 98.dp + with(LocalDensity.current) { (2 * TEXT_ROOM).sp.toDp() }
        Spacer(Modifier.fillMaxWidth().height(high).semantics { contentDescription = said }.drawWithCache {
            val slot = size.width / bars.size.coerceAtLeast(1)
            fun text(text: String, style: TextStyle): TextLayoutResult {
                val full = measurer.measure(text, style, maxLines = 1)
                val room = slot * if (style.fontWeight == FontWeight.Bold) 2 else 1
                val scale = 0.9f * room / full.size.width
                return if (scale >= 1) full else measurer.measure(text, style.copy(fontSize = style.fontSize * scale), maxLines = 1)
            }
            val names = bars.map { text(it.name, type.smallMoney.copy(color = palette.ink2)) }
            val best = type.smallMoney.copy(color = palette.ink, fontWeight = FontWeight.Bold)
            val figures = bars.map { if (it.best) text(it.figure, best) else null }
            onDrawBehind { chart(bars, names, figures, palette) }
        })
        FlowRow(Modifier.clearAndSetSemantics { }, Arrangement.spacedBy(24.dp)) {
            Meaning(todayWord) { Spacer(Modifier.size(14.dp).paper(LabelShape(3.dp), Paper(palette.action))) }
            if (lastWord.isNotEmpty()) Meaning(lastWord) {
                Spacer(Modifier.size(10.dp, 14.dp).paper(LabelShape(3.dp), Paper(palette.surface, palette.line)))
            }
        }
    }
}

/** What a kind of bar means. */
@Composable
private fun Meaning(word: String, sample: @Composable () -> Unit) = Row(
    horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically,
) {
    sample()
    Text(word, color = Look.palette.ink2, style = Look.type.small)
}

/** Room for one line of text over and under the bars, in sp. */
private const val TEXT_ROOM = 24

private val BarShape = LabelShape(4.dp, 8.dp, squareFoot = true)
private val LastShape = LabelShape(3.dp, squareFoot = true)

private fun DrawScope.chart(bars: List<Bar>, names: List<TextLayoutResult>, figures: List<TextLayoutResult?>, palette: Palette) {
    val floor = size.height - TEXT_ROOM.sp.toPx()
    val highest = floor - TEXT_ROOM.sp.toPx()
    val slot = size.width / bars.size.coerceAtLeast(1)
    val wide = minOf(24.dp.toPx(), slot * 0.5f)
    val narrow = minOf(11.dp.toPx(), slot * 0.23f)
    val line = 1.5.dp.toPx()
    bars.forEachIndexed { index, bar ->
        val place = if (layoutDirection == LayoutDirection.Rtl) bars.size - 1 - index else index
        val middle = (place + 0.5f) * slot
        val left = middle - (wide + narrow + 3.dp.toPx()) / 2
        val last = Size(narrow, highest * bar.lastPermille / 1000)
        val today = Size(wide, highest * bar.permille / 1000)
        if (last.height > 0) translate(left, floor - last.height) {
            drawPath(LastShape.path(last, LayoutDirection.Ltr, this, line / 2), palette.surface)
            drawPath(LastShape.path(last, LayoutDirection.Ltr, this, line / 2), palette.line, style = Stroke(line))
        }
        if (today.height > 0) translate(left + narrow + 3.dp.toPx(), floor - today.height) {
            drawPath(BarShape.path(today, layoutDirection, this), if (bar.best) palette.accent else palette.action)
            if (bar.best) drawPath(BarShape.path(today, layoutDirection, this, line / 2), palette.ink, style = Stroke(line))
        }
        drawText(names[index], topLeft = Offset(middle - names[index].size.width / 2f, floor + 3.dp.toPx()))
        figures[index]?.let {
            val from = (middle - it.size.width / 2f).coerceIn(0f, size.width - it.size.width)
            drawText(it, topLeft = Offset(from, floor - today.height - it.size.height - 1))
        }
    }
    drawLine(palette.line, Offset(0f, floor), Offset(size.width, floor), line)
}
