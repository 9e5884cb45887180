package app.barrow.ui.model

import app.barrow.core.ItemId
import app.barrow.core.ItemRef
import app.barrow.core.ItemSheet
import app.barrow.core.LineDraft
import app.barrow.core.Quote
import app.barrow.core.TillException
import app.barrow.core.UnitOfMeasure
import app.barrow.ui.app.Seat
import app.barrow.ui.screen.WeighEvent
import java.math.BigDecimal
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** What the keys of Weigh type. */
enum class WeighPad { Weight, Tare, Amount }

/** Weighing one item. */
data class WeighState(
    /** Holds the item; null until the core answered. */
    val sheet: ItemSheet? = null,
    /** Tells what the keys type. */
    val pad: WeighPad = WeighPad.Weight,
    /** Holds the typed weight in the small unit, or in the unit itself where it has none. */
    val weight: Typed = Typed(),
    /** Holds the typed amount in major units. */
    val amount: Typed = Typed(),
    /** Holds another tare than the item's, typed like the weight. */
    val otherTare: Typed = Typed(),
    /** Tells that the item's own tare is taken off. */
    val ownTare: Boolean = true,
    /** Holds what the core makes of it. */
    val quote: Quote? = null,
    /** Tells that it weighs no more than its packaging. */
    val tooLight: Boolean = false,
) {
    /** Gives what the keys type now. */
    val typed: Typed
        get() = when (pad) {
            WeighPad.Weight -> weight
            WeighPad.Tare -> otherTare
            WeighPad.Amount -> amount
        }
}

/** How many places of the unit the keys fill from the right: 1240 is 1.240 kg. */
val UnitOfMeasure.typedPlaces: Int
    get() = when (this) {
        is UnitOfMeasure.Kilogram, is UnitOfMeasure.Litre -> 3
        is UnitOfMeasure.Metre -> 2
        else -> 0
    }

/** Weight, tare, and the price that the core makes of them. */
class WeighModel(private val seat: Seat, private val cart: CartModel, private val item: ItemId) {
    private val held = MutableStateFlow(WeighState())

    /** Tells what was typed and what it comes to. */
    val state: StateFlow<WeighState> = held

    init {
        seat.work {
            val sheet = seat.till.ask { item(item) }
            held.update { it.copy(sheet = sheet, ownTare = sheet?.trade?.tare != null) }
        }
    }

    /** Does what a person did on Weigh. */
    fun on(event: WeighEvent) {
        when (event) {
            WeighEvent.Back -> seat.go.back()
            is WeighEvent.Type -> type(event.typed)
            WeighEvent.OwnTare -> toggleOwnTare()
            is WeighEvent.Turn -> turn(event.pad)
            WeighEvent.Scan -> scan()
            WeighEvent.Add -> add()
        }
    }

    private fun scan() = seat.work {
        val code = seat.device.scanCode() ?: return@work
        seat.go.home()
        cart.scan(code)
    }

    private fun type(typed: Typed) = change {
        when (it.pad) {
            WeighPad.Weight -> it.copy(weight = typed)
            WeighPad.Tare -> it.copy(otherTare = typed)
            WeighPad.Amount -> it.copy(amount = typed)
        }
    }

    private fun toggleOwnTare() = change { it.copy(ownTare = !it.ownTare, otherTare = Typed(), pad = WeighPad.Weight) }

    private fun turn(pad: WeighPad) = change {
        it.copy(pad = pad, ownTare = it.ownTare && pad != WeighPad.Tare)
    }

    private fun change(how: (WeighState) -> WeighState) {
        held.update { how(it).copy(quote = null, tooLight = false) }
        val draft = draft() ?: return
        val asked = held.value
        seat.work {
            val quote = try {
                seat.till.ask { quote(draft) }
            } catch (_: TillException.Rejected) {
                null
            }
            held.update { if (it == asked) it.copy(quote = quote, tooLight = quote == null) else it }
        }
    }

    private fun draft(): LineDraft? {
        val state = held.value
        val sheet = state.sheet ?: return null
        val line = LineDraft(item = ItemRef.Id(item))
        if (state.pad == WeighPad.Amount) {
            return state.amount.minor(sheet.price.currency.digits)?.let { line.copy(amountMinor = it) }
        }
        val gross = quantity(state.weight, sheet) ?: return null
        return line.copy(gross = gross, tare = tare(state, sheet))
    }

    private fun tare(state: WeighState, sheet: ItemSheet): BigDecimal = when {
        state.otherTare.text.isNotEmpty() -> quantity(state.otherTare, sheet)
        state.ownTare -> sheet.trade.tare
        else -> null
    } ?: BigDecimal.ZERO

    private fun quantity(typed: Typed, sheet: ItemSheet): BigDecimal? =
        typed.figure?.takeIf { it.signum() > 0 }?.movePointLeft(sheet.trade.unit.typedPlaces)

    private fun add() {
        val draft = draft() ?: return
        cart.dismissDone()
        cart.add(draft) { seat.go.home() }
    }
}
