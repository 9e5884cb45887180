package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Look
import app.barrow.ui.look.PlainShape
import app.barrow.ui.look.pressable

/** A device's state at the end of the strip: an icon (filled in trouble), said in words beside it where there is room. */
@Immutable
data class Mark(val icon: ImageVector, val says: String, val trouble: Boolean = false)

/**
 * The thin strip at the top: one [word] that is true ("Saved here"), what else is known ([rest], "3 to send"), at most
 * two marks. Pressing it opens its menu. [colour] of the word tells nothing that the word does not.
 */
@Composable
fun Strip(
    icon: ImageVector,
    word: String,
    onPress: () -> Unit,
    modifier: Modifier = Modifier,
    rest: String = "",
    marks: List<Mark> = emptyList(),
    safe: Boolean = false,
) {
    val palette = Look.palette
    val type = Look.type
    val said = (listOf(word, rest) + marks.map { it.says }).filter { it.isNotEmpty() }.joinToString(", ")
    val line = if (Look.measures.sunlight) type.strong else type.small
    val text = buildAnnotatedString {
        withStyle(SpanStyle(fontWeight = FontWeight.Bold)) { append(word) }
        if (rest.isNotEmpty()) append(" · $rest")
    }
    val side = if (Look.measures.wide) 24.dp else 16.dp
    Row(
        modifier.fillMaxWidth().defaultMinSize(minHeight = STRIP).pressable(PlainShape, onPress = onPress)
            .clearAndSetSemantics {
                contentDescription = said
                role = Role.Button
                liveRegion = LiveRegionMode.Polite
                onClick { onPress(); true }
            }
            .padding(horizontal = side, vertical = 2.dp),
        Arrangement.spacedBy(6.dp), Alignment.CenterVertically,
    ) {
        val colour = if (safe) palette.safe else palette.ink
        Icon(icon, null, Modifier.size(if (Look.measures.large) 28.dp else 20.dp), colour)
        Text(text, Modifier.weight(1f), colour, style = line, maxLines = if (Look.measures.large) 2 else 1, overflow = TextOverflow.Ellipsis)
        // Large text needs the room; trouble is shown all the same.
        marks.filter { it.trouble || !Look.measures.large }.forEach { MarkOf(it) }
    }
}

/** Height of the strip at usual text size; its touch area reaches 16 dp into the empty top of the tabs. */
val STRIP = 32.dp

@Composable
private fun MarkOf(mark: Mark) {
    val colour = if (mark.trouble) Look.palette.attention else Look.palette.ink2
    Icon(mark.icon, null, Modifier.padding(start = 2.dp).size(20.dp), colour)
    if (Look.measures.wide) Text(mark.says, color = colour, style = Look.type.small, maxLines = 1)
}
