package app.barrow.ui.model

import app.barrow.core.Command
import app.barrow.core.Currency
import app.barrow.core.Tile
import app.barrow.core.Topic
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What Today's prices shows. */
data class PricesState(
    val rows: Rows<Tile> = Rows(),
    val currency: Currency? = null,
    /** The item whose price is being typed. */
    val chosen: Tile? = null,
    val typed: Typed = Typed(),
)

/** What a person does on Today's prices. */
sealed interface PricesEvent {
    data class Shown(val first: Int, val last: Int) : PricesEvent
    data class Choose(val tile: Tile?) : PricesEvent
    data class Type(val typed: Typed) : PricesEvent
    data object Set : PricesEvent
    data object Back : PricesEvent
}

/** Prices of the day: choose, type, set. */
class PricesModel(private val seat: Seat, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(PricesState())
    private val pages = goodsByName(seat)

    /** Tells what to show. */
    val state: StateFlow<PricesState> = held

    init {
        seat.watch(scope, Topic.CATALOGUE) {
            pages.again()
            val currency = seat.till.ask { shop() }.shop.currency
            held.update { it.copy(currency = currency) }
        }
        scope.launch { pages.rows.collect { rows -> held.update { it.copy(rows = rows) } } }
    }

    /** Does what the person wants. */
    fun on(event: PricesEvent) {
        when (event) {
            is PricesEvent.Shown -> {
                pages.want(event.first, event.last)
                seat.ask(scope) { pages.show() }
            }
            is PricesEvent.Choose -> held.update { it.copy(chosen = event.tile, typed = Typed()) }
            is PricesEvent.Type -> held.update { it.copy(typed = event.typed) }
            PricesEvent.Set -> set()
            PricesEvent.Back -> seat.go.back()
        }
    }

    private fun set() {
        val (chosen, typed) = held.value.run { chosen to typed.figure }
        if (chosen == null || typed == null) return
        seat.work {
            val sheet = seat.till.ask { item(chosen.item) } ?: return@work
            // The typed price is for as many units as the shown one: 100 g, 1 kg.
            val unitPrice = seat.till.ask { unitPrice(chosen.item, typed) }
            val draft = draft(chosen.item, price = sheet.price.copy(unitPrice = unitPrice))
            seat.till.send(Command.PutItems(listOf(draft)))
            held.update { it.copy(chosen = null, typed = Typed()) }
        }
    }
}
