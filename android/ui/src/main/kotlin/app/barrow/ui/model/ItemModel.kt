package app.barrow.ui.model

import app.barrow.core.Command
import app.barrow.core.Face
import app.barrow.core.ItemDraft
import app.barrow.core.ItemId
import app.barrow.core.ItemKind
import app.barrow.core.ItemSheet
import app.barrow.core.Price
import app.barrow.core.Tax
import app.barrow.core.TaxId
import app.barrow.core.Topic
import app.barrow.core.Trade
import app.barrow.core.UnitOfMeasure
import app.barrow.ui.app.Seat
import java.math.BigDecimal
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** Makes a draft that changes what is named here and leaves the rest as it is. */
fun draft(
    item: ItemId,
    face: Face? = null,
    price: Price? = null,
    trade: Trade? = null,
    soldOut: Boolean? = null,
    archived: Boolean? = null,
    addCodes: List<String> = emptyList(),
    removeCodes: List<String> = emptyList(),
) = ItemDraft(
    id = item, face = face, price = price, trade = trade, archived = archived, soldOut = soldOut,
    addCodes = addCodes, removeCodes = removeCodes,
)

/** What one item shows: the fields as they are typed. */
data class ItemState(
    /** The item as it is stored; null for a new one. */
    val sheet: ItemSheet? = null,
    /** What a new item starts with; null for a stored one. */
    val fresh: ItemDraft? = null,
    val pages: List<String> = emptyList(),
    val taxes: List<Tax> = emptyList(),
    val name: String = "",
    val price: String = "",
    val weighed: Boolean = false,
    val page: String = "",
    val colour: String = "stone",
    val emoji: String = "",
    val tax: TaxId? = null,
    val sku: String = "",
    val code: String = "",
    val ready: Boolean = false,
) {
    /** Tells that it is sold by piece or by weight, and not in one of the rarer ways that stay as they are. */
    val simpleKind: Boolean get() = sheet == null || sheet.trade.kind == ItemKind.PLAIN || sheet.trade.kind == ItemKind.WEIGHED

    /** The price as a number; null when it is none. */
    val priceFigure: BigDecimal? get() = price.replace(',', '.').toBigDecimalOrNull()?.takeIf { it.signum() >= 0 }

    /** Tells whether there is enough to save. */
    val complete: Boolean get() = name.isNotBlank() && priceFigure != null && (sheet != null || fresh != null)
}

/** What a person does with one item. */
sealed interface ItemEvent {
    data class Name(val text: String) : ItemEvent
    data class PriceText(val text: String) : ItemEvent
    data class Weighed(val yes: Boolean) : ItemEvent
    data class Page(val name: String) : ItemEvent
    data class Colour(val name: String) : ItemEvent
    data class Emoji(val text: String) : ItemEvent
    data class TaxChosen(val tax: TaxId) : ItemEvent
    data class Code(val text: String) : ItemEvent
    data class SoldOut(val yes: Boolean) : ItemEvent
    data object Archive : ItemEvent
    data object Save : ItemEvent
    data object Back : ItemEvent
}

/** One item: a new one needs a name and a price. */
class ItemModel(private val seat: Seat, scope: CoroutineScope, private val item: ItemId?, private val leave: () -> Unit) {
    private val held = MutableStateFlow(ItemState())
    private val id = item ?: seat.till.newId()

    /** Tells what to show. */
    val state: StateFlow<ItemState> = held

    init {
        seat.ask(scope) { load() }
        if (item != null) {
            seat.watch(scope, Topic.STOCK, Topic.CATALOGUE) {
                val sheet = seat.till.ask { item(item) }
                held.update { it.copy(sheet = sheet) }
            }
        }
    }

    private suspend fun load() {
        val pages = seat.till.ask { pages("", PAGE_ROWS.toUInt()) }
        val taxes = seat.till.ask { taxes() }
        val sheet = item?.let { seat.till.ask { item(it) } }
        val fresh = if (item == null) seat.till.ask { freshItem() } else null
        held.update { it.copy(sheet = sheet, fresh = fresh, pages = pages, taxes = taxes, ready = true).filled() }
    }

    private fun ItemState.filled(): ItemState {
        val sheet = sheet ?: return copy(
            page = fresh?.face?.page.orEmpty(), colour = fresh?.face?.colour ?: colour,
            tax = fresh?.price?.taxes?.firstOrNull(), sku = fresh?.face?.sku.orEmpty(),
        )
        return copy(
            name = sheet.face.name, price = sheet.price.run { unitPrice.setScale(maxOf(unitPrice.scale(), currency.digits.toInt())).toPlainString() },
            weighed = sheet.trade.kind == ItemKind.WEIGHED, page = sheet.face.page, colour = sheet.face.colour,
            emoji = sheet.face.emoji, tax = sheet.price.taxes.firstOrNull(), sku = sheet.face.sku,
            code = sheet.codes.firstOrNull().orEmpty(),
        )
    }

    /** Does what the person wants. */
    fun on(event: ItemEvent) {
        when (event) {
            is ItemEvent.Name -> held.update { it.copy(name = event.text) }
            is ItemEvent.PriceText -> held.update { it.copy(price = event.text) }
            is ItemEvent.Weighed -> held.update { it.copy(weighed = event.yes) }
            is ItemEvent.Page -> held.update { it.copy(page = event.name) }
            is ItemEvent.Colour -> held.update { it.copy(colour = event.name) }
            is ItemEvent.Emoji -> held.update { it.copy(emoji = event.text) }
            is ItemEvent.TaxChosen -> held.update { it.copy(tax = event.tax) }
            is ItemEvent.Code -> held.update { it.copy(code = event.text) }
            is ItemEvent.SoldOut -> seat.send(Command.PutItems(listOf(draft(id, soldOut = event.yes))))
            ItemEvent.Archive -> seat.send(Command.PutItems(listOf(draft(id, archived = true)))) { leave() }
            ItemEvent.Save -> save()
            ItemEvent.Back -> leave()
        }
    }

    private fun save() {
        val typed = held.value
        if (!typed.complete) return
        val oldFace = typed.sheet?.face ?: typed.fresh?.face ?: return
        val oldPrice = typed.sheet?.price ?: typed.fresh?.price ?: return
        val oldTrade = typed.sheet?.trade ?: typed.fresh?.trade ?: return
        val face = oldFace.copy(
            name = typed.name.trim(), page = typed.page, colour = typed.colour, emoji = typed.emoji.trim(), sku = typed.sku,
        )
        val price = oldPrice.copy(unitPrice = typed.priceFigure ?: return, taxes = listOfNotNull(typed.tax))
        val wasWeighed = oldTrade.kind == ItemKind.WEIGHED
        val trade = when {
            !typed.simpleKind || typed.weighed == wasWeighed -> oldTrade
            typed.weighed -> oldTrade.copy(kind = ItemKind.WEIGHED, unit = UnitOfMeasure.Kilogram)
            else -> oldTrade.copy(kind = ItemKind.PLAIN, unit = UnitOfMeasure.Each)
        }
        val codes = typed.sheet?.codes.orEmpty()
        val code = typed.code.trim()
        val draft = draft(
            id, face, price, trade,
            addCodes = listOf(code).filter { it.isNotEmpty() && it !in codes },
            removeCodes = codes.take(1).filter { code.isEmpty() || it != code },
        )
        seat.send(Command.PutItems(listOf(draft))) { leave() }
    }
}
