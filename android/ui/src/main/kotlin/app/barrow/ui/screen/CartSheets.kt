package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.CartView
import app.barrow.core.Currency
import app.barrow.core.Discount
import app.barrow.core.GivenDiscount
import app.barrow.core.LineView
import app.barrow.ui.app.keepsScansOut
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.CartSheet
import app.barrow.ui.model.CartState
import app.barrow.ui.model.LinesState
import app.barrow.ui.model.Typed
import app.barrow.ui.part.Chip
import app.barrow.ui.part.Field
import app.barrow.ui.part.Key
import app.barrow.ui.part.ListRow
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.Sheet

/** No sheet is higher: what it is about stays in sight. */
private val SHEET_MAX = 640.dp

/** Whatever lies over the cart. */
@Composable
fun CartSheetOf(sheet: CartSheet, cart: CartState, lines: LinesState, on: (CartEvent) -> Unit) {
    val view = cart.view
    val words = Look.words
    val close = { on(CartEvent.Sheet(null)) }
    when (sheet) {
        CartSheet.More -> CartSheetFrame(words.text("sell.more"), close) { MoreRows(cart, lines, on) }
        CartSheet.Park -> CartSheetFrame(words.text("sell.park_now"), close) {
            TextAsked(words.text("sell.park_name"), "", words.text("sell.park_now")) { on(CartEvent.Park(it)) }
        }
        CartSheet.GiveUp -> view?.let { CartSheetFrame(words.text("sell.give_up"), close) { GiveUp(it, on) } }
        is CartSheet.Note -> CartSheetFrame(sheet.line?.name ?: words.text("sell.note"), close) {
            TextAsked(words.text("sell.note_hint"), (if (sheet.line == null) view?.note else sheet.line.note).orEmpty(), words.text("sell.save")) {
                on(CartEvent.Noted(sheet.line, it))
            }
        }
        is CartSheet.Discount -> view?.let {
            CartSheetFrame(sheet.line?.name ?: words.text("sell.discount_cart"), close) { DiscountKeys(sheet.line, it.currency, on) }
        }
        is CartSheet.Haggle -> view?.let { CartSheetFrame(sheet.line.name, close) { Haggle(sheet.line, it.currency, on) } }
        is CartSheet.OfLine -> view?.let { CartSheetFrame(sheet.line.name, close) { LineRows(sheet.line, it.currency, on) } }
    }
}

@Composable
private fun CartSheetFrame(title: String, onClose: () -> Unit, content: @Composable ColumnScope.() -> Unit) = Sheet(title) {
    SheetHead(title, onClose)
    Column(Modifier.heightIn(max = SHEET_MAX)) { content() }
}

/** What a sheet shows, which scrolls where it is long, over the keys at its [foot], which stay. */
@Composable
private fun ColumnScope.SheetBody(foot: @Composable () -> Unit = {}, content: @Composable () -> Unit) {
    Column(Modifier.weight(1f, fill = false).verticalScroll(rememberScrollState()), Arrangement.spacedBy(Gap)) { content() }
    foot()
}

/** Why this price, and what can be done with a line. */
@Composable
private fun ColumnScope.LineRows(line: LineView, currency: Currency, on: (CartEvent) -> Unit) = SheetBody({ LineKeys(line, on) }) {
    val words = Look.words
    Text(words.text("sell.why_price"), Modifier.padding(start = 4.dp), style = Look.type.action)
    whyPrice(line, currency).forEach { Text(it, Modifier.padding(horizontal = 4.dp), Look.palette.ink2, style = Look.type.text) }
    line.newerPrice?.let {
        Key(words.text("sell.take_newer", Look.figures.unitPrice(it, currency)), { on(CartEvent.Reprice(line)) }, Modifier.fillMaxWidth(), Icons.Tag, beside = true)
    }
}

@Composable
private fun LineKeys(line: LineView, on: (CartEvent) -> Unit) = Column(Modifier.padding(vertical = Gap), Arrangement.spacedBy(Gap)) {
    val words = Look.words
    val all = listOf("sell.haggle", "sell.discount", "sell.note").map { words.text(it) }
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Gap)) {
        if (line.canHaggle) Key(all[0], { on(CartEvent.Sheet(CartSheet.Haggle(line))) }, Modifier.weight(1f), Icons.Tag.besideWord(), alike = all)
        if (line.canDiscount) Key(all[1], { on(CartEvent.Sheet(CartSheet.Discount(line))) }, Modifier.weight(1f), Icons.Percent.besideWord(), alike = all)
        Key(all[2], { on(CartEvent.Sheet(CartSheet.Note(line))) }, Modifier.weight(1f), Icons.NotePencil.besideWord(), alike = all)
    }
    Key(words.text("sell.remove"), { on(CartEvent.Remove(line)) }, Modifier.fillMaxWidth(), Icons.Trash, beside = true)
}

/** Where a line's price comes from, sentence by sentence. */
@Composable
private fun whyPrice(line: LineView, currency: Currency): List<String> {
    val words = Look.words
    val figures = Look.figures
    val typed = line.priceReason
    return listOfNotNull(
        words.text("sell.times", amountOf(line.quantity, line.unit), figures.unitPrice(line.unitPrice, currency)),
        line.listPrice?.let { words.text("sell.why_catalogue", figures.unitPrice(it, currency)) },
        typed?.let { words.text("sell.why_typed", figures.unitPrice(line.unitPrice, currency), it) },
        words.text("sell.why_scale").takeIf { line.derived },
        words.text("sell.why_off", figures.money(line.discountMinor, currency)).takeIf { line.discountMinor != 0L },
        words.text("sell.why_tax", figures.money(line.taxMinor, currency)),
    )
}

private val PERCENTS = listOf(5, 10, 20, 50)

/** Usual percentages in one touch, or an amount; why, if one likes. */
@Composable
private fun ColumnScope.DiscountKeys(line: LineView?, currency: Currency, on: (CartEvent) -> Unit) {
    val words = Look.words
    var reason by rememberSaveable { mutableStateOf<String?>(null) }
    var typed by remember { mutableStateOf(Typed()) }
    val given = { discount: Discount -> on(CartEvent.Discounted(line, listOf(GivenDiscount(discount, reason)))) }
    val minor = typed.minor(currency.digits)
    SheetBody({
        Row(Modifier.fillMaxWidth().padding(vertical = Gap), Arrangement.spacedBy(Gap)) {
            Key(words.text("sell.discount_none"), { on(CartEvent.Discounted(line, emptyList())) }, Modifier.weight(1f), minHeight = 72.dp)
            val less = words.text("sell.less", minor?.let { Look.figures.money(it, currency) }.orEmpty()).trim()
            MainButton(less, { minor?.let { given(Discount.Amount(it)) } }, Modifier.weight(1f), enabled = minor != null && minor > 0)
        }
    }) {
        Reasons(reason) { reason = it }
        Percents { given(Discount.Percent(it.toBigDecimal())) }
        Row(Modifier.padding(start = 4.dp)) {
            Text(words.text("sell.by_amount"), Modifier.weight(1f).alignByBaseline(), style = Look.type.text)
            TypedFigure(typed, Look.type.number)
        }
        TypingPad(typed, currency.digits.toInt(), { typed = it }, Modifier.toTheMargins())
    }
}

@Composable
private fun Percents(onPress: (Int) -> Unit) = Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Gap)) {
    val all = PERCENTS.map { Look.words.text("sell.percent_off", it) }
    PERCENTS.forEachIndexed { place, percent -> Key(all[place], { onPress(percent) }, Modifier.weight(1f), alike = all) }
}

/** A haggled price needs its reason. */
@Composable
private fun ColumnScope.Haggle(line: LineView, currency: Currency, on: (CartEvent) -> Unit) {
    val words = Look.words
    var reason by rememberSaveable { mutableStateOf<String?>(null) }
    var typed by remember { mutableStateOf(Typed()) }
    val price = typed.figure
    val why = reason ?: words.text("sell.reason_deal")
    SheetBody({
        MainButton(
            words.text("sell.save"), { price?.let { on(CartEvent.Priced(line, it, why)) } }, Modifier.fillMaxWidth().padding(vertical = Gap),
            price?.let { Look.figures.unitPrice(it, currency) }, enabled = price != null,
        )
    }) {
        Row(Modifier.padding(start = 4.dp)) {
            Text(words.text("sell.haggle"), Modifier.weight(1f).alignByBaseline(), style = Look.type.text)
            TypedFigure(typed, Look.type.number)
        }
        Reasons(why) { reason = it }
        TypingPad(typed, currency.digits.toInt(), { typed = it }, Modifier.toTheMargins())
    }
}

/** Usual reasons as chips. */
@Composable
private fun Reasons(chosen: String?, onChoose: (String?) -> Unit) = FlowRow(horizontalArrangement = Arrangement.spacedBy(Gap), verticalArrangement = Arrangement.spacedBy(Gap)) {
    listOf("sell.reason_dented", "sell.reason_last", "sell.reason_regular", "sell.reason_deal").forEach { key ->
        val word = Look.words.text(key)
        Chip(word, { onChoose(word.takeIf { it != chosen }) }, chosen = word == chosen)
    }
}

/** Asks for a text; an empty one is none. */
@Composable
private fun ColumnScope.TextAsked(asked: String, before: String, done: String, onDone: (String?) -> Unit) {
    var text by rememberSaveable { mutableStateOf(before) }
    val finish = { onDone(text.trim().ifEmpty { null }) }
    SheetBody({ MainButton(done, finish, Modifier.fillMaxWidth().padding(vertical = Gap)) }) {
        Field(text, { text = it }, asked, Modifier.fillMaxWidth().keepsScansOut(text) { text = it }, onDone = finish)
    }
}

/** What is done seldom. */
@Composable
private fun ColumnScope.MoreRows(cart: CartState, lines: LinesState, on: (CartEvent) -> Unit) = SheetBody {
    val words = Look.words
    ListRow(words.text("sell.parked"), icon = Icons.Stack, onPress = { on(CartEvent.Parked) })
    if (cart.empty) return@SheetBody
    ListRow(words.text("sell.discount_cart"), icon = Icons.Percent, onPress = { on(CartEvent.Sheet(CartSheet.Discount(null))) })
    ListRow(words.text("sell.note"), icon = Icons.NotePencil, onPress = { on(CartEvent.Sheet(CartSheet.Note(null))) })
    val now = cart.view?.taxMapping
    lines.mappings.filter { it.name != now }.forEach { mapping ->
        ListRow(words.text("sell.switch_tax", mapping.name), icon = Icons.ArrowsLeftRight, onPress = { on(CartEvent.SwitchTaxes(mapping.name)) })
    }
    if (now != null) ListRow(words.text("sell.switch_back"), icon = Icons.ArrowUUpLeft, onPress = { on(CartEvent.SwitchTaxes(null)) })
    ListRow(words.text("sell.give_up"), icon = Icons.Trash, onPress = { on(CartEvent.Sheet(CartSheet.GiveUp)) })
}

@Composable
private fun ColumnScope.GiveUp(view: CartView, on: (CartEvent) -> Unit) {
    val words = Look.words
    var reason by rememberSaveable { mutableStateOf("") }
    SheetBody({
        val both = listOf("sell.keep", "sell.give_up").map { words.text(it) }
        Row(Modifier.fillMaxWidth().padding(vertical = Gap), Arrangement.spacedBy(Gap)) {
            Key(both[0], { on(CartEvent.Sheet(null)) }, Modifier.weight(1f), Icons.X, beside = true, minHeight = 72.dp, alike = both)
            Key(both[1], { on(CartEvent.GiveUp(reason.trim())) }, Modifier.weight(1f), Icons.Trash, beside = true, minHeight = 72.dp, alike = both)
        }
    }) {
        Text(words.text("sell.give_up_ask", words.count("sell.items", view.pieceCount.toLong())), Modifier.padding(horizontal = 4.dp), style = Look.type.text)
        Field(reason, { reason = it }, words.text("sell.reason"), Modifier.fillMaxWidth().keepsScansOut(reason) { reason = it })
    }
}
