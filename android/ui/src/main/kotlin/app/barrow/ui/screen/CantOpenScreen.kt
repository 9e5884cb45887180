package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.barrow.core.FaultKind
import app.barrow.core.TillException
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.part.Label
import app.barrow.ui.part.MainButton

/** Says why the till can't be opened and what to do; nothing else can be done here. */
@Composable
fun CantOpenScreen(fault: TillException, onAgain: () -> Unit) =
    OfficePage(
        say("cantOpen.title"), onBack = null,
        foot = { MainButton(say("cantOpen.again"), onAgain, Modifier.fillMaxWidth(), icon = Icons.ArrowClockwise) },
    ) {
        val word = faultWord(fault)
        Spacer(Modifier.height(8.dp))
        Label(Modifier.semantics { liveRegion = LiveRegionMode.Assertive }, edge = Look.palette.trouble) {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                Icon(Icons.WarningCircleFill, null, Modifier.size(32.dp), Look.palette.trouble)
                Text(say("cantOpen.$word"), style = Look.type.action)
            }
            Text(say("cantOpen.$word.do"), Modifier.padding(top = 12.dp, bottom = 8.dp), style = Look.type.text)
        }
    }

/** What happened and what to do, in one line. */
@Composable
fun faultWords(fault: TillException): String {
    val word = faultWord(fault)
    return "${say("cantOpen.$word")} ${say("cantOpen.$word.do")}"
}

/** Which words of this section tell of a fault at the opening. */
private fun faultWord(fault: TillException): String = when (fault) {
    is TillException.Unavailable -> kindWord(fault.kind)
    is TillException.NotSaved -> kindWord(fault.kind)
    is TillException.Device, is TillException.Rejected, is TillException.Cancelled, is TillException.Closed -> "device"
}

private fun kindWord(kind: FaultKind): String = when (kind) {
    FaultKind.IN_USE -> "inUse"
    FaultKind.NEWER -> "newer"
    FaultKind.DAMAGED -> "damaged"
    FaultKind.FULL -> "full"
    FaultKind.NO_PERMISSION -> "noPermission"
    FaultKind.MISSING, FaultKind.EXISTS -> "missing"
    FaultKind.DISK, FaultKind.OTHER -> "disk"
}
