package app.barrow.ui.screen

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.draw.rotate
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import app.barrow.core.Currency
import app.barrow.ui.look.CutShape
import app.barrow.ui.look.Look
import app.barrow.ui.look.paper
import app.barrow.ui.look.tileColour
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.labelInk
import app.barrow.ui.part.labelPaper

private val Stake = Color(0xFFC79B69)
private val PictureHeight = 210.dp
private val LabelSize = 106.dp

/** Three price labels stuck into a crate: what the look is made of. It says nothing to a screen reader. */
@Composable
fun StallPicture(currency: Currency?, modifier: Modifier = Modifier) =
    Box(modifier.fillMaxWidth().height(PictureHeight).clearAndSetSemantics { }) {
        val cocoa = tileColour("cocoa")
        Spacer(Modifier.fillMaxWidth().height(PictureHeight).drawBehind { crate(cocoa.ground, cocoa.edge) })
        CrateLabel("lemon", "\uD83C\uDF4B", 60, currency, -7f, Modifier.align(Alignment.TopStart).offset(14.dp, 36.dp))
        CrateLabel("lettuce", "\uD83E\uDD6C", 150, currency, 2f, Modifier.align(Alignment.TopCenter).offset(y = 2.dp))
        CrateLabel("tomato", "\uD83C\uDF45", 349, currency, 7f, Modifier.align(Alignment.TopEnd).offset((-14).dp, 36.dp))
    }

@Composable
private fun CrateLabel(goods: String, emoji: String, minor: Long, currency: Currency?, degrees: Float, modifier: Modifier) {
    val colour = tileColour(goods)
    Column(modifier.rotate(degrees).size(LabelSize, 100.dp).paper(CutShape, labelPaper(colour)).padding(start = 18.dp, top = 9.dp, end = 8.dp, bottom = 7.dp)) {
        Text(say("colour.$goods"), Modifier.weight(1f), style = Look.type.name, maxLines = 1)
        Row(verticalAlignment = Alignment.CenterVertically) {
            val shown = currency?.let { Look.figures.money(minor, it) }.orEmpty()
            FigureText(shown, Look.type.price.copy(fontSize = 22.sp), Modifier.weight(1f))
            Text(emoji, color = labelInk(colour), style = Look.type.picture)
        }
    }
}

private fun DrawScope.crate(ground: Color, edge: Color) {
    val top = 150.dp.toPx()
    for (middle in listOf(0.185f, 0.5f, 0.815f)) {
        drawRect(Stake, Offset(size.width * middle - 4.5.dp.toPx(), 90.dp.toPx()), Size(9.dp.toPx(), top - 90.dp.toPx()))
    }
    for (plank in 0..1) plank(top + plank * 32.dp.toPx(), ground, edge)
}

private fun DrawScope.plank(top: Float, ground: Color, edge: Color) {
    val inset = 12.dp.toPx()
    val box = Size(size.width - 2 * inset, 26.dp.toPx())
    val round = CornerRadius(4.dp.toPx())
    drawRoundRect(ground, Offset(inset, top), box, round)
    drawRoundRect(edge, Offset(inset, top), box, round, Stroke(1.5.dp.toPx()))
    for (nail in listOf(inset + 21.dp.toPx(), size.width - inset - 27.dp.toPx())) drawCircle(edge, 3.dp.toPx(), Offset(nail, top + box.height / 2))
}
