package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.ChargeView
import app.barrow.core.Payment
import app.barrow.core.PaymentId
import app.barrow.core.TenderClass
import app.barrow.core.TenderId
import app.barrow.ui.app.KeyTarget
import app.barrow.ui.app.TakesKeys
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.TouchMain
import app.barrow.ui.model.ChargePad
import app.barrow.ui.model.ChargeState
import app.barrow.ui.model.Typed
import app.barrow.ui.part.FigureKey
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.Head
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Key
import app.barrow.ui.part.Label
import app.barrow.ui.part.LabelFigure
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.TextKey
import kotlin.math.absoluteValue

/** What a person does on Charge. */
sealed interface ChargeEvent {
    /** Goes back to the goods. */
    data object Back : ChargeEvent

    /** Shows the customer's side. */
    data object Customer : ChargeEvent

    /** Takes or pays out exactly what is due in cash. */
    data object Exact : ChargeEvent

    /** Takes cash and gives change. */
    data class Given(val minor: Long) : ChargeEvent

    /** Takes another tender. */
    data class Tender(val tender: TenderId) : ChargeEvent

    /** Gives a part payment back. */
    data class GiveBack(val payment: PaymentId) : ChargeEvent

    /** Shows the ways to split, or no longer. */
    data class Split(val open: Boolean) : ChargeEvent

    /** Pays a part first; null for all. */
    data class Part(val minor: Long?) : ChargeEvent

    /** Opens a pad, or closes it. */
    data class Pad(val pad: ChargePad?) : ChargeEvent

    /** Types on the pad. */
    data class Type(val typed: Typed) : ChargeEvent

    /** Does what the pad is for. */
    data object Enter : ChargeEvent
}

/** Takes the money: one figure, the tenders, the notes that a hand would give, exact at the bottom. */
@Composable
fun ChargeScreen(state: ChargeState, on: (ChargeEvent) -> Unit) {
    ChargeKeys(state, on)
    Column(Modifier.fillMaxSize()) {
        Head(Look.words.text("sell.charge"), onBack = { on(ChargeEvent.Back) }) { CustomerKey(on) }
        val view = state.view ?: return@Column
        val pad = state.pad
        when {
            pad != null -> {
                // Large text leaves no room for the label: the pad tells what is left.
                if (Look.measures.large) Air()
                else Column(Modifier.weight(1f).verticalScroll(rememberScrollState())) { ChargeLabel(state, view) }
                ChargePadKeys(state, view, pad, on)
            }
            // Large text needs all the room: everything but the main button scrolls as one.
            Look.measures.large -> {
                Column(Modifier.weight(1f).verticalScroll(rememberScrollState())) {
                    ChargeLabel(state, view)
                    Payments(view, on)
                    Spacer(Modifier.height(Gap))
                    Ways(state, view, on)
                }
                Spacer(Modifier.height(Gap))
                ExactButton(view, on)
            }
            else -> {
                Column(Modifier.weight(1f).verticalScroll(rememberScrollState())) {
                    ChargeLabel(state, view)
                    Payments(view, on)
                }
                Ways(state, view, on)
                ExactButton(view, on)
            }
        }
    }
}

@Composable
private fun CustomerKey(on: (ChargeEvent) -> Unit) {
    val word = Look.words.text("sell.customer")
    if (Look.measures.large) IconKey(Icons.DeviceRotate, word, { on(ChargeEvent.Customer) })
    else TextKey(word, { on(ChargeEvent.Customer) }, icon = Icons.DeviceRotate)
}

/** Digits typed on a keyboard are cash that was given; Enter is the main button. */
@Composable
private fun ChargeKeys(state: ChargeState, on: (ChargeEvent) -> Unit) {
    val open = state.pad ?: ChargePad.Given
    PadKeys(
        state.typed, state.view?.currency?.digits?.toInt() ?: 0,
        onType = { typed ->
            // The first digit opens the pad; taking back what a scanner typed closes it again.
            if (state.pad == null) on(ChargeEvent.Pad(open.takeIf { typed.text.isNotEmpty() }))
            on(ChargeEvent.Type(typed))
        },
        onEnter = { on(if (state.pad == null) ChargeEvent.Exact else ChargeEvent.Enter) },
    )
    TakesKeys(object : KeyTarget {
        override fun escape() = when {
            state.pad != null -> true.also { on(ChargeEvent.Pad(null)) }
            state.splitting -> true.also { on(ChargeEvent.Split(false)) }
            else -> false
        }

        override fun mark(): () -> Unit = { if (state.pad == null) on(ChargeEvent.Pad(null)) }
    })
}

@Composable
private fun ChargeLabel(state: ChargeState, view: ChargeView) {
    val words = Look.words
    val figures = Look.figures
    val pieces = words.count("sell.items", view.pieceCount.toLong())
    val says = when {
        state.partMinor != null -> words.text("sell.part_of")
        view.givesBack && view.pieceCount == 0u -> words.text("sell.to_give_back")
        view.givesBack -> words.text("sell.to_give", pieces)
        else -> words.text("sell.to_pay", pieces)
    }
    Label {
        Text(says, color = Look.palette.ink2, style = Look.type.text)
        // The words above say which way the money goes, so the figure needs no sign.
        LabelFigure((state.partMinor ?: view.openMinor).absoluteValue, view.currency)
        if (view.cashDiffers) FigureText(words.text("sell.in_cash_figure", figures.money(view.cashDueMinor, view.currency)), Look.type.amount)
        HorizontalDivider(Modifier.padding(top = 4.dp, bottom = 8.dp), 1.dp, Look.palette.hair)
        FlowRow(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            FigureText(words.text("sell.paid", figures.money(view.paidMinor.absoluteValue, view.currency)), Look.type.textFigures, color = Look.palette.ink2)
            FigureText(words.text("sell.left", figures.money(view.openMinor.absoluteValue, view.currency)), Look.type.money)
        }
    }
}

/** What was paid so far, each with the way to give it back. */
@Composable
private fun Payments(view: ChargeView, on: (ChargeEvent) -> Unit) = view.payments.forEach { payment: Payment ->
    val amount = Look.figures.money(payment.amountMinor, view.currency)
    Row(Modifier.fillMaxWidth().padding(start = 16.dp, end = Margin), verticalAlignment = Alignment.CenterVertically) {
        Text(payment.name, Modifier.weight(1f), style = Look.type.text)
        TextKey(Look.words.text("sell.payment_back", amount), { on(ChargeEvent.GiveBack(payment.id)) }, icon = Icons.ArrowUUpLeft)
    }
}

/** Every way to pay but exact cash, which is the main button. */
@Composable
private fun Ways(state: ChargeState, view: ChargeView, on: (ChargeEvent) -> Unit) {
    if (state.splitting) SplitKeys(state, view, on) else Tenders(state, view, on)
    if (!view.givesBack) Cash(view, on)
}

@Composable
private fun ExactButton(view: ChargeView, on: (ChargeEvent) -> Unit) = Foot {
    val word = if (view.givesBack) "sell.give" else "sell.exact"
    val figure = Look.figures.money(view.exactMinor.absoluteValue, view.currency)
    MainButton(Look.words.text(word), { on(ChargeEvent.Exact) }, Modifier.weight(1f), figure)
}

/** The first tender that is not cash has a row of its own; the others and Split share one. */
@Composable
private fun Tenders(state: ChargeState, view: ChargeView, on: (ChargeEvent) -> Unit) {
    val others = view.tenders.filter { it.`class` != TenderClass.CASH }
    others.firstOrNull()?.let { first ->
        KeyRow {
            Key(first.name, { on(ChargeEvent.Tender(first.id)) }, Modifier.weight(1f), Icons.ContactlessPayment.besideWord(), beside = true, minHeight = TouchMain)
        }
    }
    val rest = others.drop(1)
    for (row in rest.chunked(2).ifEmpty { listOf(emptyList()) }.withIndex()) KeyRow {
        row.value.forEach { tender -> Key(tender.name, { on(ChargeEvent.Tender(tender.id)) }, Modifier.weight(1f), Icons.Note.besideWord()) }
        if (row.index == 0) {
            if (state.partMinor == null) Key(Look.words.text("sell.split"), { on(ChargeEvent.Split(true)) }, Modifier.weight(1f), Icons.ArrowsSplit.besideWord())
            else Key(Look.words.text("sell.split_whole"), { on(ChargeEvent.Part(null)) }, Modifier.weight(1f), Icons.ArrowUUpLeft.besideWord())
        }
    }
}

/** Equal parts, or one by its amount. */
@Composable
private fun SplitKeys(state: ChargeState, view: ChargeView, on: (ChargeEvent) -> Unit) {
    KeyRow {
        state.parts.forEach { (payers, parts) ->
            val part = parts.first()
            FigureKey(
                Look.figures.money(part, view.currency), Look.words.text("sell.split_ways", payers),
                { on(ChargeEvent.Part(part)) }, Modifier.weight(1f),
            )
        }
    }
    KeyRow {
        val both = listOf("sell.split_part", "sell.split_whole").map { Look.words.text(it) }
        Key(both[0], { on(ChargeEvent.Pad(ChargePad.Part)) }, Modifier.weight(1f), Icons.Numpad, beside = true, alike = both)
        Key(both[1], { on(ChargeEvent.Split(false)) }, Modifier.weight(1f), Icons.ArrowUUpLeft, beside = true, alike = both)
    }
}

@Composable
private fun Cash(view: ChargeView, on: (ChargeEvent) -> Unit) {
    Row(Modifier.fillMaxWidth().padding(start = 16.dp, end = Margin, top = 4.dp), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        Text(Look.words.text("sell.cash"), style = Look.type.action)
        TextKey(Look.words.text("sell.other_amount"), { on(ChargeEvent.Pad(ChargePad.Given)) }, icon = Icons.Numpad)
    }
    KeyRow {
        view.cash.forEach { key ->
            val back = Look.words.text("sell.back", Look.figures.money(key.backMinor, view.currency))
            FigureKey(Look.figures.piece(key.givenMinor, view.currency), back, { on(ChargeEvent.Given(key.givenMinor)) }, Modifier.weight(1f))
        }
    }
}

/** Keys beside each other, 8 apart, with 8 below. */
@Composable
fun KeyRow(modifier: Modifier = Modifier, keys: @Composable RowScope.() -> Unit) =
    Row(modifier.fillMaxWidth().padding(start = Margin, end = Margin, bottom = Gap), Arrangement.spacedBy(Gap), content = keys)

/** The place of the main button: the foot of every screen. */
@Composable
fun Foot(modifier: Modifier = Modifier, keys: @Composable RowScope.() -> Unit) =
    Row(modifier.fillMaxWidth().padding(horizontal = Margin).padding(bottom = Gap), Arrangement.spacedBy(Gap), Alignment.Bottom, keys)

/** Empty paper that pushes what follows into the thumb's reach. */
@Composable
fun ColumnScope.Air() = Spacer(Modifier.weight(1f).height(Gap))
