package app.barrow.ui.model

import app.barrow.core.CashCount
import app.barrow.core.CashPieces
import app.barrow.core.CashSum
import app.barrow.core.Command
import app.barrow.core.Currency
import app.barrow.core.View
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** Most pieces of one kind that a count takes: a bag of the smallest coin. */
private const val MOST_PIECES = 99_999u

/** What the count shows. */
data class CloseShiftState(
    val currency: Currency? = null,
    /** Name of the cash box. */
    val box: String = "",
    /** Notes and coins in minor units, largest first. */
    val values: List<Long> = emptyList(),
    /** How many there are of each, by value. */
    val counts: Map<Long, UInt> = emptyMap(),
    /** The note or coin that is being counted. */
    val chosen: Long? = null,
    /** What the pieces come to; what is expected is in it once it may be shown. */
    val sum: CashSum? = null,
    val blind: Boolean = true,
    val note: String? = null,
    /** Tells that the count is done: what is expected is shown, and the box can be closed. */
    val counted: Boolean = false,
    /** Tells that the question before closing without a count is on the screen. */
    val asking: Boolean = false,
)

/** What a person does while counting. */
sealed interface CloseShiftEvent {
    data class Choose(val value: Long) : CloseShiftEvent
    data class Digit(val digit: Char) : CloseShiftEvent
    data object Erase : CloseShiftEvent

    /** Takes digits back that came from a scanner. */
    data class Restore(val counts: Map<Long, UInt>) : CloseShiftEvent

    /** Goes to the next note or coin. */
    data object Next : CloseShiftEvent

    /** Ends the count: shows the difference. */
    data object Counted : CloseShiftEvent
    data object Recount : CloseShiftEvent
    data class Note(val text: String?) : CloseShiftEvent

    /** Closes the cash box. Without any count it asks first. */
    data object Close : CloseShiftEvent

    /** Goes back to counting. */
    data object No : CloseShiftEvent
    data object Back : CloseShiftEvent
}

/** Counts the cash box by notes and coins, and closes it. */
class CloseShiftModel(private val seat: Seat, private val scope: CoroutineScope, settings: Settings) {
    private val held = MutableStateFlow(CloseShiftState(blind = settings.blindCount))

    /** Tells what to show. */
    val state: StateFlow<CloseShiftState> = held

    init {
        seat.ask(scope) {
            val shop = seat.till.ask { shop() }
            held.update {
                it.copy(
                    currency = shop.shop.currency, box = shop.cashBox, values = shop.shop.denominations,
                    chosen = shop.shop.denominations.firstOrNull(),
                )
            }
            sum()
        }
    }

    /** Does what the person wants. */
    fun on(event: CloseShiftEvent) {
        when (event) {
            is CloseShiftEvent.Choose -> held.update { it.copy(chosen = event.value, counted = false) }
            is CloseShiftEvent.Digit -> count { digits -> digits + event.digit }
            CloseShiftEvent.Erase -> count { digits -> digits.dropLast(1) }
            is CloseShiftEvent.Restore -> {
                held.update { it.copy(counts = event.counts) }
                seat.ask(scope) { sum() }
            }
            CloseShiftEvent.Next -> held.update { it.copy(chosen = it.values.getOrNull(it.values.indexOf(it.chosen) + 1)) }
            CloseShiftEvent.Counted -> held.update { it.copy(counted = true, chosen = null) }
            CloseShiftEvent.Recount -> recount()
            is CloseShiftEvent.Note -> held.update { it.copy(note = event.text) }
            CloseShiftEvent.Close -> if (held.value.run { counts.isEmpty() && !asking }) held.update { it.copy(asking = true) } else close()
            CloseShiftEvent.No -> held.update { it.copy(asking = false) }
            CloseShiftEvent.Back -> seat.go.back()
        }
    }

    private fun count(with: (String) -> String) {
        held.update { state ->
            val value = state.chosen ?: return@update state
            val digits = with(state.counts[value]?.toString().orEmpty())
            val count = digits.ifEmpty { "0" }.toUIntOrNull()?.takeIf { it <= MOST_PIECES } ?: return@update state
            val counts = if (digits.isEmpty()) state.counts - value else state.counts + (value to count)
            state.copy(counts = counts, counted = false, asking = false)
        }
        seat.ask(scope) { sum() }
    }

    private fun recount() {
        held.update { it.copy(counts = emptyMap(), counted = false, note = null, chosen = it.values.firstOrNull()) }
        seat.ask(scope) { sum() }
    }

    private suspend fun sum() {
        val counts = held.value.counts
        val sum = seat.till.ask { countCash(pieces(counts)) }
        held.update { if (it.counts == counts) it.copy(sum = sum) else it }
    }

    private fun pieces(counts: Map<Long, UInt>) = held.value.values.map { CashPieces(it, counts[it] ?: 0u) }

    private fun close() {
        val state = held.value
        val counted = CashCount(pieces = pieces(state.counts).filter { it.count > 0u })
        val note = state.note?.takeIf(String::isNotBlank)
        seat.send(Command.CloseShift(counted = counted, blind = state.blind, note = note)) { outcome ->
            val report = (outcome.view as? View.Closed)?.v1 ?: return@send
            seat.go.home()
            seat.go.go(Route.Closed(report.shift))
        }
    }
}
