package app.barrow.ui.screen

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithContent
import androidx.compose.ui.graphics.layer.GraphicsLayer
import androidx.compose.ui.graphics.layer.drawLayer
import androidx.compose.ui.graphics.rememberGraphicsLayer
import androidx.compose.ui.unit.dp
import app.barrow.core.DayReport
import app.barrow.core.DayRow
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.TodayEvent
import app.barrow.ui.model.TodayState
import app.barrow.ui.part.Bar
import app.barrow.ui.part.BarChart
import app.barrow.ui.part.Card
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Label
import app.barrow.ui.part.LabelFigure
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NameText
import app.barrow.ui.part.Sides
import app.barrow.ui.part.TextKey
import app.barrow.ui.words.Figures
import app.barrow.ui.words.Words
import kotlinx.coroutines.launch

/** Two columns of a tablet are this wide together. */
private val TwoColumns = 1080.dp

/** Takings of a day by hour, tender and item, against the last day that had sales. */
@Composable
fun TodayScreen(state: TodayState, on: (TodayEvent) -> Unit) {
    val report = state.report
    val picture = rememberGraphicsLayer()
    val isToday = report != null && report.day == state.today
    val title = if (report == null || isToday) say("today.title") else Look.figures.weekday(report.day)
    OfficePage(
        title, { on(TodayEvent.Back) }, width = if (Look.measures.wide) TwoColumns else PageWidth,
        actions = { if (report != null) DayTurner(isToday, on) },
        foot = { if (report != null) ShareButton(report, picture, on) },
    ) {
        if (report == null) return@OfficePage
        Column(Modifier.capturedIn(picture).background(Look.palette.ground), Arrangement.spacedBy(Gap)) {
            Text(Look.figures.dayOf(report.day), Modifier.padding(horizontal = 16.dp), Look.palette.ink2, style = Look.type.text)
            if (Look.measures.wide) {
                Row {
                    Column(Modifier.weight(1f), Arrangement.spacedBy(Gap)) { Takings(report, isToday) }
                    Column(Modifier.weight(1f), Arrangement.spacedBy(Gap)) { Tables(report) }
                }
            } else {
                Takings(report, isToday)
                Tables(report)
            }
        }
        TextShare(report, on)
    }
}

@Composable
private fun DayTurner(isToday: Boolean, on: (TodayEvent) -> Unit) {
    IconKey(Icons.CaretLeft, say("today.earlier"), { on(TodayEvent.Earlier) })
    IconKey(Icons.CaretRight, say("today.later"), { on(TodayEvent.Later) }, enabled = !isToday)
}

/** Draws the content into a layer too, so that it can be shared as it looks. */
private fun Modifier.capturedIn(layer: GraphicsLayer) = drawWithContent {
    layer.record { this@drawWithContent.drawContent() }
    drawLayer(layer)
}

@Composable
private fun Takings(report: DayReport, isToday: Boolean) {
    Label {
        Text(Look.words.count("office.today.takings", report.sales.toInt()), color = Look.palette.ink2, style = Look.type.text)
        LabelFigure(report.totalMinor, report.currency, style = Look.type.total)
        AgainstLast(report)
    }
    if (report.sales == 0u && report.refunds == 0u) return Empty(say("today.empty"))
    val last = report.lastTime?.let { Look.figures.dayOf(it.day) }.orEmpty()
    val word = "${if (isToday) say("today.title") else Look.figures.dayOf(report.day)} ${say("today.byHour")}"
    BarChart(bars(report, Look.figures), word, last, Modifier.padding(horizontal = 16.dp, vertical = 8.dp))
}

@Composable
private fun AgainstLast(report: DayReport) {
    val last = report.lastTime ?: return Text(say("today.first"), color = Look.palette.ink2, style = Look.type.text)
    val day = Look.figures.dayOf(last.day)
    val more = last.differenceMinor
    val figure = Look.figures.money(if (more < 0) -more else more, report.currency)
    val (text, icon) = when {
        more > 0 -> say("today.more", figure, day) to Icons.CaretUp
        more < 0 -> say("today.less", figure, day) to Icons.CaretDown
        else -> say("today.same", day) to Icons.Check
    }
    val colour = if (more >= 0) Look.palette.safe else Look.palette.ink2
    Row(Modifier.padding(top = 4.dp), Arrangement.spacedBy(10.dp), Alignment.CenterVertically) {
        Icon(icon, null, Modifier.size(20.dp), colour)
        Text(text, color = colour, style = Look.type.strong)
    }
}

private fun bars(report: DayReport, figures: Figures) = report.hours.map { hour ->
    val amount = figures.money(hour.amountMinor, report.currency)
    val name = figures.whole(hour.hour.toLong())
    Bar(
        name, hour.permilleOfBest.toInt(), hour.lastTimePermille.toInt(), best = hour.hour == report.bestHour, figure = amount,
        said = "$name: $amount",
    )
}

@Composable
private fun Tables(report: DayReport) {
    if (report.tenders.isNotEmpty()) {
        SectionHead(say("today.tenders"))
        Card { report.tenders.forEachIndexed { place, row -> DayLine(row, report, place == 0) } }
    }
    if (report.items.isNotEmpty()) {
        SectionHead(say("today.items"))
        Card { report.items.forEachIndexed { place, row -> DayLine(row, report, place == 0) } }
    }
    Row(Modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 4.dp)) {
        Text(say("today.tax"), Modifier.weight(1f), Look.palette.ink2, style = Look.type.text)
        FigureText(Look.figures.money(report.taxMinor, report.currency), Look.type.money, color = Look.palette.ink2)
    }
    if (report.refunds > 0u) {
        Text(
            Look.words.count("office.today.refunds", report.refunds.toInt()), Modifier.padding(horizontal = 16.dp), Look.palette.ink2,
            style = Look.type.text,
        )
    }
}

/** A name, its count or share, and its amount. */
@Composable
private fun DayLine(row: DayRow, report: DayReport, first: Boolean) =
    Sides(Modifier.fillMaxWidth().rowDivider(first).padding(horizontal = 14.dp, vertical = 12.dp), start = { NameText(row.name) }, end = {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            Text(Look.figures.percent(row.sharePermille.toInt()), color = Look.palette.ink2, style = Look.type.smallMoney, maxLines = 1)
            FigureText(Look.figures.money(row.amountMinor, report.currency), Look.type.amount)
        }
    })

@Composable
private fun ShareButton(report: DayReport, picture: GraphicsLayer, on: (TodayEvent) -> Unit) {
    val scope = rememberCoroutineScope()
    val (title, text) = reportText(report)
    MainButton(
        say("today.share"), { scope.launch { on(TodayEvent.SharePicture(title, picture.toImageBitmap(), text)) } },
        Modifier.fillMaxWidth(), icon = Icons.ShareNetwork,
    )
}

@Composable
private fun TextShare(report: DayReport, on: (TodayEvent) -> Unit) {
    val (title, text) = reportText(report)
    TextKey(say("today.text"), { on(TodayEvent.ShareText(title, text)) }, Modifier.padding(horizontal = Margin), Icons.Copy)
}

/** The title of a day's report and the report as text. */
@Composable
private fun reportText(report: DayReport): Pair<String, String> {
    val title = "${say("today.day")} ${Look.figures.dayOf(report.day)}"
    return title to dayText(report, title, Look.figures, Look.words)
}

/** A day's report as lines of text, for where no picture can go. */
internal fun dayText(report: DayReport, title: String, figures: Figures, words: Words): String = buildString {
    val money = { minor: Long -> figures.money(minor, report.currency) }
    appendLine(title)
    appendLine("${words.count("office.today.takings", report.sales.toInt())}: ${money(report.totalMinor)} ${report.currency.code}")
    appendLine("${words.text("office.today.tax")}: ${money(report.taxMinor)}")
    for (row in report.tenders) appendLine("${row.name}: ${money(row.amountMinor)}")
    appendLine(words.text("office.today.items"))
    for (row in report.items) appendLine("${row.name}: ${money(row.amountMinor)}")
}
