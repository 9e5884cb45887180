package app.barrow.ui.screen

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.tileColour
import app.barrow.ui.model.CartState
import app.barrow.ui.model.PricePadState
import app.barrow.ui.model.Typed
import app.barrow.ui.part.FigureKey
import app.barrow.ui.part.Head
import app.barrow.ui.part.Key
import app.barrow.ui.part.Label
import app.barrow.ui.part.MainButton

/** What a person does on the price pad. */
sealed interface PricePadEvent {
    /** Goes back without adding. */
    data object Back : PricePadEvent

    /** Types a price. */
    data class Type(val typed: Typed) : PricePadEvent

    /** Puts it into the cart and goes back to the goods. */
    data object Add : PricePadEvent

    /** Puts it into the cart and takes the money. */
    data object AddAndCharge : PricePadEvent

    /** Opens the cart. */
    data object OpenCart : PricePadEvent

    /** Takes the money for what is in the cart. */
    data object Charge : PricePadEvent
}

/** "What does it cost?": for goods without a fixed price, and for a shop that has no goods yet. */
@Composable
fun PricePadScreen(state: PricePadState, cart: CartState, on: (PricePadEvent) -> Unit) = Column(Modifier.fillMaxSize()) {
    Head(state.tile?.name ?: Look.words.text("sell.any_price"), onBack = { on(PricePadEvent.Back) })
    PricePad(state, cart, null, on)
}

/** The pad itself, which stands in for the tiles while there are none; [onCount] counts the cash box while nobody waits. */
@Composable
fun ColumnScope.PricePad(state: PricePadState, cart: CartState, onCount: (() -> Unit)? = null, on: (PricePadEvent) -> Unit) {
    val currency = state.currency ?: return
    val main = mainOf(state, cart)
    PadKeys(state.typed, currency.digits.toInt(), { on(PricePadEvent.Type(it)) }, { main?.let(on) })
    Column(Modifier.weight(1f).verticalScroll(rememberScrollState())) {
        Label(colour = state.tile?.let { tileColour(it.colour) }) {
            // Large text leaves room for one of the two under a screen's own name.
            val large = Look.measures.large
            if (!large || state.tile == null) Text(Look.words.text("sell.what_cost"), color = Look.palette.ink2, style = Look.type.text)
            TypedFigure(state.typed, if (large) Look.type.total else Look.type.figure)
        }
    }
    TypingPad(state.typed, currency.digits.toInt(), { on(PricePadEvent.Type(it)) })
    Spacer(Modifier.padding(top = 4.dp))
    PricePadBar(state, cart, main, onCount, on)
}

/** Charge for a single typed price, Add beside others, Charge again when nothing is typed. */
private fun mainOf(state: PricePadState, cart: CartState): PricePadEvent? = when {
    state.quote != null -> if (cart.empty) PricePadEvent.AddAndCharge else PricePadEvent.Add
    state.typed.text.isEmpty() && !cart.empty -> PricePadEvent.Charge
    else -> null
}

@Composable
private fun PricePadBar(state: PricePadState, cart: CartState, main: PricePadEvent?, onCount: (() -> Unit)?, on: (PricePadEvent) -> Unit) {
    val words = Look.words
    val view = cart.view
    Foot(Modifier.padding(top = 8.dp)) {
        if (onCount != null && state.typed.text.isEmpty()) {
            CountKey(onCount)
        } else if (cart.empty || view == null) {
            Key(words.text("sell.add"), { on(PricePadEvent.Add) }, Modifier.width(96.dp), Icons.Plus, enabled = state.quote != null, minHeight = 72.dp)
        } else {
            CartKey(view, { on(PricePadEvent.OpenCart) })
        }
        val currency = state.currency ?: return@Foot
        val figure = state.quote?.totalMinor ?: view?.totals?.openMinor?.takeIf { main == PricePadEvent.Charge }
        MainButton(
            words.text(if (main == PricePadEvent.Add) "sell.add" else "sell.charge"), { main?.let(on) }, Modifier.weight(1f),
            figure?.let { Look.figures.money(it, currency) }, enabled = main != null,
        )
    }
}
