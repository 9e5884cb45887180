package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.ui.look.Look
import app.barrow.ui.look.pressable

/** What made a line cheaper, in the colour of what is safe: "2 for 8.00", "Less 0.95". */
@Immutable
data class Saving(val icon: ImageVector, val text: String)

/** A line below a line, that goes where its line goes: "Bottle deposit 0.15". */
@Immutable
data class ChildLine(val name: String, val amountMinor: Long)

/**
 * One line of a cart: name and amount on one baseline, below it what it costs and what it saved beside the [steps]
 * (a [Stepper], or the scales of weighed goods), then its children. Pressing the words opens the line.
 */
@Composable
fun CartLine(
    name: String,
    amountMinor: Long,
    currency: Currency,
    modifier: Modifier = Modifier,
    detail: String = "",
    saving: Saving? = null,
    /** Stands under the saving, smaller. */
    small: String = "",
    children: List<ChildLine> = emptyList(),
    onPress: (() -> Unit)? = null,
    steps: @Composable () -> Unit,
) = Column(modifier.fillMaxWidth().padding(start = 12.dp, top = 8.dp, end = 12.dp, bottom = 4.dp)) {
    NameAndAmount(name, amountMinor, currency)
    val open = if (onPress == null) Modifier else Modifier.pressable(does = Look.words.text("common.open"), onPress = onPress)
    Sides(Modifier.fillMaxWidth().padding(top = 2.dp), gap = 8.dp, start = {
        Column(Modifier.defaultMinSize(minHeight = 48.dp).then(open), Arrangement.Center) {
            saving?.let { SavingLine(it) }
            if (detail.isNotEmpty()) FigureText(detail, Look.type.textFigures, color = Look.palette.ink2)
            if (small.isNotEmpty()) Text(small, color = Look.palette.ink2, style = Look.type.smallMoney)
        }
    }, end = steps)
    children.forEach { Child(it, currency) }
}

/** Name and amount on one baseline, or one above the other where text is large. */
@Composable
private fun NameAndAmount(name: String, amountMinor: Long, currency: Currency) {
    val merged = Modifier.fillMaxWidth().semantics(mergeDescendants = true) { }
    if (Look.measures.large) Column(merged) {
        NameText(name, maxLines = 3)
        Amount(amountMinor, currency, Look.type.amount, Modifier.align(Alignment.End))
    } else Row(merged, Arrangement.spacedBy(8.dp)) {
        NameText(name, Modifier.weight(1f).alignByBaseline(), maxLines = 3)
        Amount(amountMinor, currency, Look.type.amount, Modifier.widthIn(max = AmountRoom).alignByBaseline())
    }
}

@Composable
private fun SavingLine(saving: Saving) = Row(horizontalArrangement = Arrangement.spacedBy(4.dp), verticalAlignment = Alignment.CenterVertically) {
    Icon(saving.icon, null, Modifier.size(20.dp), Look.palette.safe)
    FigureText(saving.text, Look.type.strong, color = Look.palette.safe)
}

/** A child with the elbow that hangs it under its line. */
@Composable
private fun Child(child: ChildLine, currency: Currency) = Row(
    Modifier.fillMaxWidth().defaultMinSize(minHeight = 28.dp).semantics(mergeDescendants = true) { }, verticalAlignment = Alignment.CenterVertically,
) {
    val colour = Look.palette.line
    Spacer(Modifier.padding(start = 6.dp, end = 8.dp).size(14.dp).drawBehind {
        val mirrored = layoutDirection == LayoutDirection.Rtl
        fun x(fromStart: Float) = if (mirrored) size.width - fromStart else fromStart
        val bend = 5.dp.toPx()
        val elbow = Path().apply {
            moveTo(x(0f), -size.height / 2)
            lineTo(x(0f), size.height / 2 - bend)
            quadraticTo(x(0f), size.height / 2, x(bend), size.height / 2)
            lineTo(x(size.width), size.height / 2)
        }
        drawPath(elbow, colour, style = Stroke(2.dp.toPx()))
    })
    Text(child.name, Modifier.weight(1f), Look.palette.ink2, style = Look.type.text, maxLines = 1, overflow = TextOverflow.Ellipsis)
    Amount(child.amountMinor, currency, Look.type.money, Modifier.widthIn(max = AmountRoom))
}

/** The hairline between things of one kind; it divides and means nothing. */
@Composable
fun Hairline(modifier: Modifier = Modifier) {
    val colour = Look.palette.hair
    Spacer(modifier.fillMaxWidth().height(1.dp).drawBehind { drawRect(colour) })
}
