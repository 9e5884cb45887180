package app.barrow.core

import java.io.File
import java.util.UUID
import kotlin.reflect.KClass
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** Every way in which a till says no reaches Kotlin with its fields. */
class ErrorTest {
    @get:Rule
    val folder = TemporaryFolder()

    private fun rejection(command: suspend Till.() -> Command): Rejection = runBlocking {
        val till = foundStall(folder.root)
        try {
            till.send(till.command())
            error("it was done")
        } catch (fault: TillException.Rejected) {
            fault.rejection
        } finally {
            till.shut(5_000uL)
        }
    }

    @Test
    fun unknown() {
        val item = UUID(9, 9)
        val rejection = rejection { add(timeOrderedId(), item) } as Rejection.Unknown
        assertEquals(item.toString(), rejection.value)
        assertTrue(rejection.field.isNotEmpty())
    }

    @Test
    fun closed() {
        val cart = timeOrderedId()
        val rejection = rejection {
            send(add(cart, pieces().first().item))
            send(Command.VoidCart(cart = cart))
            add(cart, pieces().first().item)
        }
        assertEquals(Rejection.Closed(field = "cart", value = cart.toString()), rejection)
    }

    @Test
    fun missing() {
        val rejection = rejection { Command.PayOut(amountMinor = 100, reason = "") } as Rejection.Missing
        assertEquals("reason", rejection.field)
        assertTrue(rejection.why.isNotEmpty())
    }

    @Test
    fun tooLong() {
        val rejection = rejection { Command.PayOut(amountMinor = 100, reason = "x".repeat(5_000)) } as Rejection.TooLong
        assertEquals("reason", rejection.field)
        assertTrue(rejection.limit in 1u..4_999u)
    }

    @Test
    fun outOfRange() {
        val rejection = rejection { Command.PayIn(amountMinor = -5, reason = "change") } as Rejection.OutOfRange
        assertEquals("amount_minor", rejection.field)
        assertEquals("-5", rejection.value)
        assertTrue(rejection.allowed.isNotEmpty())
    }

    @Test
    fun taken() {
        val rejection = rejection {
            val currency = shop().shop.currency
            val one = goods(1, currency)
            send(Command.PutItems(items = listOf(one)))
            Command.PutItems(items = listOf(one.copy(id = UUID(1, 2))))
        } as Rejection.Taken
        assertEquals("SKU-1", rejection.value)
        assertTrue(rejection.by.isNotEmpty())
    }

    @Test
    fun needsApproval() {
        val rejection = rejection {
            val (debit, credit) = ledgerPair()
            Command.Adjust(debit = debit, credit = credit, amountMinor = 100, approval = null)
        } as Rejection.NeedsApproval
        assertTrue(rejection.act.isNotEmpty())
    }

    @Test
    fun notNow() {
        val rejection = rejection { Command.CloseShift(counted = CashCount(amountMinor = 0)) }
        assertTrue("$rejection", rejection is Rejection.NotNow || rejection is Rejection.Unknown)
    }

    @Test
    fun aStoreThatCantBeReadIsUnavailable() {
        runBlocking { foundStall(folder.root).also { it.shut(5_000uL) } }
        // The write-ahead log holds the newest pages, so a damaged database alone would be mended from it.
        for (name in listOf("barrow.db", "barrow.db-wal")) File(folder.root, "shop/$name").writeBytes(ByteArray(8_192) { 7 })
        expect(TillException.Unavailable::class) { openStall(folder.root) }
    }

    @Test
    fun aFolderThatCantBeMadeIsToldInASentence() {
        File(folder.root, "shop").writeText("a file stands where the folder should be")
        val fault = runCatching { runBlocking { foundStall(folder.root) } }.exceptionOrNull()
        assertTrue("$fault", fault is TillException.Unavailable || fault is TillException.Device)
    }

    private fun expect(kind: KClass<out TillException>, act: suspend () -> Unit) {
        val fault = runCatching { runBlocking { act() } }.exceptionOrNull()
        assertTrue("$fault", kind.isInstance(fault))
    }

    private fun ledgerPair() = Account.CashBox(UUID(0, 1)) to Account.Safe
}
