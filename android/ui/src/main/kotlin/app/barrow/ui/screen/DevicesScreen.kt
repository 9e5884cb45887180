package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.barrow.core.Progress
import app.barrow.core.ShopView
import app.barrow.core.StatusView
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.DevicesEvent
import app.barrow.ui.model.DevicesState
import app.barrow.ui.model.PASSPHRASE_SIGNS
import app.barrow.ui.model.Work
import app.barrow.ui.part.Card
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.Hairline
import app.barrow.ui.part.Key
import app.barrow.ui.part.Label
import app.barrow.ui.part.ListRow
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind
import app.barrow.ui.part.Sides

/** This till, its proof, its backups and its files. */
@Composable
fun DevicesScreen(state: DevicesState, on: (DevicesEvent) -> Unit) {
    val report = state.import
    when {
        report != null -> ImportPage(state, report, on)
        state.passphrase != null -> BackupPage(state, state.passphrase, on)
        else -> DevicesPage(state, on)
    }
}

@Composable
private fun DevicesPage(state: DevicesState, on: (DevicesEvent) -> Unit) =
    OfficePage(say("devices.title"), { on(DevicesEvent.Back) }, foot = { DevicesFoot(state, on) }) {
        val shop = state.shop ?: return@OfficePage
        val status = state.status ?: return@OfficePage
        Proof(state, shop, status)
        state.verified?.problems?.takeIf { it.isNotEmpty() }?.let { problems ->
            SectionHead(say("devices.problems"))
            Card { problems.forEach { ListRow(it, icon = Icons.WarningCircle) } }
        }
        state.backup?.let { NoticeBox(say("devices.made", it.file), NoticeKind.Good) }
        state.exported?.let { NoticeBox(say("devices.exported", it.joinToString { file -> file.substringAfterLast('/') }), NoticeKind.Good) }
        Card {
            val free = state.work == null
            ListRow(say("devices.backupTitle"), icon = Icons.HardDrives, sub = backupWords(status))
            Divider()
            ListRow(say("devices.check"), icon = Icons.ShieldCheck, sub = say("devices.checkDetail"), enabled = free, onPress = { on(DevicesEvent.Verify) })
            Divider()
            ListRow(say("devices.import"), icon = Icons.FileCsv, sub = say("devices.importDetail"), enabled = free, onPress = { on(DevicesEvent.Pick) })
            Divider()
            ListRow(say("devices.export"), icon = Icons.Export, sub = say("devices.exportDetail"), enabled = free, onPress = { on(DevicesEvent.Export) })
        }
    }

@Composable
private fun Divider() = Hairline(Modifier.padding(horizontal = 14.dp))

/** How many entries are here and in order, and by which key the shop is known. */
@Composable
private fun Proof(state: DevicesState, shop: ShopView, status: StatusView) {
    val verified = state.verified
    val whole = Look.figures.whole(status.ops.toLong())
    val good = verified == null || verified.problemCount == 0uL
    Label(edge = if (good) Look.palette.safe else Look.palette.trouble) {
        Row(horizontalArrangement = Arrangement.spacedBy(10.dp)) {
            val figure = if (verified == null) whole else say("devices.figure", Look.figures.whole(verified.ops.toLong()), whole)
            FigureText(figure, Look.type.total, Modifier.weight(1f, fill = false).alignByBaseline())
            val word = say(if (verified == null) "devices.saved" else if (good) "devices.checked" else "devices.problems")
            val colour = if (good) Look.palette.safe else Look.palette.trouble
            Text(word, Modifier.alignByBaseline(), colour, style = Look.type.action)
        }
        Hairline(Modifier.padding(vertical = 6.dp))
        Fact(say("devices.till"), shop.till)
        Fact(say("devices.shop"), shop.shop.name)
        Fact(say("devices.proof"), shop.organisation, code = true)
        Fact(say("devices.version", shop.appVersion), "")
    }
}

@Composable
private fun Fact(word: String, value: String, code: Boolean = false) =
    Sides(
        Modifier.fillMaxWidth().padding(vertical = 2.dp).semantics(mergeDescendants = true) { },
        start = { Text(word, color = Look.palette.ink2, style = Look.type.text) },
        end = { Text(value, style = if (code) Look.type.code else Look.type.text, maxLines = 2) },
    )

@Composable
private fun DevicesFoot(state: DevicesState, on: (DevicesEvent) -> Unit) {
    val work = state.work
    if (work == null) {
        MainButton(say("devices.backUp"), { on(DevicesEvent.AskBackup) }, Modifier.fillMaxWidth(), icon = Icons.HardDrives)
    } else {
        val entries = Look.figures.whole(state.status?.ops?.toLong() ?: 0)
        WorkLine(workWords(work, entries), state.progress)
        Key(say("devices.stop"), { on(DevicesEvent.Stop) }, Modifier.fillMaxWidth(), Icons.X.besideWord(), beside = true, enabled = !state.stopping, minHeight = 72.dp)
    }
}

@Composable
private fun workWords(work: Work, entries: String): String = when (work) {
    Work.Verify -> say("devices.verifying", entries)
    Work.Backup -> say("devices.backingUp", entries)
    Work.Export -> say("devices.exporting", entries)
    Work.Import -> say("devices.importing")
}

/** What is being done and how far it is. */
@Composable
fun WorkLine(text: String, progress: Progress?) {
    Text(text, Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = Look.type.strong)
    if (progress == null || progress.total == 0uL) {
        LinearProgressIndicator(Modifier.fillMaxWidth(), Look.palette.action, Look.palette.hair)
    } else {
        LinearProgressIndicator({ progress.done.toFloat() / progress.total.toFloat() }, Modifier.fillMaxWidth(), Look.palette.action, Look.palette.hair)
        val figures = Look.figures
        Text(say("devices.progress", figures.whole(progress.done.toLong()), figures.whole(progress.total.toLong())), style = Look.type.smallMoney)
    }
}

@Composable
private fun BackupPage(state: DevicesState, passphrase: String, on: (DevicesEvent) -> Unit) =
    OfficePage(
        say("backup.title"), { on(DevicesEvent.Back) },
        foot = {
            if (state.work == null) {
                MainButton(
                    say("backup.do"), { on(DevicesEvent.MakeBackup) }, Modifier.fillMaxWidth(), icon = Icons.FolderOpen,
                    enabled = passphrase.length >= PASSPHRASE_SIGNS,
                )
            } else {
                DevicesFoot(state, on)
            }
        },
    ) {
        Text(say("backup.why"), Modifier.padding(horizontal = 16.dp), style = Look.type.text)
        val short = passphrase.isNotEmpty() && passphrase.length < PASSPHRASE_SIGNS
        TextBox(
            passphrase, { on(DevicesEvent.Passphrase(it)) }, say("backup.passphrase"), Modifier.padding(horizontal = Margin), icon = Icons.Key,
            trouble = if (short) say("backup.short", PASSPHRASE_SIGNS) else "", onDone = { on(DevicesEvent.MakeBackup) },
        )
    }
