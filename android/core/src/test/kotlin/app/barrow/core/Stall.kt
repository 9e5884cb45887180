package app.barrow.core

import java.io.File
import java.util.UUID

/** Names cash in every shop. */
val CASH: TenderId = UUID(0, 1)

/** What a person tells of a stall in Germany. */
val SETUP = Setup(name = "Stall", country = "DE")

/** Founds the till of a stall in two folders below this one. */
suspend fun foundStall(folder: File, sample: Boolean = true, keys: KeyStore? = null): Till =
    Till.found(FoundRequest(File(folder, "shop").path, File(folder, "keys").path, SETUP, sample), keys)

/** Opens the till that [foundStall] made. */
suspend fun openStall(folder: File, keys: KeyStore? = null): Till =
    Till.open(File(folder, "shop").path, File(folder, "keys").path, keys)

/** Sends a command under an id of its own. */
suspend fun Till.send(command: Command, id: CommandId = timeOrderedId()): Outcome = dispatch(id, command, null)

/** Builds the command that puts items into a cart, one of each. */
fun add(cart: CartId, vararg items: ItemId) =
    Command.AddLines(cart = cart, lines = items.map { LineDraft(item = ItemRef.Id(it), merge = true) })

/** Returns goods that are sold by the piece and bring no deposit. */
suspend fun Till.pieces(): List<Tile> {
    val goods = pages("", 10u).flatMap { tiles(it, -1, 0, 50u) }
    return goods.filter { it.kind == ItemKind.PLAIN && checkNotNull(item(it.item)).trade.deposits.isEmpty() }.also { check(it.size >= 2) { "the sample stall has no goods" } }
}

/** Builds goods to put into the catalogue: item `n` of a long list. */
fun goods(n: Int, currency: Currency) = ItemDraft(
    id = UUID(1, n.toLong()),
    face = Face(sku = "SKU-$n", name = "Article %05d".format(n), page = "Long", slot = 0u),
    price = Price(unitPrice = "1.25".toBigDecimal(), currency = currency),
    trade = Trade(kind = ItemKind.PLAIN, unit = UnitOfMeasure.Each, pricePer = "1".toBigDecimal(), tracked = false),
)
