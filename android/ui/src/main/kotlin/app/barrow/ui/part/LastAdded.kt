package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin

/** What was touched last, 60 high, with what can be done about it: a [Stepper], or a key that takes it back. */
@Composable
fun LastAdded(above: String, name: String, modifier: Modifier = Modifier, keys: @Composable RowScope.() -> Unit) = Row(
    modifier.padding(horizontal = Margin).fillMaxWidth().defaultMinSize(minHeight = 60.dp).padding(start = 4.dp),
    Arrangement.spacedBy(4.dp), Alignment.CenterVertically,
) {
    Column(Modifier.weight(1f).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }) {
        Text(above, color = Look.palette.ink2, style = Look.type.smallMoney, maxLines = 1, overflow = TextOverflow.Ellipsis)
        Text(name, style = Look.type.key, maxLines = 1, overflow = TextOverflow.Ellipsis)
    }
    keys()
}
