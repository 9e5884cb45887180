package app.barrow.ui.model

import androidx.compose.ui.graphics.ImageBitmap
import app.barrow.core.DayReport
import app.barrow.core.Topic
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update

/** What Today shows: one day's report. */
data class TodayState(
    val report: DayReport? = null,
    /** The present day, in days since 1970 by shop time. */
    val today: Long? = null,
)

/** What a person does on Today. */
sealed interface TodayEvent {
    data object Earlier : TodayEvent
    data object Later : TodayEvent
    data class SharePicture(val title: String, val picture: ImageBitmap, val text: String) : TodayEvent
    data class ShareText(val title: String, val text: String) : TodayEvent
    data object Back : TodayEvent
}

/** Takings of a day: by tender, item and hour. */
class TodayModel(private val seat: Seat, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(TodayState())
    private var day: Long? = null

    /** Tells what to show. */
    val state: StateFlow<TodayState> = held

    init {
        seat.watch(scope, Topic.SALES, Topic.SHIFT) { look() }
    }

    /** Does what the person wants. */
    fun on(event: TodayEvent) {
        when (event) {
            TodayEvent.Earlier -> turn(-1)
            TodayEvent.Later -> turn(+1)
            is TodayEvent.SharePicture -> seat.work {
                if (!seat.device.sharePicture(event.title, event.picture)) seat.device.share(event.title, event.text)
            }
            is TodayEvent.ShareText -> seat.work { seat.device.share(event.title, event.text) }
            TodayEvent.Back -> seat.go.back()
        }
    }

    private fun turn(days: Int) {
        val shown = held.value.report ?: return
        val wanted = shown.day + days
        day = wanted.takeIf { held.value.today != it }
        seat.ask(scope) { look() }
    }

    private suspend fun look() {
        val wanted = day
        val report = seat.till.ask { today(wanted) }
        held.update { it.copy(report = report, today = if (wanted == null) report.day else it.today) }
    }
}
