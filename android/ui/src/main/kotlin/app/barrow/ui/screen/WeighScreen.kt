package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.ItemSheet
import app.barrow.core.UnitOfMeasure
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.TouchMain
import app.barrow.ui.look.tileColour
import app.barrow.ui.model.Typed
import app.barrow.ui.model.WeighPad
import app.barrow.ui.model.WeighState
import app.barrow.ui.model.typedPlaces
import app.barrow.ui.part.Chip
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.Head
import app.barrow.ui.part.Key
import app.barrow.ui.part.Label
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.labelInk
import java.math.BigDecimal

/** What a person does on Weigh. */
sealed interface WeighEvent {
    /** Goes back without adding. */
    data object Back : WeighEvent

    /** Types a weight, a tare or an amount. */
    data class Type(val typed: Typed) : WeighEvent

    /** Takes the item's own tare off, or leaves it. */
    data object OwnTare : WeighEvent

    /** Turns the keys to something else. */
    data class Turn(val pad: WeighPad) : WeighEvent

    /** Reads the label of a scale with the camera. */
    data object Scan : WeighEvent

    /** Puts it into the cart. */
    data object Add : WeighEvent
}

/** Weighs an item: keys in grams, the price live, the tare as chips. */
@Composable
fun WeighScreen(state: WeighState, canScan: Boolean, on: (WeighEvent) -> Unit) {
    Column(Modifier.fillMaxSize()) {
        val sheet = state.sheet
        Head(sheet?.tile?.name.orEmpty(), onBack = { on(WeighEvent.Back) })
        if (sheet == null) return@Column
        PadKeys(state.typed, state.places(sheet), { on(WeighEvent.Type(it)) }, { on(WeighEvent.Add) })
        Column(Modifier.weight(1f).verticalScroll(rememberScrollState())) {
            WeighLabel(state, sheet)
            TareChips(state, sheet, on)
            if (state.tooLight) Text(
                Look.words.text("sell.too_light"), Modifier.padding(horizontal = 16.dp), Look.palette.attention, style = Look.type.strong,
            )
        }
        TypingPad(state.typed, state.places(sheet), { on(WeighEvent.Type(it)) }) { modifier -> TurnKey(state, modifier, on) }
        Foot(Modifier.padding(top = 12.dp)) {
            if (canScan) Key(Look.words.text("sell.label"), { on(WeighEvent.Scan) }, Modifier.width(96.dp), Icons.Barcode, minHeight = TouchMain)
            MainButton(
                Look.words.text("sell.add"), { on(WeighEvent.Add) }, Modifier.weight(1f),
                state.quote?.let { Look.figures.money(it.totalMinor, sheet.price.currency) }, enabled = state.quote != null,
            )
        }
    }
}

/** Whole small units, or two places where the unit has no smaller one. */
private fun WeighState.places(sheet: ItemSheet): Int = when {
    pad == WeighPad.Amount -> sheet.price.currency.digits.toInt()
    sheet.trade.unit.typedPlaces > 0 || sheet.trade.unit is UnitOfMeasure.Gram || sheet.trade.unit is UnitOfMeasure.Millilitre -> 0
    else -> 2
}

@Composable
private fun WeighLabel(state: WeighState, sheet: ItemSheet) {
    val colour = tileColour(sheet.tile.colour)
    val figures = Look.figures
    if (Look.measures.large) return LargeWeighLabel(state, sheet)
    Label(colour = colour) {
        Row(Modifier.fillMaxWidth()) {
            Text(figures.money(sheet.tile.priceMinor, sheet.price.currency), Modifier.alignByBaseline(), style = Look.type.price)
            Text(" " + Look.words.text("sell.per", priceFor(sheet.tile.unit, sheet.tile.pricePer).orEmpty()), Modifier.alignByBaseline().weight(1f), style = Look.type.small)
            Text(sheet.tile.emoji, color = labelInk(colour), style = Look.type.picture.copy(fontSize = Look.type.title.fontSize))
        }
        Row(Modifier.fillMaxWidth().padding(top = Gap), Arrangement.SpaceBetween, Alignment.Bottom) {
            Column(Modifier.width(128.dp)) { Weights(state, sheet) }
            FigureText(
                state.quote?.let { figures.money(it.totalMinor, sheet.price.currency) } ?: figures.money(0, sheet.price.currency),
                Look.type.figure, color = if (state.quote == null) Look.palette.ink2 else Look.palette.ink,
            )
        }
    }
}

/** Large text leaves room for what is typed and what it costs. */
@Composable
private fun LargeWeighLabel(state: WeighState, sheet: ItemSheet) = Label(colour = tileColour(sheet.tile.colour)) {
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(20.dp)) {
        if (state.pad == WeighPad.Weight) FigureText("${state.weight.text.ifEmpty { "0" }} ${sheet.trade.unit.smallWord()}", Look.type.number, Modifier.weight(1f))
        else Box(Modifier.weight(1f)) { TypedFigure(state.typed, Look.type.number) }
        val total = Look.figures.money(state.quote?.totalMinor ?: 0, sheet.price.currency)
        FigureText(total, Look.type.buttonFigure, color = if (state.quote == null) Look.palette.ink2 else Look.palette.ink)
    }
}

/** What the scale shows, what goes off, what is left. */
@Composable
private fun ColumnScope.Weights(state: WeighState, sheet: ItemSheet) {
    val words = Look.words
    if (state.pad == WeighPad.Amount) {
        Text(words.text("sell.amount"), style = Look.type.text)
        TypedFigure(state.amount, Look.type.number)
        return
    }
    val small = sheet.trade.unit.smallWord()
    val tare = state.quote?.weighing?.tare
    Figure(words.text("sell.scale"), "${state.weight.text.ifEmpty { "0" }} $small")
    Figure(words.text("sell.tare"), tare?.let { "−${inSmall(it, sheet.trade.unit)} $small" } ?: "0 $small")
    HorizontalDivider(Modifier.padding(vertical = 4.dp), 2.dp, labelInk(tileColour(sheet.tile.colour)))
    val net = state.quote?.quantity?.let { inSmall(it, sheet.trade.unit) } ?: "0"
    FigureText("$net $small", Look.type.number, Modifier.align(Alignment.End))
}

@Composable
private fun Figure(name: String, figure: String) = Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
    Text(name, style = Look.type.text)
    Text(figure, style = Look.type.money, maxLines = 1)
}

/** A quantity as the keys type it: 1.234 kg is 1234. */
private fun inSmall(quantity: BigDecimal, unit: UnitOfMeasure): String =
    quantity.movePointRight(unit.typedPlaces).stripTrailingZeros().toPlainString()

@Composable
private fun TareChips(state: WeighState, sheet: ItemSheet, on: (WeighEvent) -> Unit) = FlowRow(
    Modifier.padding(horizontal = Margin, vertical = Margin), Arrangement.spacedBy(Gap), Arrangement.spacedBy(Gap),
) {
    val small = sheet.trade.unit.smallWord()
    sheet.trade.tare?.let { own ->
        val said = Look.words.text("sell.tare_of", "${inSmall(own, sheet.trade.unit)} $small")
        Chip(said, { on(WeighEvent.OwnTare) }, chosen = state.ownTare)
    }
    val typed = state.otherTare.text
    val other = if (typed.isEmpty()) Look.words.text("sell.other_tare") else Look.words.text("sell.tare_of", "$typed $small")
    val turned = state.pad == WeighPad.Tare
    Chip(other, { on(WeighEvent.Turn(if (turned) WeighPad.Weight else WeighPad.Tare)) }, chosen = turned || typed.isNotEmpty())
}

@Composable
private fun TurnKey(state: WeighState, modifier: Modifier, on: (WeighEvent) -> Unit) {
    val byAmount = state.pad == WeighPad.Amount
    Key(
        Look.words.text(if (byAmount) "sell.weight_instead" else "sell.amount_instead"),
        { on(WeighEvent.Turn(if (byAmount) WeighPad.Weight else WeighPad.Amount)) }, modifier,
    )
}
