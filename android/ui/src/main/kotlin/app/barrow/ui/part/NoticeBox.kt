package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.CutShape
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.Paper
import app.barrow.ui.look.paper

/** How much a message matters; the words say it too. */
enum class NoticeKind { Good, Attention, Trouble }

/**
 * A message that says what happened and what to do, with the one act that helps ([action]) and a way to put it away.
 * It covers nothing: it takes its place among the rows.
 */
@Composable
fun NoticeBox(
    text: String,
    kind: NoticeKind,
    modifier: Modifier = Modifier,
    action: String = "",
    onAction: () -> Unit = {},
    onDismiss: (() -> Unit)? = null,
) {
    val palette = Look.palette
    val (colour, icon) = when (kind) {
        NoticeKind.Good -> palette.safe to Icons.CheckCircleFill
        NoticeKind.Attention -> palette.attention to Icons.WarningFill
        NoticeKind.Trouble -> palette.trouble to Icons.WarningCircleFill
    }
    Column(
        modifier.padding(horizontal = Margin).fillMaxWidth().defaultMinSize(minHeight = 72.dp)
            .paper(CutShape, Paper(palette.surface, palette.line, palette.lineWidthDp.dp, colour))
            .padding(start = 22.dp, top = 6.dp, end = 8.dp, bottom = 6.dp),
        Arrangement.Center,
    ) {
        if (Look.measures.large) LargeNotice(text, kind, colour, icon, onDismiss)
        else Row(horizontalArrangement = Arrangement.spacedBy(14.dp), verticalAlignment = Alignment.CenterVertically) {
            Icon(icon, null, Modifier.size(28.dp), colour)
            Sentence(text, kind, Modifier.weight(1f).padding(vertical = 4.dp))
            onDismiss?.let { IconKey(Icons.X, Look.words.text("common.dismiss"), it, Modifier.padding(end = 4.dp)) }
        }
        if (action.isNotEmpty()) TextKey(action, onAction, Modifier.padding(start = if (Look.measures.large) 0.dp else 38.dp))
    }
}

/** Large text takes the whole width under its sign, and scrolls before it pushes the main button away. */
@Composable
private fun LargeNotice(text: String, kind: NoticeKind, colour: Color, icon: ImageVector, onDismiss: (() -> Unit)?) = Column {
    if (onDismiss != null) Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        Icon(icon, null, Modifier.size(28.dp), colour)
        IconKey(Icons.X, Look.words.text("common.dismiss"), onDismiss, Modifier.padding(end = 4.dp))
    } else {
        Icon(icon, null, Modifier.padding(top = 4.dp).size(28.dp), colour)
    }
    Sentence(text, kind, Modifier.heightIn(max = LARGE_MAX).verticalScroll(rememberScrollState()))
}

/** A sentence in large text is no higher; the rest scrolls. */
private val LARGE_MAX = 232.dp

@Composable
private fun Sentence(text: String, kind: NoticeKind, modifier: Modifier) {
    val urgent = if (kind == NoticeKind.Trouble) LiveRegionMode.Assertive else LiveRegionMode.Polite
    Text(text, modifier.semantics { liveRegion = urgent }, style = Look.type.strong)
}
