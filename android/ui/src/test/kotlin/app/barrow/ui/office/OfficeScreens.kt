package app.barrow.ui.office

import androidx.compose.runtime.Composable
import app.barrow.core.CashCount
import app.barrow.core.Command
import app.barrow.core.FaultKind
import app.barrow.core.ImportReport
import app.barrow.core.Rescued
import app.barrow.core.TillException
import app.barrow.core.View
import app.barrow.core.countries
import app.barrow.ui.app.PickedFile
import app.barrow.ui.look.Look
import app.barrow.ui.model.*
import app.barrow.ui.picture.Frame
import app.barrow.ui.picture.Frames
import app.barrow.ui.screen.*
import app.barrow.ui.words.Languages
import java.math.BigDecimal

/** One screen in one state: what pictures and audits are made of. [strip] is false before there is a till. */
class Shown(val name: String, val frames: List<Frame>, val strip: Boolean = true, val screen: @Composable () -> Unit)

/** Settings that every screen is drawn in. */
private val most = listOf(Frames.phone, Frames.dark, Frames.rightToLeft, Frames.large)

/** The settings of Shift: all that there are. */
private val everyOne = Frames.all
private val phone = listOf(Frames.phone)
private val withTablet = most + Frames.tablet

/** Every screen of the office, in the states that a market day brings, over the real core. The cash box is closed at the end. */
fun officeScreens(desk: Desk): List<Shown> {
    desk.send(Command.OpenShift(float = CashCount(amountMinor = 10_000)))
    desk.sell("FR-STRAWB" to "2", "FR-ELSTAR" to "1.234", "DR-JUICEB" to "1", "LA-HONEY" to "1")
    desk.sell("DR-JUICEB" to "2", tender = "Card terminal")
    desk.sell("LA-HONEY" to "3", "FR-STRAWB" to "1")
    return doors() + days(desk) + receipts(desk) + goods(desk) + stock(desk) + devices(desk) + shift(desk) + closing(desk)
}

private fun doors(): List<Shown> {
    val faults = FaultKind.entries.filter { it != FaultKind.OTHER && it != FaultKind.EXISTS }.map { kind ->
        val frames = if (kind == FaultKind.DAMAGED) most else phone
        Shown("cant-open-${kind.name.lowercase().replace('_', '-')}", frames, strip = false) {
            CantOpenScreen(TillException.Unavailable("", kind), RescueState()) { }
        }
    }
    val damaged = TillException.Unavailable("", FaultKind.DAMAGED)
    val saved = Rescued(listOf("items.csv", "taxes.csv", "barcodes.csv", "sales.csv", "sale-lines.csv"), listOf("items.csv"))
    val backup = PickedFile("barrow-2026-04-25-180301.barrow-backup", "", ByteArray(0))
    val typed = RescueState(backup = backup, passphrase = "three words of mine")
    val rescues = listOf(
        Shown("cant-open-saved", most, strip = false) { CantOpenScreen(damaged, RescueState(saved = saved)) { } },
        Shown("bring-back", most, strip = false) { CantOpenScreen(damaged, typed) { } },
        Shown("bring-back-working", phone, strip = false) {
            CantOpenScreen(damaged, typed.copy(work = RescueWork.Restore, progress = app.barrow.core.Progress(7u, 32u))) { }
        },
    )
    val places = Languages.associateWith(::countries)
    val welcome = Shown("welcome", withTablet, strip = false) {
        val language = Look.words.language
        val choices = places.getValue(language)
        WelcomeScreen(WelcomeState(choices, "DE", language), busy = false, trouble = null) { }
    }
    val place = Shown("welcome-place", most, strip = false) {
        val language = Look.words.language
        val choices = places.getValue(language)
        WelcomeScreen(WelcomeState(choices, "DE", language, choosing = true), busy = false, trouble = null) { }
    }
    return listOf(welcome, place) + faults + rescues
}

private fun days(desk: Desk): List<Shown> {
    val menu = desk.wait(MenuModel(desk.seat, desk.scope).state) { it.opening != null }
    val today = desk.wait(TodayModel(desk.seat, desk.scope).state) { (it.report?.sales ?: 0u) >= 3u }
    val toDo = desk.wait(ToDoModel(desk.seat, desk.scope).state) { it.rows.complete }
    val setUp = desk.wait(SetUpModel(desk.seat, desk.scope, desk.keeper).state) { it.view != null && it.taxes.isNotEmpty() }
    return listOf(
        Shown("menu", withTablet + Frames.sunlight) { MenuScreen(menu, Settings(), { }) { } },
        Shown("today", withTablet) { TodayScreen(today) { } },
        Shown("to-do", most) { ToDoScreen(toDo) { } },
        Shown("set-up", most) { SetUpScreen(setUp) { } },
        Shown("help", most) { HelpScreen(null) { } },
    )
}

private fun receipts(desk: Desk): List<Shown> {
    val state = desk.wait(ReceiptsModel(desk.seat, desk.scope).state) { it.rows.count >= 3 }
    val sale = state.rows[2]!!.id
    val receipt = desk.wait(ReceiptModel(desk.seat, desk.scope, sale).state) { it.done != null }
    val search = ReceiptsModel(desk.seat, desk.scope).run {
        on(ReceiptsEvent.Search("A-2"))
        desk.wait(this.state) { it.found != null }
    }
    val refund = RefundModel(desk.seat, desk.scope, sale) { _, _, _ -> }
    val line = desk.wait(refund.state) { it.lines.isNotEmpty() }.lines.first()
    refund.on(RefundEvent.Back(line.line, BigDecimal.ONE))
    val chosen = refund.state.value
    return listOf(
        Shown("receipts", most) { ReceiptsScreen(state) { } },
        Shown("receipts-found", phone) { ReceiptsScreen(search) { } },
        Shown("receipts-none", phone) { ReceiptsScreen(ReceiptsState(search = "A-99")) { } },
        Shown("receipts-empty", phone) { ReceiptsScreen(ReceiptsState(rows = Rows(0, complete = true))) { } },
        Shown("receipts", listOf(Frames.tablet)) { ListAndDetail({ ReceiptsScreen(state) { } }) { ReceiptScreen(receipt, { }, onBack = null) } },
        Shown("receipt", most) { ReceiptScreen(receipt, { }) },
        Shown("refund", most) { RefundScreen(chosen) { } },
        Shown("refund-ask", most) { RefundScreen(chosen.copy(asking = true)) { } },
    )
}

private fun goods(desk: Desk): List<Shown> {
    val state = desk.wait(ItemsModel(desk.seat, desk.scope).state) { it.rows.count > 10 && it.currency != null }
    val honey = state.rows.all().first { it.sku == "LA-HONEY" }.item
    val item = desk.wait(ItemModel(desk.seat, desk.scope, honey) { }.state) { it.ready }
    val fresh = desk.wait(ItemModel(desk.seat, desk.scope, null) { }.state) { it.ready }
    val prices = PricesModel(desk.seat, desk.scope)
    val rows = desk.wait(prices.state) { it.rows.count > 5 && it.currency != null }.rows
    prices.on(PricesEvent.Choose(rows.all().first { it.sku == "FR-ELSTAR" }))
    prices.on(PricesEvent.Type(Typed("3.29")))
    val typed = prices.state.value
    return listOf(
        Shown("items", most) { ItemsScreen(state) { } },
        Shown("items-empty", phone) { ItemsScreen(ItemsState(rows = Rows(0, complete = true))) { } },
        Shown("items", listOf(Frames.tablet)) { ListAndDetail({ ItemsScreen(state) { } }) { ItemScreen(item, { }, onBack = null) } },
        Shown("item", most) { ItemScreen(item, { }) },
        Shown("item-new", phone) { ItemScreen(fresh.copy(name = "Quince", price = "4.50"), { }) },
        Shown("item-wrong", phone) { ItemScreen(fresh.copy(name = "Quince", price = "a lot"), { }) },
        Shown("todays-prices", most) { TodaysPricesScreen(typed) { } },
    )
}

private fun stock(desk: Desk): List<Shown> {
    val state = desk.wait(StockModel(desk.seat, desk.scope).state) { it.rows.count > 10 && it.place.isNotEmpty() }
    val model = StockItemModel(desk.seat, desk.scope, state.rows[0]!!.item) { }
    desk.wait(model.state) { it.sheet != null }
    model.on(StockItemEvent.Type(Typed("12")))
    val typed = model.state.value
    return listOf(
        Shown("stock", most) { StockScreen(state) { } },
        Shown("stock", listOf(Frames.tablet)) { ListAndDetail({ StockScreen(state) { } }) { StockItemScreen(typed, { }, onBack = null) } },
        Shown("stock-empty", phone) { StockScreen(StockState(Rows(0, complete = true), lowOnly = true)) { } },
        Shown("stock-item", most) { StockItemScreen(typed, { }) },
        Shown("stock-waste", phone) { StockItemScreen(typed.copy(act = StockAct.Waste), { }) },
    )
}

private fun devices(desk: Desk): List<Shown> {
    val model = DevicesModel(desk.seat, desk.scope)
    val plain = desk.wait(model.state) { it.status != null }
    model.on(DevicesEvent.Verify)
    val checked = desk.wait(model.state) { it.verified != null && it.work == null }
    desk.device.file = PickedFile("goods.csv", "goods.csv", MIXED_GOODS.toByteArray())
    model.on(DevicesEvent.Pick)
    val tried = desk.wait(model.state) { it.import != null && it.work == null }
    val bad = ImportReport(rows = 1u, added = 0u, changed = 0u, unchanged = 0u, problemCount = 1u, problems = tried.import!!.problems.take(1), loaded = false)
    return listOf(
        Shown("devices", most) { DevicesScreen(plain) { } },
        Shown("devices-checked", phone) { DevicesScreen(checked) { } },
        Shown("devices-working", phone) { DevicesScreen(plain.copy(work = Work.Verify, progress = app.barrow.core.Progress(7u, 32u))) { } },
        Shown("backup", most) { DevicesScreen(plain.copy(passphrase = "three words of mine")) { } },
        Shown("backup-short", phone) { DevicesScreen(plain.copy(passphrase = "short")) { } },
        Shown("import", most) { DevicesScreen(tried) { } },
        Shown("import-nothing", phone) { DevicesScreen(tried.copy(import = bad)) { } },
    )
}

/** Two rows that are right and two that are not. */
const val MIXED_GOODS = "sku,name,price\nA-1,Apple,1.20\nA-2,Pear,abc\nA-3,,2.00\nA-4,Plum,0.80\n"

private fun shift(desk: Desk): List<Shown> {
    val model = ShiftModel(desk.seat, desk.scope, desk.keeper.now)
    val state = desk.wait(model.state) { it.shift != null }
    val paying = state.copy(move = CashMove.Out, typed = Typed("15"), reason = "Pitch fee")
    return listOf(
        Shown("shift", everyOne) { ShiftScreen(state) { } },
        Shown("shift-seen", phone) { ShiftScreen(state.copy(blind = false)) { } },
        Shown("pay-out", most) { ShiftScreen(paying) { } },
        Shown("pay-out-ask", most) { ShiftScreen(paying.copy(asking = true)) { } },
    )
}

private fun closing(desk: Desk): List<Shown> {
    val model = CloseShiftModel(desk.seat, desk.scope, Settings())
    desk.wait(model.state) { it.sum != null && it.currency != null }
    for ((value, count) in listOf(5000L to "1", 2000L to "3", 1000L to "4", 500L to "1", 100L to "12", 50L to "3", 1L to "5")) {
        model.on(CloseShiftEvent.Choose(value))
        for (digit in count) model.on(CloseShiftEvent.Digit(digit))
    }
    val asking = CloseShiftState(model.state.value.currency, values = model.state.value.values, chosen = 20_000L, sum = null, asking = true)
    val counting = desk.wait(model.state) { it.sum?.rows?.last() == 5L }
    model.on(CloseShiftEvent.Counted)
    val counted = model.state.value
    val report = (desk.send(Command.CloseShift(CashCount(amountMinor = 16_855), blind = true)).view as View.Closed).v1
    val closed = desk.wait(ClosedModel(desk.seat, desk.scope, report.shift).state) { it.report != null }
    val closings = desk.wait(ClosingsModel(desk.seat, desk.scope).state) { it.rows.complete && it.rows.count == 1 }
    val day = desk.wait(WhereTodayModel(desk.seat, desk.scope).state) { it.opening != null }
    val menu = desk.wait(MenuModel(desk.seat, desk.scope).state) { it.opening?.shiftOpen == false }
    val shut = desk.wait(ShiftModel(desk.seat, desk.scope, desk.keeper.now).state) { it.opening != null }
    return listOf(
        Shown("count", everyOne) { CloseShiftScreen(counting) { } },
        Shown("count-ask", most) { CloseShiftScreen(asking) { } },
        Shown("counted", everyOne) { CloseShiftScreen(counted) { } },
        Shown("closed", everyOne) { ClosedScreen(closed) { } },
        Shown("closings", most) { ClosingsScreen(closings) { } },
        Shown("closings-empty", phone) { ClosingsScreen(ClosingsState(Rows(0, complete = true))) { } },
        Shown("where-today", most) { WhereTodayScreen(day) { } },
        Shown("menu-closed", phone) { MenuScreen(menu, Settings(rain = true), { }) { } },
        Shown("shift-empty", most) { ShiftScreen(shut) { } },
    )
}
