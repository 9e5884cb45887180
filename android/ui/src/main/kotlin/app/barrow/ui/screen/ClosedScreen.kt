package app.barrow.ui.screen

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.ClosedEvent
import app.barrow.ui.model.ClosedState
import app.barrow.ui.part.Key
import app.barrow.ui.part.Label
import app.barrow.ui.part.LabelFigure
import app.barrow.ui.part.MainButton

/** The report of a closed shift: what was counted, what it differs by, and the document. */
@Composable
fun ClosedScreen(state: ClosedState, on: (ClosedEvent) -> Unit) {
    val title = state.report?.let { say("closed.z", Look.figures.whole(it.number.toLong())) } ?: say("closed.title")
    OfficePage(
        title, { on(ClosedEvent.Back) },
        foot = {
            Key(say("closed.share"), { on(ClosedEvent.Share(title)) }, Modifier.fillMaxWidth(), Icons.ShareNetwork.besideWord(), beside = true)
            MainButton(say("closed.done"), { on(ClosedEvent.Done) }, Modifier.fillMaxWidth())
        },
    ) {
        val report = state.report ?: return@OfficePage
        Label(edge = if (report.differenceMinor == 0L) Look.palette.safe else Look.palette.attention) {
            Text(say("count.counted"), color = Look.palette.ink2, style = Look.type.text)
            LabelFigure(report.countedMinor, report.currency, style = Look.type.total)
            Text(differenceWords(report.differenceMinor, report.currency), style = Look.type.strong)
        }
        PaperText(state.text, say("closed.paper"))
    }
}
