package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.semantics.toggleableState
import androidx.compose.ui.state.ToggleableState
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.PlainShape
import app.barrow.ui.look.pressable

/** Something that is on or off, said in a word and by a tick, never by colour alone. */
@Composable
fun Switch(word: String, detail: String?, on: Boolean, onPress: () -> Unit) {
    val palette = Look.palette
    val stand = say(if (on) "on" else "off")
    Row(
        Modifier.fillMaxWidth().defaultMinSize(minHeight = 64.dp).pressable(PlainShape, role = Role.Switch, onPress = onPress)
            .semantics { toggleableState = ToggleableState(on); stateDescription = stand }
            .padding(horizontal = 14.dp, vertical = 6.dp),
        Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Text(say(word), style = Look.type.name)
            detail?.let { Text(say(it), color = palette.ink2, style = Look.type.small) }
        }
        Text(stand, color = if (on) palette.action else palette.ink2, style = Look.type.strong)
        Icon(if (on) Icons.CheckCircleFill else Icons.Circle, null, tint = if (on) palette.action else palette.line)
    }
}
