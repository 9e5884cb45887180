package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.text
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin

/**
 * What was touched last, 60 high, with what can be done about it: a [Stepper], or a key that takes it back. Where all of
 * [above] has no room, its [amount] stands alone.
 */
@Composable
fun LastAdded(above: String, name: String, modifier: Modifier = Modifier, amount: String = above, keys: @Composable RowScope.() -> Unit) = Row(
    modifier.padding(horizontal = Margin).fillMaxWidth().defaultMinSize(minHeight = 60.dp).padding(start = 4.dp),
    Arrangement.spacedBy(4.dp), Alignment.CenterVertically,
) {
    Column(Modifier.weight(1f).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }) {
        WholeOrShort(above, amount)
        NameText(name, style = Look.type.key, maxLines = 1)
    }
    keys()
}

/** The whole line while it fits at its size, else the short one. */
@Composable
private fun WholeOrShort(whole: String, short: String) {
    val style = Look.type.smallMoney
    val measurer = rememberTextMeasurer()
    BoxWithConstraints(Modifier.semantics { text = AnnotatedString(whole) }) {
        val fits = measurer.measure(whole, style, softWrap = false).size.width <= constraints.maxWidth
        FigureText(if (fits) whole else short, style, Modifier.clearAndSetSemantics { }, Look.palette.ink2)
    }
}
