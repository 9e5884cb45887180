package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin

/** The parts of a till as the reference pictures arrange them: only for pictures of the parts themselves. */
internal object Stall {
    val euro = Currency("EUR", 2u)

    private fun tile(name: String, price: Long, colour: String, emoji: String = "", per: String? = null, soldOut: Boolean = false) =
        TileFace(name, price, euro, per, colour, emoji, soldOut)

    val fruit = listOf(
        tile("Apples, Elstar", 349, "tomato", "🍎", "kg"), tile("Apples, Boskoop", 329, "cocoa", "🍏", "kg"),
        tile("Pears, Conference", 379, "lettuce", "🍐", "kg"), tile("Damsons", 449, "plum", "🟣", "kg"),
        tile("Strawberries 500 g", 450, "tomato", "🍓"), tile("Raspberries 250 g", 390, "rhubarb"),
        tile("Blueberries 300 g", 420, "blueberry", "🫐"), tile("Grapes, white", 499, "leaf", "🍇", "kg"),
        tile("Bananas", 219, "lemon", "🍌", "kg"), tile("Lemon", 60, "lemon", "🍋"),
        tile("Oranges, 2 kg net", 499, "carrot", "🍊"), tile("Melon, Charentais", 390, "carrot", "🍈"),
    )
    val veg = listOf(
        tile("Potatoes, waxy", 189, "cocoa", "🥔", "kg"), tile("Potatoes, 5 kg sack", 690, "cocoa", "🥔"),
        tile("Carrots, bunch", 220, "carrot", "🥕"), tile("Tomatoes on the vine", 459, "tomato", "🍅", "kg"),
        tile("Cucumber", 120, "leaf", "🥒"), tile("Lettuce, head", 150, "lettuce", "🥬"), tile("Onions", 179, "stone", "🧅", "kg"),
        tile("Garlic, bulb", 90, "stone", "🧄"), tile("Peppers, mixed", 499, "rhubarb", "🫑", "kg"),
        tile("Mushrooms, brown", 899, "cocoa", "🍄", "kg", soldOut = true), tile("Pumpkin, Hokkaido", 279, "carrot", "🎃", "kg"),
        tile("Herb in a pot", 280, "mint", "🌿"),
    )
    val arabic = listOf(
        tile("تفاح إلستار", 349, "tomato", "🍎", "كغ"), tile("تفاح بوسكوب", 329, "cocoa", "🍏", "كغ"), tile("كمثرى", 379, "lettuce", "🍐", "كغ"),
        tile("برقوق", 449, "plum", "", "كغ"), tile("فراولة 500 غ", 450, "tomato", "🍓"), tile("Espresso 30 ml", 390, "rhubarb"),
    )
    private val counts = mapOf("Apples, Elstar" to 1, "Strawberries 500 g" to 2, "تفاح إلستار" to 1, "فراولة 500 غ" to 12)

    /** Strip, tabs, a page of tiles, last added, tools and bar. */
    @Composable
    fun Sell(tiles: List<TileFace> = fruit, tabs: List<String> = listOf("Fruit", "Veg", "Larder", "Drinks", "Gifts")) =
        Column(Modifier.fillMaxSize().padding(top = 24.dp, bottom = 20.dp)) {
            val measures = Look.measures
            Strip(Icons.DeviceMobile, "Saved here", {}, rest = "3 to send", marks = listOf(Mark(Icons.ContactlessPayment, "Reader ready"), Mark(Icons.Printer, "Printer ready")))
            Tabs(tabs, setOf(0), {}) { IconKey(Icons.PencilSimple, "Edit", {}, align = Alignment.CenterEnd) }
            val shown = if (measures.columns == 2) tiles.take(8) else tiles
            Row(Modifier.padding(horizontal = if (measures.wide) 24.dp else Margin, vertical = Gap).then(if (measures.wide || measures.large) Modifier.weight(1f) else Modifier).then(if (measures.large) Modifier.verticalScroll(rememberScrollState()) else Modifier), Arrangement.spacedBy(24.dp)) {
                for (page in if (measures.wide) listOf(tiles, veg) else listOf(shown)) {
                    TileGrid(page.size, Modifier.weight(1f), fill = measures.wide) { i, at -> Tile(page[i], {}, at, counts[page[i].name] ?: 0, onMenu = {}) }
                }
            }
            if (!measures.wide && !measures.large) Spacer(Modifier.weight(1f))
            if (!measures.large && !measures.sunlight && !measures.rain && !measures.wide) {
                LastAdded("Last added · 6.95", "Blossom honey 500 g") { Stepper("Blossom honey 500 g", "1", true, {}, {}) }
                Spacer(Modifier.height(4.dp))
            }
            Row(Modifier.padding(horizontal = Margin), Arrangement.spacedBy(measures.tileGap)) {
                Key("Search", {}, Modifier.weight(1f), Icons.MagnifyingGlass, beside = !measures.rain)
                Key("Scan", {}, Modifier.weight(1f), Icons.Barcode, beside = !measures.rain)
                Key("Price", {}, Modifier.weight(1f), Icons.Numpad, beside = !measures.rain)
            }
            Row(Modifier.padding(Margin, Gap).height(if (measures.large) 108.dp else 72.dp), Arrangement.spacedBy(Gap)) {
                FigureKey("5", "items", {}, Modifier.width(if (measures.large) 112.dp else 96.dp).fillMaxHeight(), 72.dp, belowStyle = Look.type.key, belowColour = Look.palette.ink)
                MainButton("Charge", {}, Modifier.weight(1f).fillMaxHeight(), "22.31")
            }
        }

    /** A sheet with change and coins over the page. */
    @Composable
    fun Done() = Column(Modifier.fillMaxSize().padding(bottom = 0.dp)) {
        Spacer(Modifier.weight(1f))
        Sheet("Paid.") {
            Row(Modifier.padding(horizontal = 4.dp), Arrangement.spacedBy(10.dp)) {
                Wheel(true)
                Text("Paid.", Modifier.weight(1f), style = Look.type.title)
                Text("30.00 for 22.31", Modifier.padding(top = 4.dp, end = 22.dp), Look.palette.ink2, style = Look.type.money)
            }
            Row(Modifier.padding(start = 4.dp, top = 18.dp), Arrangement.spacedBy(10.dp)) {
                Text("Give", Modifier.alignByBaseline(), style = Look.type.title)
                Amount(769, euro, Look.type.figure, Modifier.alignByBaseline())
                Text("back", Modifier.alignByBaseline(), style = Look.type.title)
            }
            CashRow(listOf(500L to 1, 200L to 1, 50L to 1, 10L to 1, 5L to 1, 2L to 2), euro, Modifier.padding(start = 4.dp, top = 10.dp, bottom = 18.dp))
            Hairline()
            Row(Modifier.fillMaxWidth().padding(top = 12.dp), Arrangement.spacedBy(Gap)) {
                Key("Fix", {}, Modifier.weight(1f), Icons.Wrench, minHeight = 72.dp)
                Key("Receipt", {}, Modifier.weight(1f), Icons.Receipt, minHeight = 72.dp)
                Key("Same again", {}, Modifier.weight(1f), Icons.Repeat, minHeight = 72.dp)
            }
        }
    }
}
