package app.barrow.ui.screen

import androidx.compose.foundation.gestures.awaitEachGesture
import androidx.compose.foundation.gestures.awaitFirstDown
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.rotate
import androidx.compose.ui.input.pointer.PointerEventTimeoutCancellationException
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.barrow.core.CartView
import app.barrow.core.Currency
import app.barrow.core.DoneView
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.PlainShape
import app.barrow.ui.look.paper
import app.barrow.ui.model.CartState
import app.barrow.ui.part.Amount
import app.barrow.ui.part.Hairline
import app.barrow.ui.part.Label
import app.barrow.ui.part.LabelFigure
import app.barrow.ui.part.NameText
import app.barrow.ui.part.Sides
import app.barrow.ui.part.keyPaper

/** The customer's view is left by a touch this long, so that no customer leaves it by chance; in milliseconds. */
private const val HOLD_MS = 1_000L

/** As many lines as a customer reads at a glance; the rest is told by its number. */
private const val LINES = 8

/** What the customer sees: the total, what goes back, the lines. [onBack] is null on a screen of its own. */
@Composable
fun CustomerScreen(shopName: String, cart: CartState, onBack: (() -> Unit)?) = Column(Modifier.fillMaxSize()) {
    onBack?.let { HoldKey(it) }
    Text(
        shopName, Modifier.align(Alignment.CenterHorizontally).padding(horizontal = 16.dp, vertical = 20.dp), style = Look.type.action.copy(textAlign = TextAlign.Center),
        maxLines = 2, overflow = TextOverflow.Ellipsis,
    )
    val done = cart.done
    val view = cart.view
    when {
        done != null -> {
            PaidLabel(done)
            Text(Look.words.text("sell.thanks"), Modifier.padding(24.dp), style = Look.type.title)
        }
        view != null && !cart.empty -> {
            TotalLabel(view)
            CustomerLines(view)
        }
        else -> Label { Text(Look.words.text("sell.welcome_customer"), style = Look.type.total) }
    }
}

/** The seller's key stands on its head at the far edge: the phone lies between the two. */
@Composable
private fun HoldKey(onBack: () -> Unit) {
    val words = Look.words.text("sell.hold_back")
    val act = rememberUpdatedState(onBack)
    Row(
        Modifier.padding(horizontal = Margin, vertical = 8.dp).fillMaxWidth().defaultMinSize(minHeight = 56.dp).paper(PlainShape, keyPaper())
            .pointerInput(Unit) {
                awaitEachGesture {
                    awaitFirstDown()
                    try {
                        withTimeout(HOLD_MS) { do { val event = awaitPointerEvent() } while (event.changes.any { it.pressed }) }
                    } catch (_: PointerEventTimeoutCancellationException) {
                        act.value()
                    }
                }
            }
            .clearAndSetSemantics {
                role = Role.Button
                contentDescription = words
                onClick { act.value(); true }
            }.rotate(180f),
        Arrangement.spacedBy(12.dp, Alignment.CenterHorizontally), Alignment.CenterVertically,
    ) {
        Icon(Icons.DeviceRotate, null)
        Text(words, style = Look.type.key)
    }
}

@Composable
private fun TotalLabel(view: CartView) = Label {
    Text(Look.words.text("sell.total"), color = Look.palette.ink2, style = Look.type.text)
    LabelFigure(view.totals.openMinor, view.currency)
    if (view.cashDueMinor != view.totals.openMinor) {
        Hairline(Modifier.padding(vertical = 10.dp))
        Figures(Look.words.text("sell.in_cash"), view.cashDueMinor, view.currency)
    }
}

@Composable
private fun PaidLabel(done: DoneView) = Label(edge = Look.palette.safe) {
    Text(Look.words.text("sell.total"), color = Look.palette.ink2, style = Look.type.text)
    LabelFigure(done.totalMinor, done.currency)
    Hairline(Modifier.padding(vertical = 10.dp))
    done.givenMinor?.let { Figures(Look.words.text("sell.in_cash"), it, done.currency) }
    Figures(Look.words.text("sell.back_word"), done.changeMinor, done.currency)
}

@Composable
private fun Figures(name: String, minor: Long, currency: Currency) = Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
    Text(name, style = Look.type.action)
    Amount(minor, currency, Look.type.amount)
}

@Composable
private fun ColumnScope.CustomerLines(view: CartView) = Column(Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(horizontal = 24.dp, vertical = 16.dp)) {
    val shown = view.lines.take(LINES)
    shown.forEach { line ->
        Sides(
            Modifier.fillMaxWidth().semantics(mergeDescendants = true) { }, gap = 8.dp,
            start = { NameText("${amountOf(line.quantity, line.unit)} ${line.name}", style = Look.type.text) },
            end = { Amount(line.totalMinor, view.currency, Look.type.money) },
        )
    }
    val more = view.lineCount.toInt() - shown.size
    if (more > 0) Text(Look.words.text("sell.more_lines", more), color = Look.palette.ink2, style = Look.type.text)
}
