package app.barrow.ui.sell

import androidx.compose.ui.input.key.KeyEvent
import app.barrow.core.Discount
import app.barrow.core.FoundRequest
import app.barrow.core.GivenDiscount
import app.barrow.core.ItemRef
import app.barrow.core.LineDraft
import app.barrow.core.Setup
import app.barrow.core.ShopView
import app.barrow.core.TenderClass
import app.barrow.core.Tile
import app.barrow.core.Till
import app.barrow.core.TillClient
import app.barrow.ui.CoreGuard
import app.barrow.ui.app.Device
import app.barrow.ui.app.Feeling
import app.barrow.ui.app.FilePurpose
import app.barrow.ui.app.Navigator
import app.barrow.ui.app.PickedFile
import app.barrow.ui.app.Seat
import app.barrow.ui.app.Selling
import app.barrow.ui.model.GoodsState
import app.barrow.ui.model.Settings
import app.barrow.ui.model.SettingsKeeper
import app.barrow.ui.model.SettingsStore
import java.io.File
import java.math.BigDecimal
import java.nio.file.Files
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/** Waits at most this long for the core, in milliseconds. */
const val CORE_MS = 20_000L

/** A device that lends nothing but a clock, and remembers what it was told. */
class StallDevice(override val readsCodes: Boolean = true) : Device {
    val feelings = mutableListOf<Feeling>()

    /** Gives the time of the next key press, where a test says how fast keys come. */
    var keyTimes: (() -> Long)? = null

    override fun keyMs(event: KeyEvent) = keyTimes?.invoke() ?: nowMs()

    override fun nowMs() = System.currentTimeMillis()

    override fun feel(feeling: Feeling) {
        synchronized(feelings) { feelings += feeling }
    }

    override suspend fun pickFile(purpose: FilePurpose): PickedFile? = null

    override suspend fun pickFolder(): String? = null

    override suspend fun share(title: String, text: String) = false

    override fun showCustomer(open: Boolean) = false

    override suspend fun print(html: String) = false
}

/** Settings that live as long as a test. */
class KeptSettings(private var kept: Settings = Settings()) : SettingsStore {
    override fun load() = kept

    override fun save(settings: Settings) {
        kept = settings
    }
}

/** A till over the real core in a folder of its own: the sample stall, or a shop without goods. */
class Stall(
    sample: Boolean = true,
    settings: Settings = Settings(),
    setup: Setup = Setup("Barrow sample market", "DE", language = "en"),
    private val folder: File = Files.createTempDirectory("stall").toFile(),
    core: CoroutineDispatcher = Dispatchers.IO,
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + CoreGuard.drawing())
    private val shopFolder = File(folder, "shop")

    val device = StallDevice()

    val till: TillClient = runBlocking {
        val keys = File(folder, "keys").path
        val opened = if (shopFolder.exists()) Till.open(shopFolder.path, keys) else Till.found(FoundRequest(shopFolder.path, keys, setup, sample))
        TillClient(opened, core)
    }

    val seat = Seat(till, scope, Navigator(), device)

    val selling = Selling(seat, SettingsKeeper(KeptSettings(settings)))

    val shop: ShopView = wait { selling.shop.first { it != null }!! }

    init {
        wait { selling.cart.state.first { it.ready } }
        wait { selling.sell.state.first { it.ready && (it.bare || it.tiles.isNotEmpty()) } }
    }

    /** Asks the core and waits. */
    fun <T> wait(question: suspend () -> T): T = try {
        runBlocking { withTimeout(CORE_MS) { question() } }
    } catch (late: TimeoutCancellationException) {
        throw AssertionError("the core kept the test waiting; the till says ${seat.notice.value}", late)
    }

    /** Finds goods by their SKU. */
    fun goods(sku: String): Tile = wait { till.ask { search(sku, 5u) }.first { it.sku == sku } }

    /** Puts goods into the cart and waits until they are there. */
    fun put(vararg drafts: LineDraft) {
        selling.cart.add(drafts.toList())
        val lines = { selling.cart.state.value.view?.lineCount ?: 0u }
        val before = lines()
        wait { selling.cart.state.first { (it.view?.lineCount ?: 0u) > before || it.view?.lastLine != null } }
    }

    /** A line of goods. */
    fun line(sku: String, quantity: Int = 1) =
        LineDraft(item = ItemRef.Id(goods(sku).item), quantity = BigDecimal(quantity), merge = true)

    /** Puts the sale of the reference pictures into the cart: 22.31. */
    fun fillCart() = put(
        LineDraft(item = ItemRef.Id(goods("FR-ELSTAR").item), gross = BigDecimal("1.240")),
        line("FR-STRAWB", 2).copy(discounts = listOf(GivenDiscount(Discount.Amount(100L), "2 for 8.00"))),
        line("DR-JUICEB"),
        line("LA-HONEY").copy(discounts = listOf(GivenDiscount(Discount.Amount(95L), "Dented lid"))),
    )

    /** Sells what is in the cart, for what was given in cash, or for another tender. */
    fun sell(givenMinor: Long? = null, tender: TenderClass = TenderClass.CASH) {
        val kind = wait { till.ask { tenders() } }.first { it.`class` == tender }
        selling.cart.pay(kind.id, givenMinor = givenMinor)
        wait { selling.cart.state.first { it.done != null } }
    }

    /** Waits until the goods are what they should be. */
    fun waitForGoods(holds: (GoodsState) -> Boolean) = wait { selling.sell.state.first(holds) }

    /** Closes the till as the end of a process does; what it kept is what the next one opens. */
    override fun close() {
        wait { till.shut() }
        scope.cancel()
        CoreGuard.check()
    }

    /** Opens what a power cut at this moment would leave: the files as they lie, in another place. */
    fun afterPowerCut(): Stall {
        val copy = Files.createTempDirectory("stall").toFile()
        folder.copyRecursively(copy, overwrite = true)
        return Stall(folder = copy)
    }
}
