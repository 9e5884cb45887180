package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.CutShape
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.tileColour

/** Every part that the page of tiles does not show, as the reference pictures arrange them: for pictures of parts. */
internal object Shelf {
    private val euro = Stall.euro

    @Composable
    fun Cart() = Page {
        Head("5 items", onBack = {}) {
            TextKey("Park", {}, icon = Icons.Pause)
            IconKey(Icons.DotsThree, "More", {})
        }
        Card(shape = CutShape) {
            CartLine("Apples, Elstar", 431, euro, detail = "1.234 kg × 3.49") { IconKey(Icons.Scales, "Weigh again", {}, boxed = true) }
            Hairline(Modifier.padding(horizontal = 12.dp))
            CartLine("Strawberries 500 g", 800, euro, saving = Saving(Icons.Tag, "2 for 8.00"), small = "2 × 4.50, less 1.00") { Stepper("Strawberries", "2", false, {}, {}) }
            Hairline(Modifier.padding(horizontal = 12.dp))
            CartLine("Apple juice 1 l, bottle", 290, euro, detail = "2.90 each", children = listOf(ChildLine("Bottle deposit", 15)), onPress = {}) { Stepper("Apple juice", "1", true, {}, {}) }
            Hairline(Modifier.padding(horizontal = 12.dp))
            CartLine("Blossom honey 500 g", 695, euro, saving = Saving(Icons.Percent, "Less 0.95"), small = "Dented lid, was 7.90") { Stepper("Honey", "1", true, {}, {}) }
        }
        Spacer(Modifier.weight(1f))
        NoticeBox("Card needs a network. Take cash or a transfer.", NoticeKind.Attention, action = "Try again", onDismiss = {})
        Spacer(Modifier.height(8.dp))
        Main("Charge", "22.31")
    }

    @Composable
    fun Charge() = Page {
        Head("Charge", onBack = {}) { TextKey("Customer", {}, icon = Icons.DeviceRotate) }
        Label {
            Text("To pay, 5 items", color = Look.palette.ink2)
            LabelFigure(2231, euro)
            Hairline(Modifier.padding(vertical = 8.dp))
            Row {
                Text("Paid 0.00", Modifier.weight(1f), Look.palette.ink2)
                Text("Left 22.31", style = Look.type.money)
            }
        }
        Spacer(Modifier.weight(1f))
        Row(Modifier.padding(horizontal = Margin), Arrangement.spacedBy(Gap)) {
            Chip("Bag 6 g", {}, chosen = true)
            Chip("Box 40 g", {})
            Chip("Other tare", {}, Modifier.weight(1f), enabled = false)
        }
        Spacer(Modifier.height(Gap))
        Row(Modifier.padding(horizontal = Margin), Arrangement.spacedBy(Gap)) {
            Key("Transfer", {}, Modifier.weight(1f), Icons.QrCode)
            Key("Rückerstattung", {}, Modifier.weight(1f), Icons.ArrowsSplit)
            Key("More", {}, Modifier.weight(1f), Icons.DotsThree, enabled = false)
        }
        Row(Modifier.padding(start = 16.dp, end = 12.dp), verticalAlignment = Alignment.CenterVertically) {
            Text("Cash", Modifier.weight(1f), style = Look.type.action)
            TextKey("Other amount", {}, icon = Icons.Numpad)
        }
        Row(Modifier.padding(horizontal = Margin), Arrangement.spacedBy(Gap)) {
            for ((note, back) in listOf("25" to "2.69", "30" to "7.69", "50" to "27.69")) FigureKey(note, "back $back", {}, Modifier.weight(1f))
        }
        Main("Exact", "22.31")
    }

    @Composable
    fun Weigh() = Page {
        val tomato = tileColour("tomato")
        Head("Apples, Elstar", onBack = {})
        Label(colour = tomato) {
            Row(verticalAlignment = Alignment.Bottom) {
                Column(Modifier.weight(1f)) {
                    Text("3.49 per kg", style = Look.type.amount)
                    Text("Scale 1240 g")
                    Text("−6 g")
                }
                Column(horizontalAlignment = Alignment.End) {
                    Text("🍎", color = labelInk(tomato), style = Look.type.picture)
                    Amount(431, euro, Look.type.figure)
                }
            }
        }
        Spacer(Modifier.weight(1f))
        Keypad({}) { Key("Amount instead", {}, it) }
        Row(Modifier.padding(Margin), Arrangement.spacedBy(Gap)) {
            Key("Label", {}, Modifier.size(96.dp, 72.dp), Icons.Barcode)
            MainButton("Add", {}, Modifier.weight(1f), "4.31", enabled = false)
        }
    }

    @Composable
    fun Count() = Page {
        Head("Count the tin", onBack = {})
        Row(Modifier.padding(horizontal = Margin), Arrangement.spacedBy(Gap)) {
            for (values in listOf(listOf(5000L, 2000, 1000, 500, 10, 2), listOf(200L, 100, 50, 20, 5, 1))) {
                Column(Modifier.weight(1f), Arrangement.spacedBy(6.dp)) {
                    values.forEachIndexed { i, value -> CashCountRow(value, i * 3L + 1, value * (i * 3 + 1), euro, {}, Modifier.fillMaxWidth(), chosen = value == 1000L) }
                }
            }
        }
        Spacer(Modifier.weight(1f))
        Label(edge = Look.palette.attention) {
            Row {
                Text("You counted", Modifier.weight(1f).alignByBaseline())
                Amount(21460, euro, Look.type.total, Modifier.alignByBaseline())
            }
            Text("2.10 more in the tin than expected.", style = Look.type.strong)
        }
        Row(Modifier.padding(Margin), Arrangement.spacedBy(Gap)) {
            Key("Recount", {}, Modifier.size(104.dp, 72.dp), Icons.ArrowCounterClockwise)
            MainButton("Close the tin", {}, Modifier.weight(1f))
        }
    }

    @Composable
    fun Today() = Page {
        Head("Today") { Text("Sat 5 September", color = Look.palette.ink2) }
        Label {
            Text("Takings, 31 sales", color = Look.palette.ink2)
            LabelFigure(41290, euro, style = Look.type.total)
        }
        BarChart(
            listOf(Triple("8", 295, 229), Triple("9", 635, 569), Triple("10", 877, 829), Triple("11", 1000, 916), Triple("12", 749, 733), Triple("13", 505, 409), Triple("14", 226, 220))
                .map { (hour, now, last) -> Bar(hour, now, last, best = now == 1000, figure = "96.30", said = "$hour: $now") },
            "today by hour", "last Saturday", Modifier.padding(horizontal = 16.dp),
        )
        Spacer(Modifier.height(12.dp))
        Card {
            ListRow("Cash", icon = Icons.Coins, amount = "182.50", minHeight = 48.dp)
            Hairline(Modifier.padding(horizontal = 14.dp))
            ListRow("Apples, strawberries + 2", sub = "14:32 A-0231", amount = "22.31", note = "Cash", minHeight = 72.dp, onPress = {})
            Hairline(Modifier.padding(horizontal = 14.dp))
            ListRow("Printer, 58 mm", icon = Icons.Printer, sub = "Load paper, then tap Print again", note = "No paper", noteColour = Look.palette.attention)
        }
        Column(Modifier.padding(Margin, Gap), Arrangement.spacedBy(Gap)) {
            Field("", {}, "Search", hint = "Number, amount, item or time", icon = Icons.MagnifyingGlass)
            Field("Marta Vogel", {}, "Name", trouble = "There is a Marta Vogel. Add a second name.", onClear = {})
        }
        Row(Modifier.padding(Margin), Arrangement.spacedBy(Gap), Alignment.CenterVertically) {
            QrCode(21, ByteArray(21 * 21) { ((it * 7 + it / 21 * 3) % 5 / 3).toByte() }, "Code", Modifier.size(96.dp))
            Logo(52.dp)
            Text("Barrow", style = Look.type.total)
        }
    }

    /** A name of 500 letters, a word without end, and the largest amount there is. */
    @Composable
    fun Limits() = Page {
        val endless = "Donaudampfschifffahrtsgesellschaftskapitänsmützenhalter"
        val names = listOf("Very long name of something that has no end ".repeat(12), endless, "Mushrooms, brown", "Apples, Elstar")
        Label { LabelFigure(Long.MAX_VALUE, euro) }
        TileGrid(4, Modifier.padding(Margin)) { i, at ->
            Tile(TileFace(names[i], if (i == 3) Long.MIN_VALUE else 123_456_789L, euro, "kg", "carrot", "🥕", soldOut = i == 2), {}, at, count = if (i == 0) 1114 else 12)
        }
        Card { CartLine(names[0], Long.MIN_VALUE, euro, detail = endless) { Stepper(endless, "1,114", false, {}, {}) } }
        Spacer(Modifier.weight(1f))
        Main("Charge", "92,233,720,368,547,758.07")
    }

    @Composable
    private fun Main(word: String, figure: String) = MainButton(word, {}, Modifier.padding(Margin, Gap).fillMaxWidth(), figure)

    @Composable
    private fun Page(content: @Composable ColumnScope.() -> Unit) =
        Column(Modifier.fillMaxSize().padding(top = 24.dp, bottom = 20.dp)) {
            Strip(Icons.DeviceMobile, "Saved here", {}, rest = "3 to send", marks = listOf(Mark(Icons.Printer, "No paper", trouble = true)))
            content()
        }
}
