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
import app.barrow.ui.app.PickedFile
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.PASSPHRASE_SIGNS
import app.barrow.ui.model.RescueEvent
import app.barrow.ui.model.RescueState
import app.barrow.ui.part.Card
import app.barrow.ui.part.Hairline
import app.barrow.ui.part.Key
import app.barrow.ui.part.Label
import app.barrow.ui.part.ListRow
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind

/** Says why the till can't be opened and what to do; a damaged one can be saved as far as it is readable, or brought back. */
@Composable
fun CantOpenScreen(fault: TillException, state: RescueState, on: (RescueEvent) -> Unit) {
    val backup = state.backup
    if (backup != null) BringBackPage(backup, state, on) else FaultPage(fault, state, on)
}

@Composable
private fun FaultPage(fault: TillException, state: RescueState, on: (RescueEvent) -> Unit) =
    OfficePage(
        say("cantOpen.title"), onBack = null, notice = rescueNotice(state),
        foot = {
            if (state.work == null) MainButton(say("cantOpen.again"), { on(RescueEvent.Again) }, Modifier.fillMaxWidth(), icon = Icons.ArrowClockwise)
            else Working(say("cantOpen.saving"), state, on)
        },
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
        if ((fault as? TillException.Unavailable)?.kind == FaultKind.DAMAGED) Helps(state, on)
    }

/** What helps a damaged till. */
@Composable
private fun Helps(state: RescueState, on: (RescueEvent) -> Unit) {
    val free = state.work == null
    Card {
        ListRow(say("cantOpen.save"), icon = Icons.Export, sub = say("cantOpen.saveDetail"), enabled = free, onPress = { on(RescueEvent.Save) })
        Hairline(Modifier.padding(horizontal = 14.dp))
        ListRow(say("cantOpen.restore"), icon = Icons.HardDrives, sub = say("cantOpen.restoreDetail"), enabled = free, onPress = { on(RescueEvent.Pick) })
    }
    val saved = state.saved ?: return
    NoticeBox(say("devices.exported", saved.files.joinToString { it.substringAfterLast('/') }), NoticeKind.Good)
    if (saved.cut.isNotEmpty()) NoticeBox(say("cantOpen.cut", saved.cut.joinToString()), NoticeKind.Attention)
}

/** Asks for the passphrase of the backup that takes the damaged till's place. */
@Composable
private fun BringBackPage(backup: PickedFile, state: RescueState, on: (RescueEvent) -> Unit) =
    OfficePage(
        say("cantOpen.restore"), { on(RescueEvent.Back) }, notice = rescueNotice(state),
        foot = {
            if (state.work == null) {
                val enough = state.passphrase.length >= PASSPHRASE_SIGNS
                MainButton(say("cantOpen.bringBack"), { on(RescueEvent.Restore) }, Modifier.fillMaxWidth(), icon = Icons.HardDrives, enabled = enough)
            } else {
                Working(say("cantOpen.restoring"), state, on)
            }
        },
    ) {
        Text(backup.name, Modifier.padding(horizontal = 16.dp), style = Look.type.strong)
        Text(say("cantOpen.restoreWhy"), Modifier.padding(horizontal = 16.dp), style = Look.type.text)
        TextBox(
            state.passphrase, { on(RescueEvent.Passphrase(it)) }, say("backup.passphrase"), Modifier.padding(horizontal = Margin), icon = Icons.Key,
            onDone = { on(RescueEvent.Restore) },
        )
    }

@Composable
private fun rescueNotice(state: RescueState): (@Composable () -> Unit)? = state.notice?.let { notice ->
    { NoticeBox(sentence(notice, Look.words), if (notice.fault is TillException.Cancelled) NoticeKind.Attention else NoticeKind.Trouble) }
}

@Composable
private fun Working(text: String, state: RescueState, on: (RescueEvent) -> Unit) {
    WorkLine(text, state.progress)
    Key(say("devices.stop"), { on(RescueEvent.Stop) }, Modifier.fillMaxWidth(), Icons.X.besideWord(), beside = true, minHeight = 72.dp)
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
