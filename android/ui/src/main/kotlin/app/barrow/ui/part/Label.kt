package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.ui.look.BigCutShape
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.Paper
import app.barrow.ui.look.TileColour
import app.barrow.ui.look.TileForm
import app.barrow.ui.look.paper

/** The market label that carries a screen's figure: on an item's [colour], else on the surface with an [edge]. */
@Composable
fun Label(
    modifier: Modifier = Modifier,
    colour: TileColour? = null,
    edge: Color = Look.palette.action,
    padding: PaddingValues = PaddingValues(start = 26.dp, top = 12.dp, end = 18.dp, bottom = 12.dp),
    content: @Composable ColumnScope.() -> Unit,
) = Column(modifier.padding(horizontal = Margin).fillMaxWidth().paper(BigCutShape, labelPaper(colour, edge)).padding(padding), content = content)

/** The paper of a label: an item's colours in light; its light colour as the edge in dark; its edge on white in the sun. */
@Composable
fun labelPaper(colour: TileColour?, edge: Color = Look.palette.action): Paper {
    val palette = Look.palette
    val border = palette.lineWidthDp.dp
    return when {
        colour == null -> Paper(palette.surface, palette.line, border, edge)
        palette.tileForm == TileForm.Ground -> Paper(colour.ground, edge = colour.edge)
        palette.tileForm == TileForm.Surface -> Paper(palette.surface, edge = colour.ground)
        else -> Paper(palette.surface, palette.line, border, colour.edge)
    }
}

/** The colour that stands out on an item's label: for its picture and its rules. */
@Composable
fun labelInk(colour: TileColour): Color = if (Look.palette.tileForm == TileForm.Surface) colour.ground else colour.edge

/** A screen's one figure with its currency beside it, or under it where text is large: "22.31 EUR". */
@Composable
fun LabelFigure(minor: Long, currency: Currency, modifier: Modifier = Modifier, style: TextStyle = Look.type.figure) {
    val code = (if (style == Look.type.figure) Look.type.title else Look.type.action).copy(fontWeight = Look.type.strong.fontWeight)
    if (Look.measures.large) Column(modifier) {
        Amount(minor, currency, style)
        Text(currency.code, color = Look.palette.ink2, style = Look.type.action)
    } else Row(modifier, Arrangement.spacedBy(10.dp)) {
        Amount(minor, currency, style, Modifier.weight(1f, fill = false).alignByBaseline())
        Text(currency.code, Modifier.alignByBaseline(), Look.palette.ink2, style = code)
    }
}
