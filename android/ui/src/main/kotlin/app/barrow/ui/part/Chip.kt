package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Paper
import app.barrow.ui.look.PlainShape
import app.barrow.ui.look.Touch
import app.barrow.ui.look.paper
import app.barrow.ui.look.pressable

/** Something to choose, 48 high; a chosen one is filled and ticked. */
@Composable
fun Chip(
    label: String, onPress: () -> Unit, modifier: Modifier = Modifier, chosen: Boolean = false, icon: ImageVector? = null, enabled: Boolean = true,
) {
    val palette = Look.palette
    val colour = if (chosen) palette.onAction else if (enabled) palette.ink else palette.ink2
    val paper = if (chosen) Paper(palette.action) else keyPaper(enabled)
    Row(
        modifier.defaultMinSize(Touch, Touch).paper(PlainShape, paper).pressable(PlainShape, enabled, onPress = onPress)
            .semantics { selected = chosen; contentDescription = label }.padding(horizontal = 12.dp),
        Arrangement.spacedBy(6.dp, Alignment.CenterHorizontally), Alignment.CenterVertically,
    ) {
        (if (chosen) Icons.Check else icon)?.let { Icon(it, null, Modifier.size(20.dp), colour) }
        val style = Look.type.key.copy(fontWeight = if (chosen) FontWeight.Bold else FontWeight.SemiBold)
        FittedText(label, style, Modifier.weight(1f, fill = false), colour, maxLines = 1)
    }
}
