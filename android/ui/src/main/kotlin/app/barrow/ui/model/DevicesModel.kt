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

/** Fewest signs of a passphrase that seals a backup. */
const val PASSPHRASE_SIGNS = 8

/** Asks this often how far a long work is, in milliseconds. */
private const val PROGRESS_MS = 200L

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

    /** No longer waits for what is being done, or closes what is open. What was begun ends by itself. */
    data object Stop : DevicesEvent
    data object Back : DevicesEvent
}

/** This till, its proof, its backups and its files. */
class DevicesModel(private val seat: Seat, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(DevicesState())
    private var running: Job? = null

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
                val report = seat.till.ask { verify() }
                held.update { it.copy(verified = report) }
            }
            DevicesEvent.AskBackup -> held.update { it.copy(passphrase = "", backup = null) }
            is DevicesEvent.Passphrase -> held.update { it.copy(passphrase = event.text) }
            DevicesEvent.MakeBackup -> backUp()
            DevicesEvent.Export -> run(Work.Export) {
                val folder = seat.device.pickFolder() ?: return@run
                val files = seat.till.ask { export(folder) }
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
            val made = seat.till.ask { backup(folder, passphrase) }
            if (!seat.device.kept(folder)) return@run seat.say(Notice(word = "office.devices.notKept"))
            held.update { it.copy(backup = made, passphrase = null) }
            look()
        }
    }

    private suspend fun pick() {
        val file = seat.device.pickFile(FilePurpose.ImportGoods) ?: return
        val report = seat.till.ask { importItems(file.bytes, tryOnly = true) }
        held.update { it.copy(picked = file, import = report, imported = false) }
    }

    private suspend fun import() {
        val file = held.value.picked ?: return
        val report = seat.till.ask { importItems(file.bytes, tryOnly = false, keepGoing = true) }
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
            } catch (fault: TillException) {
                seat.device.feel(Feeling.Trouble)
                seat.say(Notice.of(fault))
            } finally {
                watching.cancel()
                held.update { it.copy(work = null, progress = null) }
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

    private fun stop() {
        running?.cancel()
        held.update {
            it.copy(passphrase = null, picked = null, import = null, imported = false, exported = null)
        }
    }
}
