package app.barrow.ui.screen

import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.barrow.core.SaleKind
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.ReceiptEvent
import app.barrow.ui.model.ReceiptState
import app.barrow.ui.part.Card
import app.barrow.ui.part.Key
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind

/** One finished sale as its receipt shows it. [onBack] is null where it stands beside the list. */
@Composable
fun ReceiptScreen(state: ReceiptState, on: (ReceiptEvent) -> Unit, onBack: (() -> Unit)? = { on(ReceiptEvent.Back) }) {
    val done = state.done
    val title = listOfNotNull(say("receipt.title"), done?.number).joinToString(" ")
    OfficePage(title, onBack, foot = { if (done != null) ReceiptFoot(state, title, on) }) {
        if (done == null) return@OfficePage
        if (done.kind == SaleKind.SALE && !state.returnable) NoticeBox(say("receipt.allBack"), NoticeKind.Attention)
        PaperText(state.text, say("receipt.paper"))
    }
}

@Composable
private fun ReceiptFoot(state: ReceiptState, title: String, on: (ReceiptEvent) -> Unit) {
    KeyRow(
        { Key(say("receipt.share"), { on(ReceiptEvent.Share(title)) }, it, Icons.ShareNetwork) },
        { Key(say("receipt.takeBack"), { on(ReceiptEvent.TakeBack) }, it, Icons.ArrowUUpLeft, enabled = state.returnable) },
    )
    MainButton(say("receipt.copy"), { on(ReceiptEvent.PrintCopy(title)) }, Modifier.fillMaxWidth(), icon = Icons.Printer)
}

/** The name of what a sale is. */
@Composable
fun saleKindWord(kind: SaleKind): String = when (kind) {
    SaleKind.SALE -> say("receipt.sale")
    SaleKind.REFUND -> say("receipt.refund")
    SaleKind.EXCHANGE -> say("receipt.exchange")
}

/** A document as it is printed: signs of one width on white paper, always left to right. */
@Composable
fun PaperText(text: String, said: String) = Card {
    CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
        Box(Modifier.fillMaxWidth().horizontalScroll(rememberScrollState()).padding(14.dp)) {
            Text(text, Modifier.semantics { contentDescription = "$said. $text" }, style = Look.type.code, softWrap = false)
        }
    }
}
