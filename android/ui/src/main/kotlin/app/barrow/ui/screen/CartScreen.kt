package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.CartView
import app.barrow.core.GivenDiscount
import app.barrow.core.LineView
import app.barrow.ui.app.KeyTarget
import app.barrow.ui.app.TakesKeys
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.PlainShape
import app.barrow.ui.model.CartSheet
import app.barrow.ui.model.CartState
import app.barrow.ui.model.LinesState
import app.barrow.ui.part.Card
import app.barrow.ui.part.Chip
import app.barrow.ui.part.Hairline
import app.barrow.ui.part.Head
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Key
import app.barrow.ui.part.LastAdded
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.TextKey
import java.math.BigDecimal

/** What a person does in the cart. */
sealed interface CartEvent {
    /** Goes back to the goods. */
    data object Back : CartEvent

    /** Lines came into sight. */
    data class InSight(val places: IntRange) : CartEvent

    /** Makes a line one more or one less. */
    data class Step(val line: LineView, val more: Boolean) : CartEvent

    /** Takes a line away. */
    data class Remove(val line: LineView) : CartEvent

    /** Brings back what was removed last. */
    data object Undo : CartEvent

    /** Opens what can be done with a line. */
    data class Open(val line: LineView) : CartEvent

    /** Weighs a line anew: it goes, and Weigh opens. */
    data class WeighAgain(val line: LineView) : CartEvent

    /** Opens a sheet; null closes it. */
    data class Sheet(val sheet: CartSheet?) : CartEvent

    /** Gives a discount on a line, or on all; none takes them away. */
    data class Discounted(val line: LineView?, val discounts: List<GivenDiscount>) : CartEvent

    /** Sets another price, with its reason. */
    data class Priced(val line: LineView, val unitPrice: BigDecimal, val reason: String) : CartEvent

    /** Takes the catalogue's present price. */
    data class Reprice(val line: LineView) : CartEvent

    /** Sets the note of a line, or of the cart; null takes it away. */
    data class Noted(val line: LineView?, val note: String?) : CartEvent

    /** Puts the cart aside. */
    data class Park(val name: String?) : CartEvent

    /** Shows the carts that were put aside. */
    data object Parked : CartEvent

    /** Switches the taxes; null goes back to the goods' own. */
    data class SwitchTaxes(val mapping: String?) : CartEvent

    /** Gives the cart up. */
    data class GiveUp(val reason: String) : CartEvent

    /** Takes the money. */
    data object Charge : CartEvent
}

/** The lines of the cart: steppers, savings, what hangs under them. [pane] is the right side of a wide window. */
@Composable
fun CartScreen(cart: CartState, lines: LinesState, pane: Boolean, on: (CartEvent) -> Unit) = Box(Modifier.fillMaxSize()) {
    CartKeys(cart, lines, pane, on)
    Column(Modifier.fillMaxSize()) {
        CartHead(cart, pane, on)
        val view = cart.view
        if (cart.empty || view == null) {
            Text(Look.words.text("sell.cart_empty"), Modifier.padding(horizontal = 16.dp), Look.palette.ink2, style = Look.type.text)
            Air()
        } else if (pane) PaneLines(view, lines, on) else PhoneLines(view, lines, on)
        cart.removed?.let { removed ->
            LastAdded(Look.words.text("sell.removed"), removed.name) {
                TextKey(Look.words.text("sell.undo"), { on(CartEvent.Undo) }, icon = Icons.ArrowUUpLeft)
            }
        }
        if (!pane) CartTools(cart, on)
        CartFoot(cart, pane, on)
    }
    lines.sheet?.let { sheet -> Box(Modifier.align(Alignment.BottomCenter)) { CartSheetOf(sheet, cart, lines, on) } }
}

@Composable
private fun CartKeys(cart: CartState, lines: LinesState, pane: Boolean, on: (CartEvent) -> Unit) = TakesKeys(object : KeyTarget {
    override fun enter() = (!pane && !cart.empty && lines.sheet == null).also { if (it) on(CartEvent.Charge) }

    override fun escape() = (lines.sheet != null).also { if (it) on(CartEvent.Sheet(null)) }
})

@Composable
private fun CartHead(cart: CartState, pane: Boolean, on: (CartEvent) -> Unit) {
    val words = Look.words
    val title = words.count("sell.items", (cart.view?.pieceCount ?: 0u).toLong())
    Head(title, onBack = if (pane) null else ({ on(CartEvent.Back) })) {
        if (pane || Look.measures.large) IconKey(Icons.Pause, words.text("sell.park"), { on(CartEvent.Sheet(CartSheet.Park)) }, enabled = !cart.empty)
        else if (!cart.empty) TextKey(words.text("sell.park"), { on(CartEvent.Sheet(CartSheet.Park)) }, icon = Icons.Pause)
        IconKey(Icons.DotsThree, words.text("sell.more"), { on(CartEvent.Sheet(CartSheet.More)) })
    }
    if (pane) Hairline(Modifier.padding(horizontal = 20.dp))
}

@Composable
private fun ColumnScope.PhoneLines(view: CartView, lines: LinesState, on: (CartEvent) -> Unit) {
    Box(Modifier.weight(1f)) {
        Card(shape = PlainShape) { CartLines(view, lines, Modifier.fillMaxWidth(), on) }
    }
    view.note?.let { note ->
        Row(Modifier.fillMaxWidth().padding(horizontal = Margin, vertical = Gap)) {
            Chip(note, { on(CartEvent.Sheet(CartSheet.Note(null))) }, icon = Icons.NotePencil)
        }
    }
}

@Composable
private fun ColumnScope.PaneLines(view: CartView, lines: LinesState, on: (CartEvent) -> Unit) {
    CartLines(view, lines, Modifier.weight(1f).padding(horizontal = Gap), on)
    Hairline()
    Column(Modifier.padding(start = 20.dp, end = 20.dp, top = 10.dp)) {
        val words = Look.words
        if (view.totals.discountMinor != 0L) SumRow(words.text("sell.saved_for"), view.totals.discountMinor, view)
        SumRow(words.text("sell.tax_in_it"), view.totals.taxMinor, view)
        view.note?.let { Text(it, style = Look.type.strong) }
    }
}

@Composable
private fun SumRow(name: String, minor: Long, view: CartView) = Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
    Text(name, color = Look.palette.ink2, style = Look.type.text)
    Text(Look.figures.money(minor, view.currency), color = Look.palette.ink2, style = Look.type.money)
}

@Composable
private fun CartTools(cart: CartState, on: (CartEvent) -> Unit) = KeyRow(Modifier.padding(top = Gap)) {
    val words = Look.words
    val all = listOf("sell.discount", "sell.note", "sell.parked_short").map { words.text(it) }
    Key(all[0], { on(CartEvent.Sheet(CartSheet.Discount(null))) }, Modifier.weight(1f), Icons.Percent.besideWord(), enabled = !cart.empty, alike = all)
    Key(all[1], { on(CartEvent.Sheet(CartSheet.Note(null))) }, Modifier.weight(1f), Icons.NotePencil.besideWord(), enabled = !cart.empty, alike = all)
    Key(all[2], { on(CartEvent.Parked) }, Modifier.weight(1f), Icons.Stack.besideWord(), said = words.text("sell.parked"), alike = all)
}

@Composable
private fun CartFoot(cart: CartState, pane: Boolean, on: (CartEvent) -> Unit) = Foot(if (pane) Modifier.padding(horizontal = Gap, vertical = Gap) else Modifier) {
    val words = Look.words
    if (pane) Key(words.text("sell.discount"), { on(CartEvent.Sheet(CartSheet.Discount(null))) }, icon = Icons.Percent, enabled = !cart.empty, minHeight = 80.dp)
    val view = cart.view
    MainButton(
        words.text("sell.charge"), { on(CartEvent.Charge) }, Modifier.weight(1f).then(if (pane) Modifier.heightIn(min = 80.dp) else Modifier),
        view?.takeIf { !cart.empty }?.let { Look.figures.money(it.totals.openMinor, it.currency) }, enabled = !cart.empty,
        figureStyle = if (pane) Look.type.total else Look.type.buttonFigure,
    )
}
