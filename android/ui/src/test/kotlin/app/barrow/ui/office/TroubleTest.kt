package app.barrow.ui.office

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.ui.Modifier
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.unit.dp
import app.barrow.core.Command
import app.barrow.core.Setup
import app.barrow.core.TestDevice
import app.barrow.core.TillClient
import app.barrow.ui.app.Navigator
import app.barrow.ui.app.PickedFile
import app.barrow.ui.app.Seat
import app.barrow.ui.model.DevicesEvent
import app.barrow.ui.model.DevicesModel
import app.barrow.ui.model.ItemModel
import app.barrow.ui.model.ItemsModel
import app.barrow.ui.model.ReceiptsModel
import app.barrow.ui.model.TodayModel
import app.barrow.ui.picture.Framed
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.audit
import app.barrow.ui.picture.picture
import app.barrow.ui.screen.ItemScreen
import app.barrow.ui.screen.ItemsScreen
import app.barrow.ui.screen.ReceiptsScreen
import app.barrow.ui.screen.TodayScreen
import java.io.File
import java.math.BigDecimal
import java.nio.file.Files
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test

/** A New Year's morning in 2099, 10:00 UTC, in milliseconds since 1970. */
private const val YEAR_2099_MS = 4_070_944_800_000L

/** What goes wrong behind the counter, and what is larger than anybody thought. */
class TroubleTest {
    @get:Rule
    val rule = createComposeRule()

    @Test
    fun badRowsAreToldAndTheRestIsImportedWhenAsked() = Desk().use { desk ->
        val model = DevicesModel(desk.seat, desk.scope)
        desk.device.file = PickedFile("goods.csv", "goods.csv", MIXED_GOODS.toByteArray())
        model.on(DevicesEvent.Pick)
        val tried = desk.wait(model.state) { it.import != null && it.work == null }.import!!
        assertEquals(listOf(3uL to "price", 4uL to "name"), tried.problems.map { it.line to it.column })
        assertTrue("trying changes nothing", desk.wait { desk.till.ask { search("Plum", 9u) } }.none { it.sku == "A-4" })
        model.on(DevicesEvent.Import)
        val done = desk.wait(model.state) { it.imported && it.work == null }.import!!
        assertEquals(2uL to 2uL, done.added to done.problemCount)
        assertEquals("Plum", desk.wait { desk.till.ask { search("A-4", 9u) } }.first().name)
    }

    @Test
    fun whatIsStoppedEndsSoonAndTheNextWorkMayBegin() = Desk().use { desk ->
        val model = DevicesModel(desk.seat, desk.scope)
        val goods = (1..20_000).joinToString("\n", "sku,name,price\n") { "N-%05d,Nut %05d,1.00".format(it, it) }
        desk.device.file = PickedFile("goods.csv", "goods.csv", goods.toByteArray())
        model.on(DevicesEvent.Pick)
        desk.wait(model.state) { it.import != null && it.work == null }
        model.on(DevicesEvent.Import)
        desk.wait(model.state) { (it.progress?.done ?: 0uL) > goods.length.toULong() }
        val pressed = System.nanoTime()
        model.on(DevicesEvent.Stop)
        desk.wait(model.state) { it.work == null }
        assertTrue("ended within half a second", System.nanoTime() - pressed < 500_000_000)
        assertEquals("office.devices.importStopped", desk.seat.notice.value?.word)
        assertEquals("the import is put away", null, model.state.value.import)
        desk.device.folder = Files.createTempDirectory("usb").toString()
        model.on(DevicesEvent.AskBackup)
        model.on(DevicesEvent.Passphrase("three words of mine"))
        model.on(DevicesEvent.MakeBackup)
        desk.wait(model.state) { it.work == null && it.backup != null }
        assertEquals(1, File(desk.device.folder!!).list()!!.size)
    }

    @Test
    fun namesOfFiveHundredLettersAndTheLargestAmountKeepTheScreen() = Desk().use { desk ->
        val fresh = desk.wait { desk.till.ask { freshItem() } }
        val name = "Grandmother’s ".repeat(36).take(500)
        val item = fresh.copy(face = fresh.face!!.copy(name = name), price = fresh.price!!.copy(unitPrice = BigDecimal("90000000000")))
        desk.send(Command.PutItems(listOf(item)))
        desk.sell(item.face!!.sku to "1")
        val sheet = desk.wait(ItemModel(desk.seat, desk.scope, item.id) { }.state) { it.ready }
        val goods = desk.wait(ItemsModel(desk.seat, desk.scope).state) { rows -> rows.currency != null && rows.rows.all().any { it.name == name } }
        val receipts = desk.wait(ReceiptsModel(desk.seat, desk.scope).state) { it.rows.count == 1 }
        val today = desk.wait(TodayModel(desk.seat, desk.scope).state) { (it.report?.sales ?: 0u) == 1u }
        assertEquals(9_000_000_000_000L, today.report!!.totalMinor)
        for (frame in listOf(Frames.phone, Frames.large)) {
            picture("item-long", frame) { ItemScreen(sheet, { }) }
            picture("items-long", frame) { ItemsScreen(goods) { } }
            picture("receipts-long", frame) { ReceiptsScreen(receipts) { } }
            picture("today-largest", frame) { TodayScreen(today) { } }
        }
        rule.setContent { Box(Modifier.requiredSize(360.dp, 760.dp)) { Framed(Frames.phone) { ReceiptsScreen(receipts) { } } } }
        rule.audit()
    }

    @Test
    fun aClockInTheYear2099IsShownAsItIs() = Desk().use { desk ->
        val device = TestDevice.found(Setup("Rosa", "DE", utcOffsetMinutes = 60), YEAR_2099_MS)
        val seat = Seat(TillClient(device.till()), desk.scope, Navigator(), desk.device)
        val item = desk.wait { seat.till.ask { freshItem() } }
        val goods = item.copy(face = item.face!!.copy(name = "Quince"), price = item.price!!.copy(unitPrice = BigDecimal("4.50")))
        desk.wait { seat.till.send(Command.PutItems(listOf(goods))) }
        desk.wait { seat.till.sell(listOf(goods.face!!.sku to "1")) }
        val today = desk.wait(TodayModel(seat, desk.scope).state) { (it.report?.sales ?: 0u) == 1u }
        assertEquals("days since 1970", YEAR_2099_MS / 86_400_000, today.report!!.day)
        picture("today-2099", Frames.phone) { TodayScreen(today) { } }
        desk.wait { seat.till.shut() }
    }
}
