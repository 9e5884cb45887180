package app.barrow.ui.app

import app.barrow.core.FoundRequest
import app.barrow.core.KeyStore
import app.barrow.core.LongWork
import app.barrow.core.RestoreRequest
import app.barrow.core.Setup
import app.barrow.core.TillClient
import app.barrow.core.TillException
import app.barrow.core.hasTill
import app.barrow.core.rescue
import app.barrow.core.restore
import app.barrow.ui.model.Rescue
import app.barrow.ui.model.RescueModel
import app.barrow.ui.model.SettingsKeeper
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** Where a device keeps its till: the shop's folder, and the folder of secrets, which no backup holds. */
data class TillPlace(val folder: String, val keysFolder: String)

/** How far the start has come. */
sealed interface Started {
    /** The store is being opened, for a moment. */
    data object Waiting : Started

    /** There is no till here yet; [busy] while one is founded, [notice] when that failed. */
    data class Fresh(val busy: Boolean = false, val notice: Notice? = null) : Started

    /** The till sells; its goods are asked for at once, before there is a screen to show them. */
    data class Ready(val selling: Selling) : Started {
        val seat: Seat get() = selling.seat
    }

    /** The store can't be opened. */
    data class Failed(val fault: TillException) : Started
}

/** From the start of the process to a till that sells, and to its end. */
class Start(
    private val place: TillPlace,
    private val device: Device,
    private val scope: CoroutineScope,
    /** Keeps what this device prefers. */
    val settings: SettingsKeeper,
    private val keys: KeyStore? = null,
    private val core: CoroutineDispatcher = Dispatchers.IO,
    private val navigator: () -> Navigator = ::Navigator,
) {
    private val stage = MutableStateFlow<Started>(Started.Waiting)
    private val one = Mutex()

    /** Tells how far it has come. */
    val now: StateFlow<Started> = stage

    /** Opens the till that is here, or finds that there is none. Again after a failure. */
    fun open(): Job = step(waiting = Started.Waiting, failed = Started::Failed) {
        if (hasTill(place.folder)) TillClient.open(place.folder, place.keysFolder, keys) else null
    }

    /** Founds a shop: with a stall's goods to try things out, or empty. */
    fun found(setup: Setup, sample: Boolean): Job =
        step(Started.Fresh(busy = true), failed = { Started.Fresh(notice = Notice.of(it)) }) {
            TillClient.found(FoundRequest(place.folder, place.keysFolder, setup, sample), keys)
        }

    private fun step(waiting: Started, failed: (TillException) -> Started, work: suspend () -> TillClient?): Job = scope.launch(core) {
        one.withLock {
            if (stage.value is Started.Ready) return@withLock
            stage.value = waiting
            stage.value = try {
                work()?.let { Started.Ready(Selling(Seat(it, scope, navigator(), device), settings)) } ?: Started.Fresh()
            } catch (fault: TillException) {
                failed(fault)
            }
        }
    }

    /** What helps where the store is damaged. */
    fun rescue(scope: CoroutineScope) = RescueModel(Damaged(), device, scope)

    private inner class Damaged : Rescue {
        override suspend fun save(folder: String, work: LongWork) = withContext(core) { rescue(place.folder, folder, work) }

        override suspend fun restore(file: String, passphrase: String, work: LongWork) = withContext(core) {
            restore(RestoreRequest(file, place.folder, place.keysFolder, passphrase, damaged = true), keys, work)
        }

        override suspend fun <T> watched(task: suspend (LongWork) -> T): T {
            val work = withContext(core) { LongWork() }
            return try {
                task(work)
            } finally {
                withContext(core + NonCancellable) { work.close() }
            }
        }

        override suspend fun progress(work: LongWork) = withContext(core) { work.progress() }

        override suspend fun cancel(work: LongWork) = withContext(core) { work.cancel() }

        override fun open() {
            this@Start.open()
        }
    }

    /** Makes everything durable and closes the till; bounded in time. */
    suspend fun end() = one.withLock { (stage.value as? Started.Ready)?.seat?.till?.shut() }
}
