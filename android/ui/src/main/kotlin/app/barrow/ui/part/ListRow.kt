package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.LabelShape
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.Paper
import app.barrow.ui.look.PlainShape
import app.barrow.ui.look.paper
import app.barrow.ui.look.pressable

/** A sheet of paper that holds rows. */
@Composable
fun Card(modifier: Modifier = Modifier, shape: LabelShape = PlainShape, content: @Composable ColumnScope.() -> Unit) =
    Column(
        modifier.padding(horizontal = Margin).fillMaxWidth().paper(shape, Paper(Look.palette.surface, Look.palette.hair)).padding(1.5.dp),
        content = content,
    )

/**
 * One row of a list, 64 high (72 for receipts, 48 for short ones): what it is, what is known of it, its amount at the
 * end. Without [onPress] it is only read.
 */
@Composable
fun ListRow(
    title: String,
    modifier: Modifier = Modifier,
    icon: ImageVector? = null,
    sub: String = "",
    amount: String = "",
    /** Stands under the amount, smaller. */
    note: String = "",
    noteColour: Color = Look.palette.ink2,
    minHeight: Dp = 64.dp,
    enabled: Boolean = true,
    onPress: (() -> Unit)? = null,
    end: @Composable RowScope.() -> Unit = {},
) {
    val palette = Look.palette
    val press = if (onPress == null) Modifier.semantics(mergeDescendants = true) { } else Modifier.pressable(PlainShape, enabled, onPress = onPress)
    Row(
        modifier.fillMaxWidth().defaultMinSize(minHeight = minHeight).then(press).padding(horizontal = 14.dp, vertical = 6.dp),
        Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
    ) {
        icon?.let { Icon(it, null) }
        Sides(Modifier.weight(1f), start = {
            Column {
                NameText(title, color = if (enabled) palette.ink else palette.ink2)
                if (sub.isNotEmpty()) Text(sub, color = palette.ink2, style = Look.type.small, maxLines = if (Look.measures.large) 6 else 3, overflow = TextOverflow.Ellipsis)
            }
        }, end = { AmountAndNote(amount, note, noteColour) })
        end()
    }
}

/** An amount over what is noted about it. */
@Composable
private fun AmountAndNote(amount: String, note: String, noteColour: Color) {
    if (amount.isEmpty() && note.isEmpty()) return
    Column(horizontalAlignment = Alignment.End) {
        if (amount.isNotEmpty()) FigureText(amount, Look.type.amount)
        if (note.isNotEmpty()) Text(note, color = noteColour, style = Look.type.small, maxLines = 1)
    }
}
