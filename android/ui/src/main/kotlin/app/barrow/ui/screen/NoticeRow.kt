package app.barrow.ui.screen

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import app.barrow.core.Rejection
import app.barrow.core.TillException
import app.barrow.ui.app.Feeling
import app.barrow.ui.app.Notice
import app.barrow.ui.app.Seat
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Look
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind
import app.barrow.ui.words.Words

/** The sentence to the person, between the strip and the screen: it covers nothing. */
@Composable
fun NoticeRow(seat: Seat) {
    val notice by seat.notice.collectAsState()
    val now = notice ?: return
    val words = Look.words
    val action = now.again?.let { words.text(now.againWord ?: "sell.try_again") }.orEmpty()
    NoticeBox(
        sentence(now, words), if (now.feeling == Feeling.Trouble) NoticeKind.Trouble else NoticeKind.Attention,
        Modifier.padding(bottom = Gap), action,
        onAction = {
            seat.dismiss()
            now.again?.invoke()
        },
        onDismiss = seat::dismiss,
    )
}

/** The words of a notice: its own, or those of the fault, by variant and field. */
fun sentence(notice: Notice, words: Words): String {
    notice.word?.let { return words.text(it, *notice.values.toTypedArray()) }
    return when (val fault = notice.fault) {
        is TillException.Rejected -> rejected(fault.rejection, words)
        is TillException.NotSaved -> words.text("sell.not_saved")
        is TillException.Unavailable -> words.text("sell.unavailable", fault.why)
        is TillException.Device -> words.text("sell.device_trouble", fault.why)
        is TillException.Cancelled -> words.text("sell.cancelled")
        is TillException.Closed, null -> words.text("sell.closed")
    }
}

private fun rejected(why: Rejection, words: Words): String = when (why) {
    is Rejection.Unknown -> words.text("sell.rejected_unknown", why.value)
    is Rejection.Closed -> words.text("sell.rejected_closed")
    is Rejection.Missing -> words.text("sell.rejected_missing", why.why)
    is Rejection.TooLong -> words.text("sell.rejected_too_long", why.limit.toString())
    is Rejection.OutOfRange -> words.text("sell.rejected_range", why.value, why.allowed)
    is Rejection.Taken -> words.text("sell.rejected_taken", why.value, why.by)
    is Rejection.NeedsApproval -> words.text("sell.rejected_approval")
    is Rejection.NotPermitted -> words.text("sell.rejected_permission")
    is Rejection.NotNow -> why.why
    is Rejection.Unreadable -> words.text("sell.rejected_unreadable")
}
