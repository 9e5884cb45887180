package app.barrow.ui.screen

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.barrow.core.Currency
import app.barrow.core.ItemKind
import app.barrow.core.Tile
import app.barrow.ui.part.Tile as TileKey
import app.barrow.ui.part.TileFace

/** The quick key of an item. */
@Composable
fun SellTile(tile: Tile, count: UInt?, currency: Currency, modifier: Modifier, onPress: () -> Unit, onMenu: () -> Unit) =
    TileKey(tile.face(currency), onPress, modifier, (count ?: 0u).toInt(), onMenu)

/** What stands on the quick key of an item. */
@Composable
fun Tile.face(currency: Currency): TileFace = TileFace(
    name = name,
    priceMinor = priceMinor,
    currency = currency,
    per = priceFor(unit, pricePer),
    colour = colour,
    emoji = emoji,
    soldOut = soldOut,
    priced = priceMinor != 0L || kind !in OPEN,
)

private val OPEN = setOf(ItemKind.OPEN_PRICE, ItemKind.DEPARTMENT)
