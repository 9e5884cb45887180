package app.barrow.ui.sell

import androidx.compose.ui.InternalComposeUiApi
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEvent
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performKeyPress
import androidx.compose.ui.test.performTextInput
import app.barrow.ui.model.Settings
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Before
import org.junit.Rule
import org.junit.Test

/** Keyboard and scanner wedge, wherever the focus is. */
@OptIn(InternalComposeUiApi::class)
class KeysTest {
    @get:Rule
    val rule = createComposeRule()

    private lateinit var stall: Stall
    private lateinit var hand: Hand
    private var nowMs = 0L
    private var gapMs = 5L

    @Before
    fun open() {
        stall = Stall(settings = Settings(reducedMotion = true))
        stall.device.keyTimes = { nowMs.also { nowMs += gapMs } }
        hand = Hand(rule, stall).apply { show() }
        hand.read("Apples")
    }

    @After
    fun close() = stall.close()

    private fun press(key: Key, sign: Int = 0) {
        rule.onRoot().performKeyPress(KeyEvent(key, KeyEventType.KeyDown, sign))
        rule.onRoot().performKeyPress(KeyEvent(key, KeyEventType.KeyUp, sign))
    }

    private fun type(text: String) = text.forEach { press(Key(it.uppercaseChar().code.toLong()), it.code) }

    private fun scan(code: String) {
        type(code)
        press(Key.Enter, '\n'.code)
        nowMs += 200
    }

    private fun inCart() = stall.selling.cart.state.value.view?.pieceCount?.toInt() ?: 0

    private fun awaitPieces(pieces: Int) = hand.waitFor("$pieces pieces, there are ${inCart()}") { inCart() == pieces }

    @Test
    fun `fifty codes in a burst all arrive, none glued or dropped`() {
        val codes = listOf("2710000000105", "2710000000051", "2710000000242", "2710000000204", "2710000000150")
        repeat(10) { codes.forEach(::scan) }
        awaitPieces(50)
        assertEquals(5u, stall.selling.cart.state.value.view!!.lineCount)
        assertNull(stall.seat.notice.value)
    }

    @Test
    fun `a scan on Charge and on the price pad is heard and types nothing`() {
        scan("2710000000105")
        awaitPieces(1)
        hand.touch("Charge")
        hand.read("To pay")
        scan("2710000000105")
        awaitPieces(2)
        hand.read("To pay, 2 items")
        press(Key.Escape)
        hand.touch("Price")
        hand.read("What does it cost")
        scan("2710000000105")
        awaitPieces(3)
    }

    @Test
    fun `a scan while searching leaves what was typed, and what a person types is not eaten`() {
        hand.touch("Search")
        rule.onNode(hasSetTextAction()).performTextInput("pota")
        hand.waitFor("results") { stall.selling.sell.state.value.found.isNotEmpty() }
        scan("2710000000105")
        awaitPieces(1)
        assertEquals("pota", stall.selling.sell.state.value.search)
    }

    @Test
    fun `an unknown code says so and offers a price`() {
        scan("4006381333931")
        hand.read("No goods here have the code 4006381333931")
        hand.touch("Type a price")
        hand.read("What does it cost")
    }

    @Test
    fun `a whole sale with the keyboard alone`() {
        gapMs = 120
        type("lem")
        hand.waitFor("results") { stall.selling.sell.state.value.found.firstOrNull()?.sku == "FR-LEMON" }
        press(Key.Enter, '\n'.code)
        awaitPieces(1)
        press(Key.Enter, '\n'.code)
        hand.read("To pay")
        type("5")
        hand.read("back 4.40")
        press(Key.Enter, '\n'.code)
        hand.waitFor("the sale") { stall.selling.cart.state.value.done?.changeMinor == 440L }
        press(Key.Escape)
        hand.waitFor("the sheet to go") { stall.selling.cart.state.value.done == null }
    }
}
