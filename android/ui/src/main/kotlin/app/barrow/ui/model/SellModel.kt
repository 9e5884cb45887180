package app.barrow.ui.model

import app.barrow.core.ChargeView
import app.barrow.core.Command
import app.barrow.core.ItemDraft
import app.barrow.core.ItemId
import app.barrow.core.ItemKind
import app.barrow.core.ItemRef
import app.barrow.core.LineDraft
import app.barrow.core.TenderClass
import app.barrow.core.TenderId
import app.barrow.core.Tile
import app.barrow.core.Topic
import app.barrow.ui.app.Route
import app.barrow.ui.app.Seat
import app.barrow.ui.screen.SellEvent
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update

/** Shows at most this many pages of quick keys. */
private const val PAGES = 100u

/** Asks for this many tiles of a page at a time: five screens of 3 x 4. */
private const val TILES = 60u

/** Shows at most this many results of a search. */
private const val RESULTS = 30u

/** What Sell shows beside the cart. */
data class GoodsState(
    /** Tells that the goods were asked for. */
    val ready: Boolean = false,
    /** Lists the pages of quick keys. */
    val pages: List<String> = emptyList(),
    /** Names the chosen page. */
    val page: String? = null,
    /** Holds the tiles of the pages that were shown. */
    val tiles: Map<String, List<Tile>> = emptyMap(),
    /** Gives what the bubbles of the tiles show. */
    val counts: Map<ItemId, UInt> = emptyMap(),
    /** Holds the words that are searched for; null while no search is open. */
    val search: String? = null,
    /** Lists what the search found. */
    val found: List<Tile> = emptyList(),
    /** Tells that the next tile opens its menu. */
    val editing: Boolean = false,
    /** Holds the tile whose menu is open. */
    val menu: Tile? = null,
    /** Holds today's price of that tile while it is typed. */
    val price: Typed? = null,
    /** Holds the deposit of which a number comes back, or goes out. */
    val deposit: Tile? = null,
    /** Tells that the deposit comes back; else it is sold. */
    val depositBack: Boolean = true,
    /** Holds what the fast bar offers. */
    val fast: ChargeView? = null,
) {
    /** Tells that the shop has no quick keys yet: the price pad stands in for them. */
    val bare: Boolean get() = ready && pages.isEmpty()

    /** Returns the page after the chosen one: wide screens show two. */
    val nextPage: String? get() = pages.getOrNull(pages.indexOf(page) + 1)
}

/** Quick keys, search and the tile menu. */
class SellModel(
    private val seat: Seat,
    private val cart: CartModel,
    private val settings: StateFlow<Settings>,
) {
    private val held = MutableStateFlow(GoodsState())
    private var searching: Job? = null

    /** Tells the goods as Sell shows them. */
    val state: StateFlow<GoodsState> = held

    init {
        seat.work { seat.till.changes(Topic.CATALOGUE).collect { load() } }
        seat.work { cart.state.map { it.cart to it.view }.distinctUntilChanged().collect { count() } }
        seat.work { settings.map { it.fastBar }.distinctUntilChanged().collect { count() } }
    }

    /** Asks for pages and tiles in one go, so that they are drawn in one frame. */
    private suspend fun load() {
        val before = held.value
        val (pages, tiles) = seat.till.ask {
            val pages = pages("", PAGES)
            pages to before.on(pages).run { tiles.keys + listOfNotNull(page, nextPage) }.associateWith { tiles(it, 0L, 0L, TILES) }
        }
        held.update { it.on(pages).run { copy(ready = true, tiles = this.tiles + tiles) } }
        count()
    }

    private fun GoodsState.on(pages: List<String>) =
        copy(pages = pages, page = page.takeIf { it in pages } ?: pages.firstOrNull(), tiles = tiles.filterKeys(pages::contains))

    private suspend fun loadPage(page: String) {
        val tiles = seat.till.ask { tiles(page, 0L, 0L, TILES) }
        held.update { it.copy(tiles = it.tiles + (page to tiles)) }
    }

    private suspend fun count() {
        val now = cart.state.value
        val shown = held.value.run { listOfNotNull(page, nextPage).flatMap { tiles[it].orEmpty() } + found }
        val items = shown.map { it.item }.distinct()
        val counts = when {
            now.empty || items.isEmpty() -> emptyMap()
            else -> seat.till.ask { cartCounts(now.cart, items) }.associate { it.item to it.bubble }
        }
        val fast = if (settings.value.fastBar && !now.empty) seat.till.ask { charge(now.cart, null) } else null
        held.update { it.copy(counts = counts, fast = fast) }
    }

    /** Does what a person did on Sell. */
    fun on(event: SellEvent) {
        when (event) {
            is SellEvent.Page -> choose(event.name)
            is SellEvent.More -> more(event.page)
            is SellEvent.Press -> press(event.tile)
            is SellEvent.Take -> take(event.tile)
            is SellEvent.Search -> search(event.words)
            is SellEvent.Letter -> search(held.value.search.orEmpty() + event.sign)
            SellEvent.Scan -> scan()
            SellEvent.Price -> seat.go.go(Route.PricePad(null))
            is SellEvent.Step -> cart.step(event.line, event.more)
            is SellEvent.Remove -> cart.remove(event.line)
            SellEvent.Undo -> cart.undo()
            SellEvent.OpenCart -> seat.go.go(Route.Cart)
            SellEvent.Count -> seat.go.go(Route.CloseShift)
            SellEvent.Charge -> seat.go.go(Route.Charge)
            SellEvent.FastExact -> cash()?.let { cart.pay(it) }
            is SellEvent.FastGiven -> cash()?.let { cart.pay(it, givenMinor = event.minor) }
            is SellEvent.FastTender -> cart.pay(event.tender)
            else -> onMenu(event)
        }
    }

    private fun onMenu(event: SellEvent) {
        when (event) {
            is SellEvent.Menu -> openMenu(event.tile)
            is SellEvent.Edit -> held.update { it.copy(editing = event.on) }
            SellEvent.SoldOut -> markSoldOut()
            is SellEvent.PriceTyped -> held.update { it.copy(price = event.typed) }
            SellEvent.SavePrice -> savePrice()
            SellEvent.EditItem -> editItem()
            SellEvent.CloseMenu -> closeMenu()
            is SellEvent.Deposit -> deposit(event.pieces)
            is SellEvent.DepositBack -> held.update { it.copy(depositBack = event.back) }
            else -> Unit
        }
    }

    private fun cash(): TenderId? = held.value.fast?.tenders?.find { it.`class` == TenderClass.CASH }?.id

    private fun scan() = seat.work { seat.device.scanCode()?.let { cart.scan(it) } }

    private fun choose(page: String) {
        held.update { it.copy(page = page) }
        seat.work {
            listOfNotNull(page, held.value.nextPage).filter { it !in held.value.tiles }.forEach { loadPage(it) }
            count()
        }
    }

    private fun more(page: String) = seat.work {
        val known = held.value.tiles[page].orEmpty()
        val last = known.lastOrNull() ?: return@work
        if (known.size.toUInt() % TILES != 0u) return@work
        val more = seat.till.ask { tiles(page, last.slot.toLong(), last.no, TILES) }
        held.update { it.copy(tiles = it.tiles + (page to known + more)) }
        count()
    }

    /** A touch on a tile adds, weighs, asks for a price or for a number. */
    private fun press(tile: Tile) {
        val state = held.value
        held.update { it.copy(editing = false, deposit = null) }
        cart.dismissDone()
        when {
            state.editing -> openMenu(tile)
            tile.kind == ItemKind.WEIGHED -> seat.go.go(Route.Weigh(tile.item))
            tile.kind in ASKS_PRICE -> seat.go.go(Route.PricePad(tile.item))
            tile.kind == ItemKind.DEPOSIT -> held.update { it.copy(deposit = tile, depositBack = true) }
            else -> cart.add(LineDraft(item = ItemRef.Id(tile.item), merge = true))
        }
    }

    private fun deposit(pieces: Int) {
        val tile = held.value.deposit ?: return
        val quantity = pieces.toBigDecimal().let { if (held.value.depositBack) it.negate() else it }
        closeMenu()
        cart.add(LineDraft(item = ItemRef.Id(tile.item), quantity = quantity, merge = true))
    }

    private fun openMenu(tile: Tile) = held.update { it.copy(menu = tile, price = null, editing = false) }

    private fun closeMenu() = held.update { it.copy(menu = null, price = null, deposit = null) }

    private fun markSoldOut() {
        val tile = held.value.menu ?: return
        closeMenu()
        seat.send(Command.PutItems(listOf(ItemDraft(id = tile.item, soldOut = !tile.soldOut))))
    }

    private fun savePrice() {
        val tile = held.value.menu ?: return
        val unitPrice = held.value.price?.figure ?: return
        closeMenu()
        seat.work {
            val sheet = seat.till.ask { item(tile.item) } ?: return@work
            val price = sheet.price.copy(unitPrice = unitPrice)
            seat.send(Command.PutItems(listOf(ItemDraft(id = tile.item, price = price))))
        }
    }

    private fun editItem() {
        val tile = held.value.menu ?: return
        closeMenu()
        seat.go.go(Route.Item(tile.item))
    }

    private fun search(words: String?) {
        held.update { it.copy(search = words, found = if (words.isNullOrBlank()) emptyList() else it.found) }
        searching?.cancel()
        if (words.isNullOrBlank()) return
        searching = seat.work {
            val found = seat.till.ask { search(words, RESULTS) }
            held.update { if (it.search == words) it.copy(found = found) else it }
            count()
        }
    }

    private fun take(tile: Tile) {
        search(null)
        press(tile)
    }

    private companion object {
        val ASKS_PRICE = setOf(ItemKind.OPEN_PRICE, ItemKind.DEPARTMENT, ItemKind.GIFT_CARD)
    }
}
