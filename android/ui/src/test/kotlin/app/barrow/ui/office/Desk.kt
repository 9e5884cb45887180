package app.barrow.ui.office

import androidx.compose.ui.graphics.ImageBitmap
import app.barrow.core.Command
import app.barrow.core.FoundRequest
import app.barrow.core.ItemRef
import app.barrow.core.LineDraft
import app.barrow.core.SaleId
import app.barrow.core.Setup
import app.barrow.core.TenderClass
import app.barrow.core.TillClient
import app.barrow.core.View
import app.barrow.ui.CoreGuard
import app.barrow.ui.app.Device
import app.barrow.ui.app.Feeling
import app.barrow.ui.app.FilePurpose
import app.barrow.ui.app.Navigator
import app.barrow.ui.app.PickedFile
import app.barrow.ui.app.Seat
import app.barrow.ui.model.Settings
import app.barrow.ui.model.SettingsKeeper
import app.barrow.ui.model.SettingsStore
import java.io.File
import java.math.BigDecimal
import java.nio.file.Files
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/** Waits at most this long for the core, in milliseconds: two shared cores may be busy. */
private const val PATIENCE_MS = 30_000L

/** A device that lends what a test gives it, and keeps what it was handed. */
class DeskDevice : Device {
    val shared = mutableListOf<String>()
    val printed = mutableListOf<String>()
    var pictures = 0
    var file: PickedFile? = null
    var folder: String? = null

    override fun nowMs() = System.currentTimeMillis()

    override fun feel(feeling: Feeling) = Unit

    override suspend fun pickFile(purpose: FilePurpose) = file

    override suspend fun pickFolder() = folder

    override suspend fun share(title: String, text: String) = shared.add(text)

    override suspend fun sharePicture(title: String, picture: ImageBitmap) = true.also { pictures++ }

    override fun showCustomer(open: Boolean) = false

    override suspend fun print(html: String) = printed.add(html)
}

/** Settings in memory. */
class HeldSettings(private var held: Settings = Settings()) : SettingsStore {
    override fun load() = held

    override fun save(settings: Settings) {
        held = settings
    }
}

/** A seat at a till over the real core, in a folder of its own. */
class Desk(sample: Boolean = true, settings: Settings = Settings()) : AutoCloseable {
    private val folder: File = Files.createTempDirectory("desk").toFile()
    val scope = CoroutineScope(SupervisorJob() + CoreGuard.drawing())
    val device = DeskDevice()
    val keeper = SettingsKeeper(HeldSettings(settings))
    val till: TillClient = runBlocking {
        val setup = Setup("Barrow sample market", "DE", utcOffsetMinutes = 60, language = "en")
        TillClient.found(FoundRequest("$folder/shop", "$folder/keys", setup, sample))
    }
    val seat = Seat(till, scope, Navigator(), device)

    /** Asks the core and waits. The error of a wait in vain names the line that waited. */
    fun <T> wait(question: suspend () -> T): T = try {
        runBlocking { withTimeout(PATIENCE_MS) { question() } }
    } catch (late: TimeoutCancellationException) {
        throw AssertionError("waited in vain; the screen said ${seat.notice.value}", late)
    }

    /** Waits until a screen's state is as wanted. */
    fun <T> wait(state: StateFlow<T>, wanted: (T) -> Boolean): T = wait { state.first { wanted(it) } }

    fun send(command: Command) = wait { till.send(command) }

    /** Sells goods by SKU and quantity; by the tender with that name, else in exact cash. */
    fun sell(vararg goods: Pair<String, String>, tender: String? = null): SaleId = wait { till.sell(goods.toList(), tender) }

    override fun close() {
        wait { till.shut() }
        scope.cancel()
        folder.deleteRecursively()
        CoreGuard.check()
    }
}

/** Sells goods by SKU and quantity; by the tender with that name, else in exact cash. */
suspend fun TillClient.sell(goods: List<Pair<String, String>>, tender: String? = null): SaleId {
    val cart = newId()
    send(Command.AddLines(cart, goods.map { (sku, quantity) -> LineDraft(ItemRef.Sku(sku), BigDecimal(quantity)) }))
    val tenders = ask { tenders() }
    val kind = tenders.find { it.name == tender } ?: tenders.first { it.`class` == TenderClass.CASH }
    return (send(Command.Tender(cart, kind.id)).view as View.Sale).v1.id
}
