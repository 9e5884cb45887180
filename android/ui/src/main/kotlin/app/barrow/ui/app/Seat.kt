package app.barrow.ui.app

import app.barrow.core.Command
import app.barrow.core.CommandId
import app.barrow.core.Outcome
import app.barrow.core.Rejection
import app.barrow.core.TillClient
import app.barrow.core.TillException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

/** What a model works with: the till, the way around, the device, and a place for sentences to the person. */
class Seat(
    val till: TillClient,
    val scope: CoroutineScope,
    val go: Navigator,
    val device: Device,
) {
    private val said = MutableStateFlow<Notice?>(null)

    /** The sentence that stands on the screen until it is dismissed or another comes. */
    val notice: StateFlow<Notice?> = said

    /** Says something to the person. */
    fun say(notice: Notice) {
        said.value = notice
    }

    /** Takes the sentence away. */
    fun dismiss() {
        said.value = null
    }

    /** Runs work that asks the till; what goes wrong becomes a sentence. */
    fun work(task: suspend () -> Unit) = scope.launch { guarded(task) }

    /** Runs work as [work] does, and waits for it. */
    suspend fun guarded(task: suspend () -> Unit) {
        try {
            task()
        } catch (fault: TillException) {
            trouble(Notice.of(fault))
        }
    }

    /**
     * Sends a command and hands its outcome on. When it could not be saved, the sentence offers to send it again
     * under the same id.
     */
    fun send(command: Command, id: CommandId = till.newId(), then: suspend (Outcome) -> Unit = {}) {
        work { sent(command, id) { send(command, id, then) }?.let { then(it) } }
    }

    /**
     * Sends a command and waits for its outcome; null when there is none and the person was told why, with [again]
     * offered where it could not be saved. [tell] finds other words for what was rejected.
     */
    suspend fun sent(
        command: Command,
        id: CommandId = till.newId(),
        tell: (Rejection) -> Notice? = { null },
        again: () -> Unit,
    ): Outcome? = try {
        till.send(command, id)
    } catch (fault: TillException.NotSaved) {
        trouble(Notice.of(fault, again))
        null
    } catch (fault: TillException.Rejected) {
        trouble(tell(fault.rejection) ?: Notice.of(fault))
        null
    }

    private fun trouble(notice: Notice) {
        device.feel(notice.feeling)
        say(notice)
    }
}
