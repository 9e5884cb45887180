package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
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
import androidx.compose.ui.semantics.text
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.unit.dp
import app.barrow.core.DoneView
import app.barrow.core.PaymentId
import app.barrow.core.SaleKind
import app.barrow.core.TenderId
import app.barrow.ui.app.KeyTarget
import app.barrow.ui.app.TakesKeys
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.DoneState
import app.barrow.ui.model.Fix
import app.barrow.ui.part.Amount
import app.barrow.ui.part.CashRow
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.FittedText
import app.barrow.ui.part.Hairline
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Key
import app.barrow.ui.part.Sheet
import app.barrow.ui.part.Sides
import app.barrow.ui.part.Wheel
import kotlin.math.absoluteValue

/** What a person does on the sheet of a finished sale. */
sealed interface DoneEvent {
    /** Closes the sheet. */
    data object Close : DoneEvent

    /** Asks what was wrong. */
    data object Fix : DoneEvent

    /** Chooses the payment whose tender was wrong. */
    data class Choose(val payment: PaymentId) : DoneEvent

    /** Puts the tender right; the reason stands in the books. */
    data class Correct(val payment: PaymentId, val tender: TenderId, val reason: String) : DoneEvent

    /** Asks whether the whole sale shall be undone. */
    data object AskUndo : DoneEvent

    /** Takes everything back; the reason stands in the books. */
    data class Undo(val reason: String) : DoneEvent

    /** Leaves the sale as it is. */
    data object Leave : DoneEvent

    /** Shows the receipt. */
    data object Receipt : DoneEvent

    /** Sells the same once more. */
    data object SameAgain : DoneEvent
}

/** The sheet over live tiles: change due biggest, what to hand over, and how to put right what was wrong. */
@Composable
fun DoneSheet(done: DoneView, state: DoneState, on: (DoneEvent) -> Unit) {
    val words = Look.words
    val paid = words.text(if (done.kind == SaleKind.REFUND) "sell.refund_done" else "sell.paid_done")
    TakesKeys(object : KeyTarget {
        override fun escape() = true.also { on(if (state.fix == Fix.None) DoneEvent.Close else DoneEvent.Leave) }
    })
    Sheet(paid) {
        DoneHead(paid, done, on)
        when (val fix = state.fix) {
            Fix.None -> DoneBody(done, on)
            is Fix.Ask -> FixKeys(done, fix, on)
            Fix.Undo -> UndoQuestion(done, on)
        }
    }
}

@Composable
private fun DoneHead(paid: String, done: DoneView, on: (DoneEvent) -> Unit) = Column {
    Row(Modifier.fillMaxWidth().padding(start = 4.dp, end = 24.dp), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
        Wheel(onDisk = true)
        if (Look.measures.large) FigureText(paid, Look.type.title, Modifier.weight(1f))
        else Sides(Modifier.weight(1f), start = { Text(paid, style = Look.type.title, maxLines = 1) }, end = { Sum(done) })
        IconKey(Icons.X, Look.words.text("sell.close"), { on(DoneEvent.Close) })
    }
    if (Look.measures.large) Sum(done, Modifier.padding(start = 4.dp))
}

/** "30.00 for 22.31". */
@Composable
private fun Sum(done: DoneView, modifier: Modifier = Modifier) {
    val figures = Look.figures
    val total = figures.money(done.totalMinor.absoluteValue, done.currency)
    val sum = done.givenMinor?.let { Look.words.text("sell.given_for", figures.money(it, done.currency), total) } ?: total
    FigureText(sum, Look.type.smallMoney, modifier, Look.palette.ink2)
}

@Composable
private fun DoneBody(done: DoneView, on: (DoneEvent) -> Unit) = Column {
    val air = air()
    Change(done, Modifier.padding(top = air))
    CashRow(done.pieces.map { it.valueMinor to it.count.toInt() }, done.currency, Modifier.padding(start = 4.dp, top = 4.dp + air / 2, bottom = 12.dp + air))
    Hairline()
    DoneKeys(on)
    Row(Modifier.fillMaxWidth().padding(start = 4.dp, top = 8.dp, bottom = 8.dp), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
        Icon(Icons.DeviceMobile, null, Modifier.size(20.dp), Look.palette.ink2)
        val saved = Look.words.text("sell.receipt_saved", done.number)
        FittedText(
            saved, Look.type.small, Modifier.weight(1f).semantics { text = AnnotatedString(saved) }, Look.palette.ink2, maxLines = 1,
            align = Look.type.small.textAlign,
        )
    }
}

/** So much more room between the rows lets the sheet end in the gap between two rows of usual tiles, not across one. */
@Composable
private fun air() = with(Look.measures) { if (large || rain || sunlight) 0.dp else 20.dp }

@Composable
private fun DoneKeys(on: (DoneEvent) -> Unit) = Row(Modifier.fillMaxWidth().padding(top = 12.dp), Arrangement.spacedBy(Gap)) {
    val all = listOf("sell.fix", "sell.receipt", "sell.same_again").map { Look.words.text(it) }
    val (fix, receipt, again) = all
    Key(fix, { on(DoneEvent.Fix) }, Modifier.weight(1f), Icons.Wrench.besideWord(), minHeight = 72.dp, alike = all)
    Key(receipt, { on(DoneEvent.Receipt) }, Modifier.weight(1f), Icons.Receipt.besideWord(), minHeight = 72.dp, alike = all)
    Key(again, { on(DoneEvent.SameAgain) }, Modifier.weight(1f), Icons.Repeat.besideWord(), minHeight = 72.dp, alike = all)
}

/** "Give 7.69 back": the one figure, told at once to a screen reader. */
@Composable
private fun Change(done: DoneView, modifier: Modifier) {
    val told = modifier.fillMaxWidth().padding(start = 4.dp, top = if (Look.measures.large) 0.dp else 12.dp).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Assertive }
    val words = Look.words
    val word = Look.type.title.copy(fontWeight = Look.type.strong.fontWeight)
    when {
        done.changeMinor == 0L -> Text(words.text("sell.nothing_back"), told.padding(vertical = 16.dp), style = Look.type.title)
        // Large text leaves a row of tiles free: both words stand over the figure.
        Look.measures.large -> Column(told) {
            Text(words.text("sell.give") + " " + words.text("sell.give_back_word"), style = Look.type.strong)
            Amount(done.changeMinor, done.currency, Look.type.figure)
        }
        else -> Row(told, Arrangement.spacedBy(10.dp)) {
            Text(words.text("sell.give"), Modifier.alignByBaseline(), style = word)
            Amount(done.changeMinor, done.currency, Look.type.figure, Modifier.weight(1f, fill = false).alignByBaseline())
            Text(words.text("sell.give_back_word"), Modifier.alignByBaseline(), style = word)
        }
    }
}

/** What may have been wrong: the tender, or the whole sale. */
@Composable
private fun FixKeys(done: DoneView, ask: Fix.Ask, on: (DoneEvent) -> Unit) = Column(verticalArrangement = Arrangement.spacedBy(Gap)) {
    val words = Look.words
    val payment = ask.payment
    Text(words.text(if (payment == null) "sell.which_payment" else "sell.what_wrong"), Modifier.padding(start = 4.dp, top = 8.dp), style = Look.type.action)
    if (done.canCorrect && payment == null) done.tenders.forEach { paid ->
        Key("${paid.name} ${Look.figures.money(paid.amountMinor, done.currency)}", { on(DoneEvent.Choose(paid.payment)) }, Modifier.fillMaxWidth())
    }
    val reason = words.text("sell.wrong_tender")
    if (done.canCorrect && payment != null) ask.tenders.forEach { tender ->
        Key(words.text("sell.really_paid", tender.name), { on(DoneEvent.Correct(payment, tender.id, reason)) }, Modifier.fillMaxWidth())
    }
    Row(Modifier.fillMaxWidth().padding(bottom = Gap), Arrangement.spacedBy(Gap)) {
        val both = listOf("sell.undo_sale", "sell.keep").map { words.text(it) }
        Key(both[0], { on(DoneEvent.AskUndo) }, Modifier.weight(1f), Icons.ArrowCounterClockwise, beside = true, alike = both)
        Key(both[1], { on(DoneEvent.Leave) }, Modifier.weight(1f), Icons.X, beside = true, alike = both)
    }
}

@Composable
private fun UndoQuestion(done: DoneView, on: (DoneEvent) -> Unit) = Column(verticalArrangement = Arrangement.spacedBy(Gap)) {
    val words = Look.words
    val amount = Look.figures.money(done.totalMinor.absoluteValue, done.currency)
    Text(words.text("sell.undo_ask", done.number, amount), Modifier.padding(horizontal = 4.dp, vertical = 12.dp), style = Look.type.text)
    val reason = words.text("sell.wrong_sale")
    Row(Modifier.fillMaxWidth().padding(bottom = Gap), Arrangement.spacedBy(Gap)) {
        val both = listOf("sell.keep", "sell.undo_yes").map { words.text(it) }
        Key(both[0], { on(DoneEvent.Leave) }, Modifier.weight(1f), Icons.X, beside = true, minHeight = 72.dp, alike = both)
        Key(both[1], { on(DoneEvent.Undo(reason)) }, Modifier.weight(1f), Icons.ArrowCounterClockwise, beside = true, minHeight = 72.dp, alike = both)
    }
}
