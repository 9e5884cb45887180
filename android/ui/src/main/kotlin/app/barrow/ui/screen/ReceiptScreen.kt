package app.barrow.ui.screen

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.barrow.core.SaleKind
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.ReceiptEvent
import app.barrow.ui.model.ReceiptState
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
        { Key(say("receipt.share"), { on(ReceiptEvent.Share(title)) }, it, Icons.ShareNetwork.besideWord()) },
        { Key(say("receipt.takeBack"), { on(ReceiptEvent.TakeBack) }, it, Icons.ArrowUUpLeft.besideWord(), enabled = state.returnable) },
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
