package app.barrow.ui.screen

import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.width
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import app.barrow.core.CartView
import app.barrow.core.ChargeView
import app.barrow.core.LineView
import app.barrow.core.TenderClass
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.TouchMain
import app.barrow.ui.look.TouchOften
import app.barrow.ui.model.CartState
import app.barrow.ui.part.FigureKey
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Key
import app.barrow.ui.part.LastAdded
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.Stepper
import app.barrow.ui.part.TextKey

/** What is in the cart, and Charge with the total: the foot of Sell. */
@Composable
fun SellBar(state: SellState, foldedTools: Boolean, on: (SellEvent) -> Unit) {
    val view = state.cart.view
    val keys = buildList<@Composable RowScope.() -> Unit> {
        add { if (state.idle) CountKey { on(SellEvent.Count) } else CartKey(view, { on(SellEvent.OpenCart) }) }
        if (foldedTools) add { IconKey(Icons.MagnifyingGlass, Look.words.text("sell.search"), { on(SellEvent.Search("")) }, Modifier.height(TouchMain), boxed = true) }
        add { ChargeButton(state, Modifier.weight(1f), on) }
    }
    Foot { (if (Look.setting.leftHand) keys.reversed() else keys).forEach { it() } }
}

/** The main button: Charge, or exact cash at once with the fast bar. */
@Composable
private fun ChargeButton(state: SellState, modifier: Modifier, on: (SellEvent) -> Unit) {
    val view = state.cart.view
    val fast = state.goods.fast
    val figures = Look.figures
    when {
        fast != null && !fast.givesBack -> MainButton(
            Look.words.text("sell.exact"), { on(SellEvent.FastExact) }, modifier, figures.money(fast.exactMinor, fast.currency), enabled = !state.cart.paying,
        )
        else -> MainButton(
            Look.words.text("sell.charge"), { on(SellEvent.Charge) }, modifier,
            view?.let { figures.money(it.totals.openMinor, it.currency) }, enabled = !state.cart.empty,
        )
    }
}

/** How many things are in the cart; opens it. */
@Composable
fun CartKey(view: CartView?, onPress: () -> Unit) {
    val pieces = (view?.pieceCount ?: 0u).toLong()
    val words = Look.words
    FigureKey(
        Look.figures.whole(pieces), words.count("sell.items_word", pieces), onPress, Modifier.width(cartKeyWidth()), minHeight = TouchMain,
        belowColour = Look.palette.ink,
        said = words.count("sell.items", pieces) + ", " + words.text("sell.open_cart"),
    )
}

@Composable
private fun cartKeyWidth() = if (Look.measures.large) 112.dp else 96.dp

/** Counts the cash box, where an empty cart leaves the place of its key: closing the day takes one touch to the count. */
@Composable
fun CountKey(onPress: () -> Unit) =
    Key(say("count.title"), onPress, Modifier.width(cartKeyWidth()), Icons.Coins, minHeight = TouchMain, said = say("menu.close"))

/** Notes and the first other tender, each taking the money at once. */
@Composable
fun FastRow(fast: ChargeView, on: (SellEvent) -> Unit) = KeyRow {
    if (!fast.givesBack) fast.cash.take(2).forEach { key ->
        val back = Look.words.text("sell.back", Look.figures.money(key.backMinor, fast.currency))
        FigureKey(Look.figures.piece(key.givenMinor, fast.currency), back, { on(SellEvent.FastGiven(key.givenMinor)) }, Modifier.weight(1f), minHeight = 64.dp)
    }
    fast.tenders.firstOrNull { it.`class` != TenderClass.CASH }?.let { tender ->
        Key(tender.name, { on(SellEvent.FastTender(tender.id)) }, Modifier.weight(1f))
    }
}

/** What was added last, with undo, less and one more, so that the cart need not be opened. */
@Composable
fun LastRow(cart: CartState, on: (SellEvent) -> Unit) {
    val removed = cart.removed
    val line = cart.view?.lastLine
    val words = Look.words
    when {
        removed != null -> LastAdded(words.text("sell.removed"), removed.name) {
            TextKey(words.text("sell.undo"), { on(SellEvent.Undo) }, icon = Icons.ArrowUUpLeft)
        }
        line != null -> {
            val amount = Look.figures.money(line.totalMinor, cart.view.currency)
            LastAdded(words.text("sell.last_added", amount), line.name, amount = amount) {
                LineStepper(line, { on(SellEvent.Step(line, it)) }, { on(SellEvent.Remove(line)) })
            }
        }
        else -> Spacer(Modifier.height(60.dp))
    }
}

/** One less, one more; a bin at the last piece and for what is not counted in pieces. */
@Composable
fun LineStepper(line: LineView, onStep: (more: Boolean) -> Unit, onRemove: () -> Unit) {
    val single = line.quantity.abs().compareTo(java.math.BigDecimal.ONE) <= 0
    val removes = single || !line.canStep
    Stepper(
        line.name, if (line.canStep) Look.figures.quantity(line.quantity) else "", removes,
        onLess = { if (removes) onRemove() else onStep(false) },
        onMore = if (line.canStep) ({ onStep(true) }) else null,
    )
}

/** Search, scan, price; with large text also the key that edits tiles, in the rain the one that turns the page. */
@Composable
fun ToolRow(state: SellState, turning: Turning, on: (SellEvent) -> Unit) = KeyRow {
    val words = Look.words
    Tool(words.text("sell.search"), Icons.MagnifyingGlass) { on(SellEvent.Search("")) }
    if (state.canScan) Tool(words.text("sell.scan"), Icons.Barcode) { on(SellEvent.Scan) }
    Tool(words.text("sell.price"), Icons.Numpad) { on(SellEvent.Price) }
    if (Look.measures.large) Tool(words.text("sell.edit"), Icons.PencilSimple) { on(SellEvent.Edit(!state.goods.editing)) }
    if (Look.measures.rain && turning.parts > 1) {
        val now = words.text("sell.page_of", turning.part + 1, turning.parts)
        Key(now, turning::turn, Modifier.weight(1f), Icons.CaretDown, said = words.text("sell.page_turn") + ", " + now)
    }
}

/** One of the tools; large text has room for four icons alone. */
@Composable
private fun RowScope.Tool(word: String, icon: ImageVector, onPress: () -> Unit) {
    if (Look.measures.large) IconKey(icon, word, onPress, Modifier.weight(1f).height(TouchOften), boxed = true)
    else Key(word, onPress, Modifier.weight(1f), icon, beside = !Look.measures.rain)
}
