package app.barrow.ui.model

import app.barrow.core.CashGiven
import app.barrow.core.ChargeView
import app.barrow.core.TenderClass
import app.barrow.core.TenderId
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import app.barrow.ui.screen.ChargeEvent
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update

/** What the pad of Charge types. */
enum class ChargePad { Given, Part }

/** Taking the money for the cart at hand. */
data class ChargeState(
    /** Holds what is to be paid; null until the core answered, and when the cart is empty. */
    val view: ChargeView? = null,
    /** Gives the part that is paid now, in minor units; null for all that is left. */
    val partMinor: Long? = null,
    /** Lists the equal parts that are offered, in minor units, by the number of payers. */
    val parts: Map<UInt, List<Long>> = emptyMap(),
    /** Tells that the ways to split are shown. */
    val splitting: Boolean = false,
    /** Tells what is being typed. */
    val pad: ChargePad? = null,
    /** Holds the typed amount. */
    val typed: Typed = Typed(),
    /** Holds what comes back of the typed cash. */
    val given: CashGiven? = null,
)

/** Cash, other tenders, parts. */
class ChargeModel(private val seat: Seat, private val scope: CoroutineScope, private val cart: CartModel) {
    private val held = MutableStateFlow(ChargeState())

    /** Tells what is to be paid and how. */
    val state: StateFlow<ChargeState> = held

    private val cash: TenderId? get() = held.value.view?.tenders?.find { it.`class` == TenderClass.CASH }?.id

    init {
        seat.ask(scope) {
            cart.state.map { it.cart to it.view }.distinctUntilChanged().collect {
                held.value = ChargeState()
                load()
            }
        }
    }

    private suspend fun load() {
        val now = cart.state.value
        val part = held.value.partMinor
        val view = if (now.empty) null else seat.till.ask { charge(now.cart, part) }
        held.update { it.copy(view = view) }
    }

    /** Does what a person did on Charge. */
    fun on(event: ChargeEvent) {
        when (event) {
            ChargeEvent.Back -> seat.go.back()
            ChargeEvent.Customer -> if (!seat.device.showCustomer(true)) seat.go.go(Route.Customer)
            ChargeEvent.Exact -> exact()
            is ChargeEvent.Given -> take(event.minor)
            is ChargeEvent.Tender -> cart.pay(event.tender, held.value.partMinor)
            is ChargeEvent.GiveBack -> cart.giveBack(event.payment)
            is ChargeEvent.Split -> split(event.open)
            is ChargeEvent.Part -> part(event.minor)
            is ChargeEvent.Pad -> pad(event.pad)
            is ChargeEvent.Type -> type(event.typed)
            ChargeEvent.Enter -> enter()
        }
    }

    private fun exact() = cash?.let { cart.pay(it, held.value.partMinor) }

    private fun take(givenMinor: Long) = cash?.let { cart.pay(it, held.value.partMinor, givenMinor) }

    private fun split(open: Boolean) {
        held.update { it.copy(splitting = open) }
        if (open) seat.ask(scope) {
            val at = cart.state.value.cart
            val parts = PAYERS.associateWith { payers -> seat.till.ask { this.split(at, payers) } }
            held.update { it.copy(parts = parts) }
        }
    }

    private fun part(minor: Long?) {
        held.update { ChargeState(view = it.view, partMinor = minor) }
        seat.ask(scope) { load() }
    }

    private fun pad(pad: ChargePad?) = held.update { it.copy(pad = pad, typed = Typed(), given = null, splitting = false) }

    private fun type(typed: Typed) {
        held.update { it.copy(typed = typed, given = null) }
        val view = held.value.view ?: return
        val minor = typed.minor(view.currency.digits) ?: return
        if (held.value.pad == ChargePad.Given) seat.ask(scope) {
            val given = seat.till.ask { cashGiven(view.cart, held.value.partMinor, minor) }
            held.update { if (it.typed == typed) it.copy(given = given) else it }
        }
    }

    private fun enter() {
        val state = held.value
        val minor = state.typed.minor(state.view?.currency?.digits ?: return) ?: return
        when (state.pad) {
            ChargePad.Given -> take(minor)
            ChargePad.Part -> part(minor)
            null -> Unit
        }
    }

    private companion object {
        val PAYERS = listOf(2u, 3u, 4u)
    }
}
