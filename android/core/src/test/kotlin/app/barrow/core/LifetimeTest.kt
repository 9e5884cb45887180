package app.barrow.core

import java.io.File
import kotlin.system.measureTimeMillis
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** A till from its opening to its end. Milliseconds. */
class LifetimeTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun shuttingTwiceIsFine() = runBlocking {
        val till = TillClient(foundStall(folder.root))
        till.shut()
        till.shut()
    }

    @Test
    fun everyCallOfAClosedTillSaysSo() {
        val till = runBlocking { foundStall(folder.root).also { it.shut(5_000uL) } }
        val calls = listOf<suspend () -> Unit>(
            { till.send(add(timeOrderedId(), timeOrderedId())) },
            { till.pages("", 1u) },
            { till.shift() },
            { till.status() },
            { till.flush() },
        )
        for (call in calls) assertThrows(TillException.Closed::class.java) { runBlocking { call() } }
    }

    @Test
    fun aTillThatShutsLetsEveryReaderGo() = runBlocking {
        val till = TillClient(foundStall(folder.root))
        val readers = List(3) { async(Dispatchers.Default) { till.changes().toList() } }
        till.changes().first()
        till.shut()
        withTimeout(2_000) { readers.forEach { assertTrue(it.await().isNotEmpty()) } }
    }

    @Test
    fun shuttingIsBoundedWhileWorkRuns() = runBlocking {
        val till = TillClient(foundStall(folder.root))
        val item = till.ask { pieces().first().item }
        val work = launch(Dispatchers.Default) {
            runCatching { while (true) till.send(add(till.newId(), item)) }
        }
        val took = measureTimeMillis { till.shut() }
        work.join()
        assertTrue("shutting took $took ms", took < 6_000)
    }

    @Test
    fun whatWasTappedBeforeTheEndIsThereAfterIt() = runBlocking {
        val cart = timeOrderedId()
        val first = foundStall(folder.root)
        first.send(add(cart, first.pieces().first().item))
        first.shut(5_000uL)
        first.close()
        val second = openStall(folder.root)
        assertEquals(1u, checkNotNull(second.cart(cart, 0u)).lineCount)
        second.shut(5_000uL)
    }

    @Test
    fun aTillThatIsGivenUpFreesItsFolder() = runBlocking {
        foundStall(folder.root).use { it.flush() }
        // Its threads end behind the caller's back: the folder is free soon, not at once.
        val again = withTimeout(10_000) {
            var till: Till? = null
            while (till == null) till = runCatching { openStall(folder.root) }.getOrNull() ?: null.also { delay(50) }
            till
        }
        again.shut(5_000uL)
    }

    @Test
    fun oneStoreIsOpenOnce() = runBlocking {
        val till = foundStall(folder.root)
        val fault = runCatching { openStall(folder.root) }.exceptionOrNull()
        assertTrue("$fault", fault is TillException.Unavailable || fault is TillException.Device)
        assertTrue(checkNotNull(fault).toString(), "Another Barrow is open" in fault.toString())
        till.shut(5_000uL)
        openStall(folder.root).shut(5_000uL)
    }

    @Test
    fun aFolderWithoutATillSaysSo() {
        assertEquals(false, hasTill(File(folder.root, "shop").path))
        val fault = runCatching { runBlocking { openStall(folder.root) } }.exceptionOrNull()
        assertTrue("$fault", fault is TillException)
    }

    @Test
    fun aPanicNeverCrosses() = runBlocking {
        val till = foundStall(folder.root)
        val fault = runCatching { till.meetABug() }.exceptionOrNull()
        assertTrue("$fault", fault is TillException.Unavailable)
        assertTrue("the till goes on", till.pieces().isNotEmpty())
        till.shut(5_000uL)
    }
}
