package app.barrow.ui.model

import app.barrow.core.Command
import app.barrow.core.CountLine
import app.barrow.core.ItemId
import app.barrow.core.ItemRef
import app.barrow.core.ItemSheet
import app.barrow.core.MovementKind
import app.barrow.core.MovementLine
import app.barrow.core.Topic
import app.barrow.core.UnitOfMeasure
import app.barrow.ui.app.Seat
import java.math.BigDecimal
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** Digits after the point of a quantity that is no count of pieces: a gram of a kilogram. */
private const val MEASURE_PLACES = 3

/** What is done to the stock of an item. */
enum class StockAct { Receive, Waste, Count }

/** What one item's stock shows. */
data class StockItemState(
    val sheet: ItemSheet? = null,
    val act: StockAct = StockAct.Receive,
    val typed: Typed = Typed(),
    /** Why goods were lost, as it will be booked; null until a reason is chosen. */
    val reason: String? = null,
) {
    /** Digits after the point that this item's quantity may have. */
    val places: Int get() = if (sheet?.tile?.unit is UnitOfMeasure.Each) 0 else MEASURE_PLACES

    /** Tells whether there is enough to book. */
    val complete: Boolean get() = typed.figure != null && (act != StockAct.Waste || reason != null)
}

/** What a person does with one item's stock. */
sealed interface StockItemEvent {
    data class Act(val act: StockAct) : StockItemEvent
    data class Type(val typed: Typed) : StockItemEvent
    data class Reason(val words: String) : StockItemEvent
    data object Book : StockItemEvent
    data object Back : StockItemEvent
}

/** Delivery, waste and count of one item. */
class StockItemModel(private val seat: Seat, scope: CoroutineScope, private val item: ItemId, private val leave: () -> Unit) {
    private val held = MutableStateFlow(StockItemState())

    /** Tells what to show. */
    val state: StateFlow<StockItemState> = held

    init {
        seat.watch(scope, Topic.STOCK, Topic.SALES, Topic.CATALOGUE) {
            val sheet = seat.till.ask { item(item) }
            held.update { it.copy(sheet = sheet) }
        }
    }

    /** Does what the person wants. */
    fun on(event: StockItemEvent) {
        when (event) {
            is StockItemEvent.Act -> held.update { it.copy(act = event.act, reason = null) }
            is StockItemEvent.Type -> held.update { it.copy(typed = event.typed) }
            is StockItemEvent.Reason -> held.update { it.copy(reason = event.words) }
            StockItemEvent.Book -> book()
            StockItemEvent.Back -> leave()
        }
    }

    private fun book() {
        val state = held.value
        val quantity = state.typed.figure
        if (quantity == null || !state.complete) return
        seat.send(command(state.act, quantity, state.reason)) { leave() }
    }

    private fun command(act: StockAct, quantity: BigDecimal, reason: String?): Command = when (act) {
        StockAct.Count -> Command.CountStock(listOf(CountLine(ItemRef.Id(item), quantity)))
        StockAct.Receive -> move(MovementKind.DELIVERY, quantity, null)
        StockAct.Waste -> move(MovementKind.WASTE, quantity, reason)
    }

    private fun move(kind: MovementKind, quantity: BigDecimal, reason: String?) =
        Command.MoveStock(kind, listOf(MovementLine(ItemRef.Id(item), quantity)), reason = reason)
}
