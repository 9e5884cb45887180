package app.barrow.ui.model

import app.barrow.core.Command
import app.barrow.core.ShiftView
import app.barrow.core.TodayOpening
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Which way cash moves for another reason than a sale. */
enum class CashMove { In, Out, Safe }

/** What Shift shows. */
data class ShiftState(
    val opening: TodayOpening? = null,
    val shift: ShiftView? = null,
    /** Name of the cash box. */
    val box: String = "",
    /** Tells that what is expected stays hidden until it is counted. */
    val blind: Boolean = true,
    /** The movement that is being typed. */
    val move: CashMove? = null,
    val typed: Typed = Typed(),
    val reason: String = "",
    /** Tells that the question before a pay-out is on the screen. */
    val asking: Boolean = false,
) {
    /** Tells whether there is enough to book the movement. */
    val complete: Boolean get() = (typed.figure?.signum() ?: 0) > 0 && (move == CashMove.Safe || reason.isNotBlank())
}

/** What a person does on Shift. */
sealed interface ShiftEvent {
    data class Move(val move: CashMove?) : ShiftEvent
    data class Type(val typed: Typed) : ShiftEvent
    data class Reason(val words: String) : ShiftEvent
    data object Ask : ShiftEvent
    data object No : ShiftEvent
    data object Book : ShiftEvent

    /** Shares the X report as text. */
    data class Report(val title: String) : ShiftEvent
    data object Open : ShiftEvent
    data object Close : ShiftEvent

    /** Shows the Z reports of earlier shifts. */
    data object Closings : ShiftEvent
    data object Back : ShiftEvent
}

/** The cash box: float, cash in and out, the report so far. */
class ShiftModel(private val seat: Seat, private val scope: CoroutineScope, settings: StateFlow<Settings>) {
    private val held = MutableStateFlow(ShiftState())

    /** Tells what to show. */
    val state: StateFlow<ShiftState> = held

    init {
        seat.watch(scope, Topic.SHIFT, Topic.SALES) {
            val opening = seat.till.ask { opening() }
            val shift = seat.till.ask { shift() }
            val shop = seat.till.ask { shop() }
            held.update { it.copy(opening = opening, shift = shift, box = shop.cashBox) }
        }
        scope.launch { settings.collect { now -> held.update { it.copy(blind = now.blindCount) } } }
    }

    /** Does what the person wants. */
    fun on(event: ShiftEvent) {
        when (event) {
            is ShiftEvent.Move -> held.update { it.copy(move = event.move, typed = Typed(), reason = "", asking = false) }
            is ShiftEvent.Type -> held.update { it.copy(typed = event.typed) }
            is ShiftEvent.Reason -> held.update { it.copy(reason = event.words) }
            // Only what takes money out is asked about first.
            ShiftEvent.Ask -> if (held.value.move == CashMove.Out) held.update { it.copy(asking = it.complete) } else book()
            ShiftEvent.No -> held.update { it.copy(asking = false) }
            ShiftEvent.Book -> book()
            is ShiftEvent.Report -> seat.work { seat.device.share(event.title, seat.till.ask { shiftText(RECEIPT_SIGNS) }) }
            ShiftEvent.Open -> seat.go.go(Route.WhereToday)
            ShiftEvent.Close -> seat.go.go(Route.CloseShift)
            ShiftEvent.Closings -> seat.go.go(Route.Closings)
            ShiftEvent.Back -> if (held.value.move != null) on(ShiftEvent.Move(null)) else seat.go.back()
        }
    }

    private fun book() {
        val state = held.value
        val amount = state.opening?.let { state.typed.minor(it.currency.digits) }
        if (amount == null || !state.complete) return
        val command = when (state.move ?: return) {
            CashMove.In -> Command.PayIn(amount, state.reason.trim())
            CashMove.Out -> Command.PayOut(amount, state.reason.trim())
            CashMove.Safe -> Command.SafeDrop(amount)
        }
        seat.send(command) { on(ShiftEvent.Move(null)) }
    }
}
