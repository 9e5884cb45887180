package app.barrow.ui.model

import app.barrow.core.CartId
import app.barrow.core.CartView
import app.barrow.core.Command
import app.barrow.core.CommandId
import app.barrow.core.DoneView
import app.barrow.core.GivenDiscount
import app.barrow.core.LineDraft
import app.barrow.core.LineId
import app.barrow.core.LineView
import app.barrow.core.Outcome
import app.barrow.core.Oversell
import app.barrow.core.PaymentId
import app.barrow.core.Rejection
import app.barrow.core.ReturnDraft
import app.barrow.core.SaleId
import app.barrow.core.Shop
import app.barrow.core.TenderId
import app.barrow.core.Topic
import app.barrow.core.View
import app.barrow.ui.app.Feeling
import app.barrow.ui.app.Notice
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import java.math.BigDecimal
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Holds this many acts that wait for the core: more than a scanner sends while one command runs. */
private const val WAITING_ACTS = 512

/** Offers to bring a removed line back for at least this long, in milliseconds. */
private const val UNDO_MS = 6_000L

/** Asks for this many open carts at a time. */
private const val CARTS_PER_PAGE = 100u

/** The cart at hand, as every selling screen shows it. */
data class CartState(
    /** Names the cart; it opens with its first line. */
    val cart: CartId,
    /** Holds its totals and its first page of lines; null while nothing is in it. */
    val view: CartView? = null,
    /** Tells that the open carts of this till were looked through. */
    val ready: Boolean = false,
    /** Holds the line that was removed last, while it may come back. */
    val removed: LineView? = null,
    /** Holds the sale that was finished last, while its sheet is open. */
    val done: DoneView? = null,
    /** Tells that money is being taken: the keys that take it wait. */
    val paying: Boolean = false,
) {
    /** Tells that there is nothing to charge. */
    val empty: Boolean get() = view == null || view.lineCount == 0u
}

/**
 * The one cart at hand. What a person does is carried out in the order it was done, one after the other, and the
 * screen is never waited for.
 */
class CartModel(private val seat: Seat) {
    private val held = MutableStateFlow(CartState(seat.till.newId()))
    private val acts = Channel<suspend () -> Unit>(WAITING_ACTS)
    private var seen = 0uL
    private var undoEnds: Job? = null
    private var removedMs = 0L
    private var shop: Shop? = null

    /** Tells the cart at hand and what was done last. */
    val state: StateFlow<CartState> = held

    init {
        seat.work { restore() }.invokeOnCompletion { if (it == null) serve() }
    }

    private fun serve() {
        seat.scope.launch { for (act in acts) act() }
        follow()
    }

    /** Takes up the newest open cart that nobody put aside: a sale goes on after the app was gone. */
    private suspend fun restore() {
        var after: CartId? = null
        var newest = held.value.cart to Long.MIN_VALUE
        do {
            val page = seat.till.ask { openCarts(after, CARTS_PER_PAGE) }
            page.filter { !it.parked && it.openedMs > newest.second }.forEach { newest = it.cart to it.openedMs }
            after = page.lastOrNull()?.cart
        } while (page.size.toUInt() == CARTS_PER_PAGE)
        held.update { it.copy(cart = newest.first) }
        look()
        held.update { it.copy(ready = true) }
    }

    private fun follow() {
        seat.work {
            seat.till.changes(Topic.CARTS).collect { changes -> act { if (changes.revision > seen) look() } }
        }
        seat.work {
            seat.till.changes(Topic.CATALOGUE).collect { shop = seat.till.ask { shop() }.shop }
        }
    }

    private suspend fun look() {
        val cart = held.value.cart
        val view = seat.till.ask { cart(cart, 0u) }
        held.update { if (it.cart == cart) it.copy(view = view) else it }
    }

    /** Puts goods into the cart. */
    fun add(draft: LineDraft, then: () -> Unit = {}) = add(listOf(draft), then)

    /** Puts goods into the cart in one go. When the shop wants to be asked before it sells more than is there, it is. */
    fun add(drafts: List<LineDraft>, then: () -> Unit = {}) {
        val id = seat.till.newId()
        val anyway = { add(drafts.map { it.copy(oversell = true) }, then) }
        act {
            val asked = { why: Rejection -> oversold(why, drafts, anyway) }
            if (carryOut(id, Command.AddLines(held.value.cart, drafts), asked)) then()
        }
    }

    /** Puts what a code means into the cart. */
    fun scan(code: String) {
        val id = seat.till.newId()
        act { carryOut(id, Command.Scan(held.value.cart, code), ::unknownCode) }
    }

    /** Puts goods of a finished sale into the cart as returns; everything that is left of it without lines. */
    fun takeBack(sale: SaleId, lines: List<ReturnDraft> = emptyList(), reason: String? = null, then: () -> Unit = {}) =
        change(then) { Command.AddReturns(it, sale, lines, reason) }

    /** Makes a line one more, or one less; quick steps add up. */
    fun step(line: LineView, more: Boolean) {
        val id = seat.till.newId()
        act {
            val now = find(line.id) ?: line
            val one = now.quantity.signum().toBigDecimal()
            val quantity = if (more) now.quantity + one else now.quantity - one
            carryOut(id, Command.SetQuantity(held.value.cart, line.id, quantity))
        }
    }

    private fun find(line: LineId): LineView? =
        held.value.view?.run { lastLine?.takeIf { it.id == line } ?: lines.find { it.id == line } }

    /** Takes a line out; it may come back. */
    fun remove(line: LineView) = change({ offerUndo(line) }) { Command.VoidLine(it, line.id) }

    /** Brings the line back that was removed last. */
    fun undo() {
        val removed = held.value.removed ?: return
        held.update { it.copy(removed = null) }
        change { Command.RestoreLine(it, removed.id) }
    }

    /** Sets the discounts of a line. */
    fun discount(line: LineId, discounts: List<GivenDiscount>) = change { Command.DiscountLine(it, line, discounts) }

    /** Sets the discounts of the whole cart. */
    fun discount(discounts: List<GivenDiscount>) = change { Command.DiscountCart(it, discounts) }

    /** Sets another price for a line. */
    fun setPrice(line: LineId, unitPrice: BigDecimal, reason: String) =
        change { Command.SetPrice(it, line, unitPrice, reason) }

    /** Takes the catalogue's present price for a line. */
    fun reprice(line: LineId) = change { Command.Reprice(it, listOf(line)) }

    /** Switches the taxes of the cart. */
    fun switchTaxes(mapping: String?) = change { Command.SwitchTaxes(it, mapping) }

    /** Sets the note of the cart or of one of its lines. */
    fun setNote(line: LineId?, note: String?) = change { Command.SetNote(it, line, note) }

    /** Gives a part payment back. */
    fun giveBack(payment: PaymentId) = change { Command.ReversePayment(it, payment) }

    /** Gives the cart up and starts another. */
    fun void(reason: String?) = change({ startAnother() }) { Command.VoidCart(it, reason) }

    /** Puts the cart aside and starts another. */
    fun park(name: String?) = change({ startAnother() }) { Command.Park(it, name) }

    /** Takes a parked cart up; what is in the cart at hand is put aside instead. */
    fun resume(parked: CartId) {
        if (!held.value.empty) park(null)
        act {
            held.update { CartState(parked, ready = true) }
            carryOut(seat.till.newId(), Command.Resume(parked))
        }
    }

    /** Takes money, or pays it out; the sale is finished when nothing is left. */
    fun pay(tender: TenderId, amountMinor: Long? = null, givenMinor: Long? = null) {
        val cart = held.value.cart
        if (held.value.paying) return
        held.update { it.copy(paying = true) }
        val id = seat.till.newId()
        act {
            if (held.value.cart == cart) carryOut(id, Command.Tender(cart, tender, amountMinor, givenMinor))
            held.update { it.copy(paying = false) }
        }
    }

    /** Puts a wrong tender of the finished sale right. */
    fun correct(sale: SaleId, payment: PaymentId, tender: TenderId, reason: String): Unit = act {
        val put = Command.CorrectTender(sale, payment, tender, reason)
        val outcome = seat.sent(put) { correct(sale, payment, tender, reason) }
        if (outcome != null && held.value.done?.sale == sale) showDone(sale)
    }

    /** Puts the goods of a finished sale into the cart once more. */
    fun sameAgain(sale: SaleId): Unit = act {
        val drafts = seat.till.ask { this.sameAgain(sale) }
        if (drafts.isNotEmpty()) carryOut(seat.till.newId(), Command.AddLines(held.value.cart, drafts))
    }

    /** Closes the sheet of the finished sale. */
    fun dismissDone() = held.update { it.copy(done = null) }

    private fun change(then: () -> Unit = {}, command: (CartId) -> Command) {
        val id = seat.till.newId()
        act { if (carryOut(id, command(held.value.cart))) then() }
    }

    private suspend fun carryOut(
        id: CommandId,
        command: Command,
        tell: (Rejection) -> Notice? = { null },
    ): Boolean {
        val outcome = seat.sent(command, id, tell) { act { carryOut(id, command, tell) } } ?: return false
        show(outcome)
        return true
    }

    /** A code that nobody knows never stops the queue: what it is on may be sold for a typed price. */
    private fun unknownCode(why: Rejection): Notice? {
        if (why !is Rejection.Unknown || why.field != "code") return null
        return Notice(
            word = "sell.unknown_code",
            values = listOf(why.value),
            again = { seat.go.go(Route.PricePad(null)) },
            againWord = "sell.type_price",
            feeling = Feeling.Unknown,
        )
    }

    private fun oversold(why: Rejection, drafts: List<LineDraft>, anyway: () -> Unit): Notice? {
        val asks = why is Rejection.NotNow && why.field == "quantity" && drafts.none { it.oversell }
        if (!asks || shop?.oversell != Oversell.ASK) return null
        return Notice(word = "sell.oversell", again = anyway, againWord = "sell.anyway")
    }

    private suspend fun show(outcome: Outcome) {
        seen = outcome.revision
        when (val view = outcome.view) {
            is View.Cart -> {
                seat.device.feel(Feeling.Added)
                held.update { if (it.cart == view.v1.cart) it.copy(view = view.v1, done = null) else it }
                endUndo()
            }
            is View.Sale -> {
                startAnother()
                showDone(view.v1.id)
                seat.device.feel(Feeling.Paid)
                seat.go.home()
            }
            else -> Unit
        }
    }

    private suspend fun showDone(sale: SaleId) {
        val done = seat.till.ask { done(sale) }
        held.update { it.copy(done = done) }
    }

    private fun startAnother() = held.update { CartState(seat.till.newId(), ready = true) }

    private fun offerUndo(line: LineView) {
        removedMs = seat.device.nowMs()
        undoEnds?.cancel()
        held.update { it.copy(removed = line) }
    }

    /** The cart changed: what was removed before can come back for the rest of its time only. */
    private fun endUndo() {
        if (held.value.removed == null) return
        undoEnds?.cancel()
        undoEnds = seat.scope.launch {
            delay(UNDO_MS - (seat.device.nowMs() - removedMs))
            held.update { it.copy(removed = null) }
        }
    }

    private fun act(act: suspend () -> Unit) {
        if (acts.trySend { seat.guarded(act) }.isFailure) seat.say(Notice(word = "sell.busy"))
    }
}
