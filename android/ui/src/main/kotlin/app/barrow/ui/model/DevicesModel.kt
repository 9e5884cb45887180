package app.barrow.ui.model

import app.barrow.core.BackupMade
import app.barrow.core.ImportReport
import app.barrow.core.Progress
import app.barrow.core.ShopView
import app.barrow.core.StatusView
import app.barrow.core.TillException
import app.barrow.core.Topic
import app.barrow.core.VerifyReport
import app.barrow.ui.app.Feeling
import app.barrow.ui.app.FilePurpose
import app.barrow.ui.app.Notice
import app.barrow.ui.app.PickedFile
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Fewest signs of a passphrase that seals a backup, as the core asks for. */
const val PASSPHRASE_SIGNS = 10

/** Asks this often how far a long work is, in milliseconds. */
private const val PROGRESS_MS = 200L

/** Says this often that a long work is given up, until it has ended, in milliseconds: it may only just begin. */
private const val STOP_MS = 50L

/** Long work on this device. */
enum class Work { Verify, Backup, Export, Import }

/** What Devices shows. */
data class DevicesState(
    val shop: ShopView? = null,
    val status: StatusView? = null,
    /** What is being done; null while nothing is. */
    val work: Work? = null,
    /** How far the work is; null before the core can tell. */
    val progress: Progress? = null,
    /** Tells that the work was given up and ends in a moment. */
    val stopping: Boolean = false,
    val verified: VerifyReport? = null,
    /** The passphrase while it is typed; null while no backup is asked for. */
    val passphrase: String? = null,
    val backup: BackupMade? = null,
    /** Names of the files that were written. */
    val exported: List<String>? = null,
    /** The picked file, tried but not yet imported. */
    val picked: PickedFile? = null,
    val import: ImportReport? = null,
    /** Tells that [import] is done, not tried. */
    val imported: Boolean = false,
)

/** What a person does on Devices. */
sealed interface DevicesEvent {
    data object Verify : DevicesEvent
    data object AskBackup : DevicesEvent
    data class Passphrase(val text: String) : DevicesEvent
    data object MakeBackup : DevicesEvent
    data object Export : DevicesEvent

    /** Picks a file of goods and tries it. */
    data object Pick : DevicesEvent

    /** Imports the rows of the picked file that are in order. */
    data object Import : DevicesEvent

    /** Gives up what is being done, or closes what is open. */
    data object Stop : DevicesEvent
    data object Back : DevicesEvent
}

/** This till, its proof, its backups and its files. */
class DevicesModel(private val seat: Seat, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(DevicesState())
    private var running: Job? = null

    /** Whether the work is with the core, which ends it; else it waits for a dialog. */
    private var asked = false

    /** Tells what to show. */
    val state: StateFlow<DevicesState> = held

    init {
        seat.watch(scope, Topic.STORAGE, Topic.CATALOGUE, Topic.SALES) { look() }
    }

    private suspend fun look() {
        val shop = seat.till.ask { shop() }
        val status = seat.till.ask { status() }
        held.update { it.copy(shop = shop, status = status) }
    }

    /** Does what the person wants. */
    fun on(event: DevicesEvent) {
        when (event) {
            DevicesEvent.Verify -> run(Work.Verify) {
                val report = asking { seat.till.ask { verify() } }
                held.update { it.copy(verified = report) }
            }
            DevicesEvent.AskBackup -> held.update { it.copy(passphrase = "", backup = null) }
            is DevicesEvent.Passphrase -> held.update { it.copy(passphrase = event.text) }
            DevicesEvent.MakeBackup -> backUp()
            DevicesEvent.Export -> run(Work.Export) {
                val folder = seat.device.pickFolder() ?: return@run
                val files = asking { seat.till.ask { export(folder) } }
                if (!seat.device.kept(folder)) return@run seat.say(Notice(word = "office.devices.notKept"))
                held.update { it.copy(exported = files) }
            }
            DevicesEvent.Pick -> run(Work.Import) { pick() }
            DevicesEvent.Import -> run(Work.Import) { import() }
            DevicesEvent.Stop -> stop()
            DevicesEvent.Back -> if (held.value.passphrase != null || held.value.import != null) stop() else seat.go.back()
        }
    }

    private fun backUp() {
        val passphrase = held.value.passphrase.orEmpty()
        if (passphrase.length < PASSPHRASE_SIGNS) return
        run(Work.Backup) {
            val folder = seat.device.pickFolder() ?: return@run
            val made = asking { seat.till.ask { backup(folder, passphrase) } }
            if (!seat.device.kept(folder)) return@run seat.say(Notice(word = "office.devices.notKept"))
            held.update { it.copy(backup = made, passphrase = null) }
            look()
        }
    }

    private suspend fun pick() {
        val file = seat.device.pickFile(FilePurpose.ImportGoods) ?: return
        val report = asking { seat.till.ask { importItems(file.bytes, tryOnly = true) } }
        held.update { it.copy(picked = file, import = report, imported = false) }
    }

    private suspend fun import() {
        val file = held.value.picked ?: return
        val report = asking { seat.till.ask { importItems(file.bytes, tryOnly = false, keepGoing = true) } }
        held.update { it.copy(import = report, imported = true) }
    }

    /** One long work at a time; another press while it runs does nothing. */
    private fun run(work: Work, task: suspend () -> Unit) {
        if (held.value.work != null) return
        held.update { it.copy(work = work, progress = null) }
        running = scope.launch {
            val watching = launch { watchProgress() }
            try {
                task()
            } catch (cancelled: TillException.Cancelled) {
                stopped(cancelled)
            } catch (fault: TillException) {
                seat.device.feel(Feeling.Trouble)
                seat.say(Notice.of(fault))
            } finally {
                watching.cancel()
                held.update { it.copy(work = null, progress = null, stopping = false) }
            }
        }
    }

    private suspend fun watchProgress() {
        while (true) {
            delay(PROGRESS_MS)
            val progress = seat.till.ask { progress() }
            held.update { it.copy(progress = progress) }
        }
    }

    private suspend fun <T> asking(question: suspend () -> T): T {
        asked = true
        try {
            return question()
        } finally {
            asked = false
        }
    }

    /** Only what the core says has ended is over: a backup that was done in the same moment is there and is shown. */
    private fun stop() {
        val work = running?.takeIf { it.isActive }
        if (work == null || !asked) {
            work?.cancel()
            return close()
        }
        held.update { it.copy(stopping = true) }
        seat.ask(scope) {
            while (work.isActive) {
                seat.till.ask { cancelWork() }
                delay(STOP_MS)
            }
        }
    }

    /** Says what is left: of an import whole batches, of the others nothing. */
    private fun stopped(fault: TillException.Cancelled) {
        val importing = held.value.import != null
        seat.say(Notice(fault, if (importing) "office.devices.importStopped" else null, feeling = Feeling.Added))
        close()
    }

    private fun close() = held.update {
        it.copy(passphrase = null, picked = null, import = null, imported = false, exported = null)
    }
}
