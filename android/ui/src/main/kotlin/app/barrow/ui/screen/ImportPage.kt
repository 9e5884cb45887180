package app.barrow.ui.screen

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.ImportReport
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.DevicesEvent
import app.barrow.ui.model.DevicesState
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.Label
import app.barrow.ui.part.ListRow
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind

/** What a file of goods would do, or did: how many rows of each kind, and every row that is not in order. */
@Composable
internal fun ImportPage(state: DevicesState, report: ImportReport, on: (DevicesEvent) -> Unit) {
    val useful = report.added + report.changed > 0uL
    OfficePage(
        say(if (state.imported) "import.done" else "import.title"), { on(DevicesEvent.Stop) }, scrolls = false,
        foot = {
            if (state.imported || !useful) {
                MainButton(say("import.close"), { on(DevicesEvent.Stop) }, Modifier.fillMaxWidth(), icon = Icons.Check)
            } else {
                MainButton(
                    say("import.do"), { on(DevicesEvent.Import) }, Modifier.fillMaxWidth(), icon = Icons.DownloadSimple,
                    enabled = state.work == null,
                )
            }
        },
    ) {
        Label(edge = if (report.problemCount == 0uL) Look.palette.safe else Look.palette.attention) {
            Text(Look.words.count("office.import.rows", report.rows.toLong(), state.picked?.name.orEmpty()), style = Look.type.strong)
            Count(say("import.new"), report.added)
            Count(say("import.changed"), report.changed)
            Count(say("import.same"), report.unchanged)
            Count(say("import.bad"), report.problemCount)
        }
        if (report.problemCount == 0uL) NoticeBox(say("import.good"), NoticeKind.Good)
        if (!useful && report.problemCount > 0uL) NoticeBox(say("import.nothing"), NoticeKind.Attention)
        Problems(report, Modifier.weight(1f))
    }
}

@Composable
private fun Count(word: String, count: ULong) = Row(Modifier.fillMaxWidth().padding(top = 4.dp)) {
    Text(word, Modifier.weight(1f), Look.palette.ink2, style = Look.type.text)
    FigureText(Look.figures.whole(count.toLong()), Look.type.amount)
}

@Composable
private fun Problems(report: ImportReport, modifier: Modifier) {
    val untold = report.problemCount.toLong() - report.problems.size
    LazyColumn(modifier, contentPadding = PaddingValues(horizontal = Margin)) {
        itemsIndexed(report.problems) { place, problem ->
            Box(Modifier.fillMaxWidth().rowOfCard(place == 0, place == report.problems.lastIndex)) {
                val where = say("import.line", Look.figures.whole(problem.line.toLong()))
                val column = problem.column.ifEmpty { null }
                ListRow(listOfNotNull(where, column).joinToString(" · "), icon = Icons.WarningCircle, sub = problem.text)
            }
        }
        if (untold > 0) {
            item { Text(say("import.moreBad", Look.figures.whole(untold)), Modifier.padding(12.dp), Look.palette.ink2, style = Look.type.text) }
        }
    }
}
