package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.barrow.core.DoneView
import app.barrow.core.SaleRow
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.PlainShape
import app.barrow.ui.look.pressable
import app.barrow.ui.model.ReceiptsEvent
import app.barrow.ui.model.ReceiptsState
import app.barrow.ui.part.Card
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NameText
import app.barrow.ui.part.Sides

/** Finished sales, newest first; a number finds one. */
@Composable
fun ReceiptsScreen(state: ReceiptsState, on: (ReceiptsEvent) -> Unit) {
    val search = remember { FocusRequester() }
    OfficePage(
        say("receipts.title"), { on(ReceiptsEvent.Back) }, scrolls = false,
        foot = { FindButton(state, on) { search.requestFocus() } },
    ) {
        TextBox(
            state.search, { on(ReceiptsEvent.Search(it)) }, say("receipts.find"),
            Modifier.padding(horizontal = Margin).focusRequester(search), hint = say("receipts.search"), icon = Icons.MagnifyingGlass,
            onDone = { state.found?.let { on(ReceiptsEvent.Open(it.sale)) } }, onClear = { on(ReceiptsEvent.Search("")) },
        )
        when {
            state.search.isNotBlank() -> Found(state.found, on)
            state.rows.complete && state.rows.count == 0 -> Empty(say("receipts.empty"))
            else -> PagedList(
                state.rows, { first, last -> on(ReceiptsEvent.Shown(first, last)) }, Modifier.weight(1f),
                section = { Look.figures.day(it.atMs) },
            ) { sale -> SaleLine(sale) { on(ReceiptsEvent.Open(sale.id)) } }
        }
    }
}

@Composable
private fun ColumnScope.Found(found: DoneView?, on: (ReceiptsEvent) -> Unit) = Column(Modifier.weight(1f)) {
    if (found == null) return@Column Empty(say("receipts.none"))
    Card {
        ReceiptLine(
            title = saleKindWord(found.kind), number = found.number, time = Look.figures.moment(found.atMs),
            amount = Look.figures.money(found.totalMinor, found.currency), tenders = found.tenders.joinToString { it.name },
            refunded = false,
        ) { on(ReceiptsEvent.Open(found.sale)) }
    }
}

@Composable
private fun SaleLine(sale: SaleRow, onPress: () -> Unit) {
    val more = sale.itemCount.toInt() - 1
    val title = if (more > 0) say("receipts.more", sale.firstItem, Look.figures.whole(more.toLong())) else sale.firstItem
    ReceiptLine(
        title, sale.number, Look.figures.time(sale.atMs), Look.figures.money(sale.totalMinor, sale.currency), sale.tenders,
        sale.refunded, onPress,
    )
}

/** One receipt in a list: what was sold over when and which number, the amount over how it was paid. */
@Composable
private fun ReceiptLine(
    title: String, number: String, time: String, amount: String, tenders: String, refunded: Boolean, onPress: () -> Unit,
) {
    val refundedWord = say("receipts.refunded")
    val said = listOfNotNull(title, time, number, amount, tenders, refundedWord.takeIf { refunded }).joinToString(", ")
    Sides(
        Modifier.fillMaxWidth().defaultMinSize(minHeight = 72.dp).pressable(PlainShape, onPress = onPress)
            .semantics { contentDescription = said }.padding(horizontal = 14.dp, vertical = 8.dp),
        start = {
            Column {
                NameText(title)
                FlowRow(horizontalArrangement = Arrangement.spacedBy(Gap), itemVerticalAlignment = Alignment.CenterVertically) {
                    Text(time, color = Look.palette.ink2, style = Look.type.smallMoney, maxLines = 1)
                    Text(number, color = Look.palette.ink2, style = Look.type.code, maxLines = 1)
                    if (refunded) RefundedMark(refundedWord)
                }
            }
        },
        end = {
            Column(horizontalAlignment = Alignment.End) {
                FigureText(amount, Look.type.amount)
                Text(tenders, color = Look.palette.ink2, style = Look.type.small, maxLines = 1)
            }
        },
    )
}

@Composable
private fun RefundedMark(word: String) =
    Row(horizontalArrangement = Arrangement.spacedBy(4.dp), verticalAlignment = Alignment.CenterVertically) {
        Icon(Icons.ArrowUUpLeft, null, Modifier.size(18.dp), Look.palette.attention)
        Text(word, color = Look.palette.attention, style = Look.type.small, maxLines = 1)
    }

/** Leads to the search field, and to the receipt once there is one. */
@Composable
private fun FindButton(state: ReceiptsState, on: (ReceiptsEvent) -> Unit, onFind: () -> Unit) {
    val found = state.found
    if (found != null) {
        MainButton(say("receipts.open", found.number), { on(ReceiptsEvent.Open(found.sale)) }, Modifier.fillMaxWidth(), icon = Icons.Receipt)
    } else {
        MainButton(say("receipts.find"), onFind, Modifier.fillMaxWidth(), icon = Icons.MagnifyingGlass)
    }
}
