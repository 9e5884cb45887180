package app.barrow.ui.model

import app.barrow.core.CashCount
import app.barrow.core.Command
import app.barrow.core.ShopView
import app.barrow.core.StatusView
import app.barrow.core.TodayOpening
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** What the menu shows. */
data class MenuState(
    val shop: ShopView? = null,
    val status: StatusView? = null,
    val opening: TodayOpening? = null,
)

/** What a person does in the menu. */
sealed interface MenuEvent {
    data class Go(val route: Route) : MenuEvent

    /** Opens the cash box with the float of last time. */
    data object OpenLikeLast : MenuEvent
    data object Back : MenuEvent
}

/** The way to everything but selling. */
class MenuModel(private val seat: Seat, scope: CoroutineScope) {
    private val held = MutableStateFlow(MenuState())

    /** Tells what to show. */
    val state: StateFlow<MenuState> = held

    init {
        seat.watch(scope, Topic.SHIFT, Topic.STORAGE, Topic.CATALOGUE, Topic.CARTS) {
            val shop = seat.till.ask { shop() }
            val status = seat.till.ask { status() }
            val opening = seat.till.ask { opening() }
            held.value = MenuState(shop, status, opening)
        }
    }

    /** Does what the person wants. */
    fun on(event: MenuEvent) {
        when (event) {
            is MenuEvent.Go -> seat.go.go(event.route)
            MenuEvent.OpenLikeLast -> held.value.opening?.let { openLikeLast(seat, it) }
            MenuEvent.Back -> seat.go.back()
        }
    }
}

/** Opens the cash box with the float of last time and goes to sell. */
fun openLikeLast(seat: Seat, opening: TodayOpening) {
    val float = opening.lastFloatMinor ?: return
    seat.send(Command.OpenShift(float = CashCount(amountMinor = float))) {
        seat.go.home()
    }
}
