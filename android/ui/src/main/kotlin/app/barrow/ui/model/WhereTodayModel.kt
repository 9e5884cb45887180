package app.barrow.ui.model

import app.barrow.core.CashCount
import app.barrow.core.Command
import app.barrow.core.Location
import app.barrow.core.ShopView
import app.barrow.core.TillException
import app.barrow.core.TodayOpening
import app.barrow.core.Topic
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** Which of the two figures is being typed. */
enum class DayFigure { Float, Fee }

/** What Where today shows. Each figure may stay empty. */
data class WhereTodayState(
    val shop: ShopView? = null,
    val opening: TodayOpening? = null,
    val place: String? = null,
    val figure: DayFigure = DayFigure.Float,
    val float: Typed = Typed(),
    val fee: Typed = Typed(),
)

/** What a person does on Where today. */
sealed interface WhereTodayEvent {
    data object SameAsLast : WhereTodayEvent
    data class Place(val name: String) : WhereTodayEvent
    data class Figure(val figure: DayFigure) : WhereTodayEvent
    data class Type(val typed: Typed) : WhereTodayEvent

    /** Opens the cash box; [feeReason] is the word that the fee is booked under. */
    data class Open(val feeReason: String) : WhereTodayEvent
    data object Back : WhereTodayEvent
}

/** Place, float and fee of the day. */
class WhereTodayModel(private val seat: Seat, scope: CoroutineScope) {
    private val held = MutableStateFlow(WhereTodayState())

    /** Tells what to show. */
    val state: StateFlow<WhereTodayState> = held

    init {
        seat.watch(scope, Topic.SHIFT, Topic.CATALOGUE) {
            val shop = seat.till.ask { shop() }
            val opening = seat.till.ask { opening() }
            held.update { it.copy(shop = shop, opening = opening, place = it.place ?: shop.location) }
        }
    }

    /** Does what the person wants. */
    fun on(event: WhereTodayEvent) {
        when (event) {
            WhereTodayEvent.SameAsLast -> held.value.opening?.let { openLikeLast(seat, it) }
            is WhereTodayEvent.Place -> held.update { it.copy(place = event.name) }
            is WhereTodayEvent.Figure -> held.update { it.copy(figure = event.figure) }
            is WhereTodayEvent.Type -> type(event.typed)
            is WhereTodayEvent.Open -> open(event.feeReason)
            WhereTodayEvent.Back -> seat.go.back()
        }
    }

    private fun type(typed: Typed) = held.update {
        when (it.figure) {
            DayFigure.Float -> it.copy(float = typed)
            DayFigure.Fee -> it.copy(fee = typed)
        }
    }

    private fun open(feeReason: String) {
        val day = held.value
        val digits = day.opening?.currency?.digits ?: return
        seat.work {
            rename(day)
            val float = day.float.minor(digits) ?: 0L
            seat.till.send(Command.OpenShift(float = CashCount(amountMinor = float)))
            day.fee.minor(digits)?.takeIf { it > 0 }?.let {
                seat.till.send(Command.PayOut(amountMinor = it, reason = feeReason))
            }
            seat.go.home()
        }
    }

    /** Gives the till's place the name of the day. */
    private suspend fun rename(day: WhereTodayState) {
        val name = day.place?.trim().orEmpty()
        val shop = day.shop ?: return
        if (name.isEmpty() || name == shop.location) return
        seat.till.send(Command.PutPlaces(locations = listOf(Location(shop.locationId, name))))
    }
}
