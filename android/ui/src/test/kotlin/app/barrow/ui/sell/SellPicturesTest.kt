package app.barrow.ui.sell

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.barrow.core.Command
import app.barrow.core.FaultKind
import app.barrow.core.ItemDraft
import app.barrow.core.ItemRef
import app.barrow.core.LineDraft
import app.barrow.core.Setup
import app.barrow.core.TillException
import app.barrow.ui.app.Notice
import app.barrow.ui.app.Route
import app.barrow.ui.app.TillScreens
import app.barrow.ui.model.CartSheet
import app.barrow.ui.model.ChargePad
import app.barrow.ui.model.ChargeModel
import app.barrow.ui.model.ChargeState
import app.barrow.ui.model.Fix
import app.barrow.ui.model.LinesState
import app.barrow.ui.model.ParkedState
import app.barrow.ui.model.PricePadModel
import app.barrow.ui.model.Settings
import app.barrow.ui.model.Typed
import app.barrow.ui.model.WeighModel
import app.barrow.ui.picture.Frame
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.picture
import app.barrow.ui.picture.pictureFolder
import app.barrow.ui.screen.CartScreen
import app.barrow.ui.screen.ChargeEvent
import app.barrow.ui.screen.ChargeScreen
import app.barrow.ui.screen.DoneEvent
import app.barrow.ui.screen.ParkedScreen
import app.barrow.ui.screen.PricePadEvent
import app.barrow.ui.screen.PricePadScreen
import app.barrow.ui.screen.SellEvent
import app.barrow.ui.screen.StatusStrip
import app.barrow.ui.screen.WeighEvent
import app.barrow.ui.screen.WeighScreen
import java.math.BigDecimal
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import org.junit.AfterClass
import org.junit.Test

/**
 * Pictures of the selling screens over the real core. With -Dbarrow.pictures every screen is drawn in every setting and
 * kept; otherwise in the three that differ most, to see that no text is cut.
 */
class SellPicturesTest {
    private val every = if (pictureFolder == null) listOf(Frames.phone, Frames.rightToLeft, Frames.large) else Frames.all
    private val main = every.filter { it in listOf(Frames.phone, Frames.dark, Frames.rightToLeft, Frames.large) }
    private val one = listOf(Frames.phone)

    private fun shots(name: String, frames: List<Frame>, stall: Stall = filled) =
        frames.forEach { picture(name, it, settle = 30, pauseMs = 6) { TillScreens(stall.selling, stall.shop) { } } }

    /** A screen in a state that a person typed, under the strip. */
    private fun drawn(name: String, frames: List<Frame>, stall: Stall = filled, screen: @Composable () -> Unit) = frames.forEach {
        picture(name, it) {
            Column {
                StatusStrip(stall.selling, stall.shop)
                Box(Modifier.weight(1f)) { screen() }
            }
        }
    }

    private fun at(route: Route, stall: Stall = filled, draw: () -> Unit) {
        stall.seat.go.go(route)
        draw()
        stall.seat.go.home()
    }

    private fun <T> Stall.until(state: StateFlow<T>, holds: (T) -> Boolean): T = wait { state.first(holds) }

    private fun with(stall: Stall, draw: (Stall) -> Unit) = stall.use(draw)

    @Test
    fun sell() = shots("sell", every)

    @Test
    fun sellOpensItsSheets() {
        val sell = filled.selling.sell
        sell.on(SellEvent.Menu(filled.goods("FR-BANANA")))
        shots("sell-menu", main)
        sell.on(SellEvent.PriceTyped(Typed("1.99")))
        shots("sell-price", one)
        sell.on(SellEvent.CloseMenu)
        sell.on(SellEvent.Press(filled.goods("DP-CUP")))
        shots("sell-deposit", main)
        sell.on(SellEvent.CloseMenu)
        sell.on(SellEvent.Search("apple"))
        filled.waitForGoods { it.found.isNotEmpty() }
        shots("sell-search", every.filter { it in main || it == Frames.tablet })
        sell.on(SellEvent.Search("zzz"))
        filled.waitForGoods { it.found.isEmpty() }
        shots("sell-nothing-found", one)
        sell.on(SellEvent.Search(null))
    }

    @Test
    fun sellTellsTrouble() {
        filled.seat.say(Notice(word = "sell.unknown_code", values = listOf("4006381333931"), again = {}, againWord = "sell.type_price"))
        shots("sell-error", main)
        filled.seat.say(Notice.of(TillException.NotSaved("full", FaultKind.FULL), again = {}))
        shots("sell-not-saved", main)
        filled.seat.dismiss()
    }

    @Test
    fun sellWithTheFastBar() = with(Stall(settings = Settings(fastBar = true, leftHand = true))) { stall ->
        stall.fillCart()
        stall.waitForGoods { it.fast != null }
        shots("sell-fast", one, stall)
    }

    @Test
    fun sellWhileNobodyWaits() = with(Stall()) { stall ->
        stall.put(stall.line("FR-LEMON"))
        stall.sell()
        stall.selling.cart.dismissDone()
        stall.wait { stall.selling.status.first { it?.shiftOpen == true } }
        shots("sell-idle", main + every.filter { it == Frames.tablet }, stall)
    }

    @Test
    fun aShopWithoutGoodsTypesPrices() = with(Stall(sample = false)) { shots("sell-empty", main + every.filter { it == Frames.tablet }, it) }

    @Test
    fun weigh() {
        val model = WeighModel(filled.seat, filled.selling.cart, filled.goods("FR-ELSTAR").item)
        filled.until(model.state) { it.sheet != null }
        at(Route.Weigh(filled.goods("FR-ELSTAR").item)) { shots("weigh-empty", one + every.filter { it == Frames.tablet }) }
        model.on(WeighEvent.Type(Typed("1240")))
        val weighed = filled.until(model.state) { it.quote != null }
        drawn("weigh", every.filter { it != Frames.tablet }) { WeighScreen(weighed, canScan = true) { } }
        model.on(WeighEvent.Type(Typed("5")))
        val light = filled.until(model.state) { it.tooLight }
        drawn("weigh-error", one) { WeighScreen(light, canScan = true) { } }
    }

    @Test
    fun price() {
        val model = PricePadModel(filled.seat, filled.selling.cart, filled.goods("GI-BOOK").item, "Any price")
        filled.until(model.state) { it.tile != null }
        model.on(PricePadEvent.Type(Typed("2.5")))
        val typed = filled.until(model.state) { it.quote != null }
        drawn("price", main) { PricePadScreen(typed, filled.selling.cart.state.value) { } }
    }

    @Test
    fun cart() = at(Route.Cart) { shots("cart", every) }

    @Test
    fun cartOpensItsSheets() {
        val cart = filled.selling.cart.state.value
        val line = cart.view!!.lines.first { it.sku == "LA-HONEY" }
        val sheets = mapOf(
            "line" to CartSheet.OfLine(line), "discount" to CartSheet.Discount(null), "haggle" to CartSheet.Haggle(line), "note" to CartSheet.Note(null),
            "park" to CartSheet.Park, "more" to CartSheet.More, "give-up" to CartSheet.GiveUp,
        )
        for ((name, sheet) in sheets) drawn("cart-$name", if (name == "line" || name == "discount") main else one) {
            CartScreen(cart, LinesState(sheet = sheet), pane = false) { }
        }
    }

    @Test
    fun anEmptyCart() = with(Stall()) { at(Route.Cart, it) { shots("cart-empty", one, it) } }

    @Test
    fun charge() = at(Route.Charge) { shots("charge", every) }

    @Test
    fun chargeInOtherWays() {
        val model = ChargeModel(filled.seat, CoroutineScope(Dispatchers.Default), filled.selling.cart)
        val ways = mutableMapOf<String, ChargeState>()
        filled.until(model.state) { it.view != null }
        model.on(ChargeEvent.Split(true))
        ways["split"] = filled.until(model.state) { it.parts.isNotEmpty() }
        model.on(ChargeEvent.Part(744))
        ways["part"] = filled.until(model.state) { it.partMinor == 744L && it.view?.exactMinor == 744L }
        model.on(ChargeEvent.Part(null))
        model.on(ChargeEvent.Pad(ChargePad.Given))
        model.on(ChargeEvent.Type(Typed("40")))
        ways["other-amount"] = filled.until(model.state) { it.given != null }
        for ((name, state) in ways) drawn("charge-$name", if (name == "part") one else main) { ChargeScreen(state) { } }
    }

    @Test
    fun chargeInSwissCash() = with(Stall(setup = Setup("Rosa", "CH", language = "en"), sample = false)) { stall ->
        val found = stall.wait { stall.till.ask { priceItem("Any price") } }
        stall.wait { stall.till.send(Command.PutItems(listOf(found.draft!!))) }
        stall.put(LineDraft(item = ItemRef.Id(found.item), unitPrice = BigDecimal("9.28")))
        at(Route.Charge, stall) { shots("charge-rounded", main, stall) }
    }

    @Test
    fun moneyGoesBack() = with(Stall()) { stall ->
        stall.put(stall.line("DP-CUP", -3))
        at(Route.Charge, stall) { shots("charge-back", main, stall) }
        stall.sell()
        shots("done-refund", one, stall)
    }

    @Test
    fun done() = with(Stall()) { stall ->
        stall.fillCart()
        stall.sell(givenMinor = 3000)
        shots("done", every, stall)
        at(Route.Customer, stall) { shots("customer-paid", main, stall) }
        stall.selling.done.on(DoneEvent.Fix)
        stall.until(stall.selling.done.state) { it.fix is Fix.Ask }
        shots("done-fix", main, stall)
        stall.selling.done.on(DoneEvent.AskUndo)
        shots("done-undo", one, stall)
    }

    @Test
    fun customer() = at(Route.Customer) { shots("customer", main) }

    @Test
    fun parked() = with(Stall()) { stall ->
        drawn("parked-none", one, stall) { ParkedScreen(ParkedState(ready = true)) { } }
        stall.fillCart()
        stall.selling.cart.park("Marta, blue coat")
        stall.wait { stall.selling.cart.state.first { it.view == null } }
        at(Route.Parked, stall) { shots("parked", main, stall) }
    }

    @Test
    fun longNamesAndLargestAmounts() = with(Stall()) { stall ->
        val long = "Hand-picked strawberries from the field behind the old mill, ".repeat(9).take(500).trim()
        val sheet = stall.wait { stall.till.ask { item(stall.goods("FR-STRAWB").item) } }!!
        val dear = sheet.price.copy(unitPrice = BigDecimal("89999999999.99"))
        stall.wait { stall.till.send(Command.PutItems(listOf(ItemDraft(id = sheet.tile.item, face = sheet.face.copy(name = long), price = dear)))) }
        stall.waitForGoods { goods -> goods.tiles["Fruit"]!!.any { it.name == long } }
        stall.put(LineDraft(item = ItemRef.Id(sheet.tile.item)))
        shots("sell-limits", main, stall)
        at(Route.Cart, stall) { shots("cart-limits", main, stall) }
        at(Route.Charge, stall) { shots("charge-limits", main, stall) }
    }

    companion object {
        private val filled by lazy { Stall().apply { fillCart() } }

        @AfterClass
        @JvmStatic
        fun close() = filled.close()
    }
}
