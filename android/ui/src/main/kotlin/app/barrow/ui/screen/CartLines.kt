package app.barrow.ui.screen

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.CartView
import app.barrow.core.Currency
import app.barrow.core.Discount
import app.barrow.core.ItemKind
import app.barrow.core.LineView
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.LINES_PER_PAGE
import app.barrow.ui.model.LinesState
import app.barrow.ui.part.CartLine
import app.barrow.ui.part.ChildLine
import app.barrow.ui.part.Hairline
import app.barrow.ui.part.IconKey
import app.barrow.ui.part.Saving
import java.math.BigDecimal

/** Stands for a line that has not been read yet. */
private val UNREAD = 80.dp

/** The lines of a cart, read page by page as they come into sight; deposits hang under their goods. */
@Composable
fun CartLines(view: CartView, lines: LinesState, modifier: Modifier, on: (CartEvent) -> Unit) {
    val list = rememberLazyListState()
    LaunchedEffect(list) { snapshotFlow { list.firstVisibleItemIndex..list.firstVisibleItemIndex + list.layoutInfo.visibleItemsInfo.size }.collect { on(CartEvent.InSight(it)) } }
    LaunchedEffect(view.lineCount) { if (list.canScrollForward) list.scrollToItem(view.lineCount.toInt()) }
    LazyColumn(modifier, list, PaddingValues(vertical = 2.dp)) {
        items(view.lineCount.toInt(), key = { place -> lineAt(place, view, lines)?.id?.toInt() ?: -place - 1 }) { place ->
            val line = lineAt(place, view, lines)
            when {
                line == null -> Box(Modifier.height(UNREAD))
                line.parent != null -> Unit
                else -> {
                    if (place > 0) Hairline(Modifier.padding(horizontal = 12.dp))
                    CartLineOf(line, childrenOf(place, line, view, lines), view.currency, on)
                }
            }
        }
    }
}

private fun lineAt(place: Int, view: CartView, lines: LinesState): LineView? =
    if (place < LINES_PER_PAGE) view.lines.getOrNull(place) else lines.pages[place / LINES_PER_PAGE]?.getOrNull(place % LINES_PER_PAGE)

/** Deposits follow the goods that bring them. */
private fun childrenOf(place: Int, line: LineView, view: CartView, lines: LinesState): List<ChildLine> =
    generateSequence(place + 1) { it + 1 }.map { lineAt(it, view, lines) }.takeWhile { it?.parent == line.id }
        .filterNotNull().map { ChildLine(it.name, it.totalMinor) }.toList()

@Composable
private fun CartLineOf(line: LineView, children: List<ChildLine>, currency: Currency, on: (CartEvent) -> Unit) {
    val saving = savingOf(line, currency)
    val price = priceOf(line, currency)
    // What was saved tells the old amount, so the price of a single piece need not stand there too.
    val many = price.takeIf { saving != null && !line.single }
    CartLine(
        line.name, line.totalMinor, currency, detail = if (saving == null) price else "", saving = saving,
        small = apart(listOfNotNull(many) + line.remarks(currency)), children = children,
        onPress = { on(CartEvent.Open(line)) },
    ) {
        if (line.kind == ItemKind.WEIGHED && !line.returned) IconKey(Icons.Scales, Look.words.text("sell.weigh_again"), { on(CartEvent.WeighAgain(line)) }, boxed = true)
        else LineStepper(line, { on(CartEvent.Step(line, it)) }, { on(CartEvent.Remove(line)) })
    }
}

/** "2 × 4.50", "1.234 kg × 3.49", "2.90 each". */
@Composable
private fun priceOf(line: LineView, currency: Currency): String {
    val words = Look.words
    val price = Look.figures.unitPrice(line.unitPrice, currency)
    return if (line.single) words.text("sell.each", price) else words.text("sell.times", amountOf(line.quantity, line.unit), price)
}

private val LineView.single: Boolean get() = kind != ItemKind.WEIGHED && quantity.compareTo(BigDecimal.ONE) == 0

/** What made it cheaper, in words. */
@Composable
private fun savingOf(line: LineView, currency: Currency): Saving? {
    val words = Look.words
    val percent = (line.discounts.singleOrNull()?.discount as? Discount.Percent)?.v1
    return when {
        line.discountMinor == 0L -> null
        percent != null -> Saving(Icons.Percent, words.text("sell.less_percent", Look.figures.quantity(percent)))
        else -> Saving(Icons.Percent, words.text("sell.less", Look.figures.money(line.discountMinor, currency)))
    }
}

/** Everything else that a person should see of a line: why, what it was, what is short, what is newer. */
@Composable
private fun LineView.remarks(currency: Currency): List<String> {
    val words = Look.words
    val figures = Look.figures
    return listOfNotNull(
        words.text("sell.comes_back").takeIf { returned },
        discounts.firstNotNullOfOrNull { it.reason },
        priceReason,
        listPrice?.let { words.text("sell.was", figures.unitPrice(it, currency)) },
        words.text("sell.was", figures.money(extendedMinor, currency)).takeIf { discountMinor != 0L && discounts.isNotEmpty() },
        newerPrice?.let { words.text("sell.newer_price", figures.unitPrice(it, currency)) },
        shortOf?.let { words.text("sell.short_of", amountOf(it, unit)) },
        note,
    )
}

/** Remarks beside each other, each of which keeps its own direction on a screen that runs from right to left. */
private fun apart(remarks: List<String>) = if (remarks.size < 2) remarks.joinToString() else remarks.joinToString(", ") { "$FIRST_STRONG$it$POP" }

private const val FIRST_STRONG = '\u2068'
private const val POP = '\u2069'
