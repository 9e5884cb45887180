package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import app.barrow.core.StatusView
import app.barrow.core.StorageState
import app.barrow.ui.app.Route
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.MenuEvent
import app.barrow.ui.model.MenuState
import app.barrow.ui.model.Settings
import app.barrow.ui.model.ThemeChoice
import app.barrow.ui.part.Chip
import app.barrow.ui.part.Key
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind

private class Way(val route: Route, val word: String, val icon: ImageVector)

private val Ways = listOf(
    Way(Route.Receipts, "menu.receipts", Icons.Receipt),
    Way(Route.Today, "menu.today", Icons.ChartBar),
    Way(Route.Shift, "menu.shift", Icons.Coins),
    Way(Route.Parked, "menu.parked", Icons.Pause),
    Way(Route.Items, "menu.items", Icons.Tag),
    Way(Route.Stock, "menu.stock", Icons.Package),
    Way(Route.ToDo, "menu.toDo", Icons.ListChecks),
    Way(Route.Devices, "menu.devices", Icons.DeviceMobile),
    Way(Route.SetUp, "menu.setUp", Icons.GearSix),
    Way(Route.WhereToday, "menu.whereToday", Icons.MapPin),
    Way(Route.Help(), "menu.help", Icons.Question),
)

/** The way to everything but selling; the strip leads here. [prefer] changes what this device prefers. */
@Composable
fun MenuScreen(state: MenuState, settings: Settings, prefer: ((Settings) -> Settings) -> Unit, on: (MenuEvent) -> Unit) =
    OfficePage(say("menu.title"), { on(MenuEvent.Back) }, foot = { DayButton(state, on) }) {
        state.status?.let { SavedLine(it) }
        Weather(settings, prefer)
        val columns = if (Look.measures.large) 2 else 3
        Column(Modifier.padding(horizontal = Margin), Arrangement.spacedBy(Gap)) {
            for (row in Ways.chunked(columns)) WayRow(row, columns, state, on)
        }
    }

@Composable
private fun WayRow(row: List<Way>, columns: Int, state: MenuState, on: (MenuEvent) -> Unit) =
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Gap)) {
        for (way in row) {
            val count = way.count(state.status)
            val word = say(way.word)
            val label = if (count > 0) "$word ${Look.figures.whole(count)}" else word
            Key(label, { on(MenuEvent.Go(way.route)) }, Modifier.weight(1f), way.icon, minHeight = 80.dp)
        }
        repeat(columns - row.size) { Spacer(Modifier.weight(1f)) }
    }

/** How many things wait behind a key. */
private fun Way.count(status: StatusView?): Long = when (route) {
    Route.Parked -> status?.cartsParked?.toLong() ?: 0
    Route.ToDo -> status?.openTasks?.toLong() ?: 0
    else -> 0
}

/** Where the sales are, and when they were copied last. */
@Composable
private fun SavedLine(status: StatusView) {
    when (status.storage) {
        is StorageState.NearlyFull -> NoticeBox(say("nearlyFull"), NoticeKind.Attention)
        is StorageState.ReadOnly -> NoticeBox(say("readOnly"), NoticeKind.Trouble)
        is StorageState.Well -> Text(
            "${say("saved")} · ${backupWords(status)}", Modifier.padding(horizontal = 16.dp), Look.palette.ink2, style = Look.type.text,
        )
    }
}

/** Tells when the last backup was made. */
@Composable
fun backupWords(status: StatusView): String =
    status.lastBackupMs?.let { say("backup.last", Look.figures.moment(it)) } ?: say("backup.never")

@Composable
private fun Weather(settings: Settings, prefer: ((Settings) -> Settings) -> Unit) = ChipRow {
    Chip(say("menu.rain"), { prefer { it.copy(rain = !it.rain) } }, chosen = settings.rain, icon = Icons.CloudRain)
    val sunny = settings.theme == ThemeChoice.Sunlight
    val other = if (sunny) ThemeChoice.System else ThemeChoice.Sunlight
    Chip(say("menu.sunlight"), { prefer { it.copy(theme = other) } }, chosen = sunny, icon = Icons.Sun)
}

/** The one act that the day asks for now: open the cash box, or count and close it. */
@Composable
private fun DayButton(state: MenuState, on: (MenuEvent) -> Unit) {
    val opening = state.opening ?: return
    val last = opening.lastFloatMinor
    when {
        opening.shiftOpen -> MainButton(
            say("menu.close"), { on(MenuEvent.Go(Route.CloseShift)) }, Modifier.fillMaxWidth(), icon = Icons.Coins,
        )
        last != null -> MainButton(
            say("menu.openLike"), { on(MenuEvent.OpenLikeLast) }, Modifier.fillMaxWidth(), Look.figures.money(last, opening.currency),
        )
        else -> MainButton(say("menu.open"), { on(MenuEvent.Go(Route.WhereToday)) }, Modifier.fillMaxWidth(), icon = Icons.Coins)
    }
}
