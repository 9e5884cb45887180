package app.barrow.ui.model

import app.barrow.core.LongWork
import app.barrow.core.Progress
import app.barrow.core.Rescued
import app.barrow.core.TillException
import app.barrow.ui.app.Device
import app.barrow.ui.app.FilePurpose
import app.barrow.ui.app.Notice
import app.barrow.ui.app.PickedFile
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Asks this often how far the work is, in milliseconds. */
private const val ASK_MS = 200L

/** What can still be done for a damaged till. */
enum class RescueWork { Save, Restore }

/** What the screen of a till that can't be opened shows beside its sentence. */
data class RescueState(
    val work: RescueWork? = null,
    /** How far the work is; null before the core can tell. */
    val progress: Progress? = null,
    /** What was saved. */
    val saved: Rescued? = null,
    /** The backup that is to be brought back. */
    val backup: PickedFile? = null,
    val passphrase: String = "",
    val notice: Notice? = null,
)

/** What a person does where a till can't be opened. */
sealed interface RescueEvent {
    /** Opens the till again. */
    data object Again : RescueEvent

    /** Saves what can be read into a folder. */
    data object Save : RescueEvent

    /** Picks a backup. */
    data object Pick : RescueEvent
    data class Passphrase(val text: String) : RescueEvent

    /** Brings the picked backup back. */
    data object Restore : RescueEvent

    /** Gives up what is being done. */
    data object Stop : RescueEvent
    data object Back : RescueEvent
}

/** What a till that can't be opened needs of the core; each call leaves the caller's thread. */
interface Rescue {
    suspend fun save(folder: String, work: LongWork): Rescued

    suspend fun restore(file: String, passphrase: String, work: LongWork)

    /** Makes what watches a work and gives it up. */
    suspend fun <T> watched(task: suspend (LongWork) -> T): T

    suspend fun progress(work: LongWork): Progress?

    suspend fun cancel(work: LongWork)

    fun open()
}

/** Saves what can be read of a damaged till, and brings a backup back. */
class RescueModel(private val rescue: Rescue, private val device: Device, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(RescueState())
    private var running: LongWork? = null

    /** Tells what to show. */
    val state: StateFlow<RescueState> = held

    /** Does what the person wants. */
    fun on(event: RescueEvent) {
        when (event) {
            RescueEvent.Again -> rescue.open()
            RescueEvent.Save -> save()
            RescueEvent.Pick -> scope.launch {
                val file = device.pickFile(FilePurpose.OpenBackup) ?: return@launch
                held.update { it.copy(backup = file, passphrase = "", notice = null) }
            }
            is RescueEvent.Passphrase -> held.update { it.copy(passphrase = event.text, notice = null) }
            RescueEvent.Restore -> restore()
            RescueEvent.Stop -> running?.let { work -> scope.launch { rescue.cancel(work) } }
            RescueEvent.Back -> if (held.value.work == null) held.update { it.copy(backup = null, notice = null) }
        }
    }

    private fun save() {
        scope.launch {
            val folder = device.pickFolder() ?: return@launch
            run(RescueWork.Save) { work ->
                val saved = rescue.save(folder, work)
                val kept = device.kept(folder)
                held.update { if (kept) it.copy(saved = saved) else it.copy(notice = Notice(word = "office.devices.notKept")) }
            }
        }
    }

    private fun restore() {
        val state = held.value
        val file = state.backup ?: return
        if (state.passphrase.length < PASSPHRASE_SIGNS) return
        scope.launch {
            run(RescueWork.Restore) { work ->
                rescue.restore(file.path, state.passphrase, work)
                rescue.open()
            }
        }
    }

    /** One work at a time. */
    private suspend fun run(kind: RescueWork, task: suspend (LongWork) -> Unit) {
        if (held.value.work != null) return
        held.update { it.copy(work = kind, progress = null, saved = null, notice = null) }
        try {
            rescue.watched { work ->
                running = work
                val watching = scope.launch { watch(work) }
                try {
                    task(work)
                } finally {
                    watching.cancel()
                }
            }
        } catch (fault: TillException) {
            held.update { it.copy(notice = Notice.of(fault)) }
        } finally {
            running = null
            held.update { it.copy(work = null, progress = null) }
        }
    }

    private suspend fun watch(work: LongWork) {
        while (true) {
            delay(ASK_MS)
            val progress = rescue.progress(work)
            held.update { it.copy(progress = progress) }
        }
    }
}
