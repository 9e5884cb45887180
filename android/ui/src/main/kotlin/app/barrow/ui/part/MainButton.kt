package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalContentColor
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import app.barrow.ui.look.CutShape
import app.barrow.ui.look.Look
import app.barrow.ui.look.Paper
import app.barrow.ui.look.TouchMain
import app.barrow.ui.look.paper
import app.barrow.ui.look.pressable

/** The one filled button of a screen: a word with the [figure] that it is about, or with an [icon]. */
@Composable
fun MainButton(
    label: String,
    onPress: () -> Unit,
    modifier: Modifier = Modifier,
    figure: String? = null,
    icon: ImageVector? = null,
    enabled: Boolean = true,
    figureStyle: TextStyle = Look.type.buttonFigure,
) {
    val palette = Look.palette
    val paper = if (enabled) Paper(palette.action) else Paper(palette.surface, palette.line, palette.lineWidthDp.dp, dashed = true)
    val said = listOfNotNull(label, figure).joinToString(" ")
    CompositionLocalProvider(LocalContentColor provides if (enabled) palette.onAction else palette.ink2) {
        Content(
            label, figure, figureStyle, icon,
            modifier.defaultMinSize(minHeight = TouchMain).paper(CutShape, paper)
                .pressable(CutShape, enabled, onPress = onPress).semantics { contentDescription = said }
                .padding(horizontal = if (Look.measures.large) 8.dp else 16.dp, vertical = 6.dp),
        )
    }
}

/** Word and figure beside each other, or the word above the figure where text is large or the figure long. */
@Composable
private fun Content(label: String, figure: String?, figureStyle: TextStyle, icon: ImageVector?, modifier: Modifier) {
    val large = Look.measures.large
    val word: @Composable (Modifier) -> Unit = { at ->
        FittedText(label, Look.type.action.copy(lineHeight = if (large) 22.sp else 24.sp), at)
    }
    val amount: @Composable () -> Unit = {
        val style = if (large) figureStyle.copy(fontSize = 26.sp, lineHeight = 26.sp) else figureStyle
        // A long figure gets smaller, the button does not.
        val high = Modifier.heightIn(min = with(LocalDensity.current) { style.lineHeight.toDp() })
        figure?.let { Box(high.clearAndSetSemantics { }, Alignment.Center) { FigureText(it, style) } }
    }
    when {
        figure == null -> Row(modifier, Arrangement.spacedBy(12.dp, Alignment.CenterHorizontally), Alignment.CenterVertically) {
            icon?.let { Icon(it, null) }
            word(Modifier.weight(1f, fill = false))
        }
        large -> Column(modifier, Arrangement.Center, Alignment.CenterHorizontally) {
            word(Modifier)
            amount()
        }
        else -> WordAndFigure(12.dp, modifier, { word(Modifier) }, amount, rememberTextMeasurer(), figure, figureStyle)
    }
}
