package app.barrow.core

import java.util.UUID
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** Commands and changes on their way between Kotlin and Rust. */
class HandOverTest {
    @get:Rule
    val folder = TemporaryFolder()
    private lateinit var till: TillClient
    private lateinit var goods: List<Tile>

    @Before
    fun open() = runBlocking<Unit> {
        till = TillClient(foundStall(folder.root))
        goods = till.ask { pieces() }
    }

    @After
    fun shut() = runBlocking<Unit> { till.shut() }

    @Test
    fun aSenderWhoLeavesLosesNothing() = runBlocking<Unit> {
        val cart = till.newId()
        val taps = 60
        val leavers = List(taps) { n ->
            // Each leaves at another moment: before the hand-over, in it, after it.
            launch(Dispatchers.Default, start = CoroutineStart.ATOMIC) { till.send(add(cart, goods[0].item), UUID(7, n.toLong())) }
                .also { if (n % 3 == 1) delay(1) else if (n % 3 == 2) Thread.sleep(0, 100_000) }
                .also { it.cancel() }
        }
        leavers.forEach { it.join() }
        // Whoever asks again under the same id gets the first outcome: nothing is lost, nothing is done twice.
        repeat(taps) { n -> till.send(add(cart, goods[0].item), UUID(7, n.toLong())) }
        val view = checkNotNull(till.ask { cart(cart, 0u) })
        assertEquals(taps.toBigDecimal(), view.lines.single().quantity.stripTrailingZeros().let { it.setScale(maxOf(0, it.scale())) })
    }

    @Test
    fun aReaderWhoLeavesHinderesNobody() = runBlocking<Unit> {
        repeat(20) {
            val reader = launch(Dispatchers.Default) { till.changes().toList() }
            delay(2)
            reader.cancelAndJoin()
        }
        val next = async(Dispatchers.Default) { till.changes(Topic.CARTS).first { it.revision > 0uL } }
        till.send(add(till.newId(), goods[0].item))
        withTimeout(2_000) { next.await() }
    }

    @Test
    fun twoReadersBothSeeEverything() = runBlocking<Unit> {
        val cart = till.newId()
        val seen = List(2) { MutableStateFlow(emptyList<Changes>()) }
        val readers = seen.mapIndexed { n, list ->
            // One of them is slow: what came meanwhile reaches it as one.
            launch(Dispatchers.Default) { till.changes().collect { list.value += it; delay(n * 5L) } }
        }
        repeat(40) { till.send(add(cart, goods[0].item)) }
        val end = till.send(Command.VoidCart(cart = cart, reason = "enough")).revision
        for (list in seen) {
            val all = withTimeout(5_000) { list.first { it.isNotEmpty() && it.last().revision >= end } }
            assertEquals("revisions only grow", all.map { it.revision }.sorted().distinct(), all.map { it.revision })
            assertTrue(all.all { it.topics.isNotEmpty() } && all.any { Topic.CARTS in it.topics })
        }
        readers.forEach { it.cancel() }
    }

    @Test
    fun aReaderOfAnOpenedTillIsToldAtOnce() = runBlocking<Unit> {
        till.shut()
        till = TillClient(openStall(folder.root))
        val first = withTimeout(1_000) { till.changes(Topic.CATALOGUE).first() }
        assertEquals(Topic.entries, first.topics)
    }

    @Test
    fun topicsAreKeptApart() = runBlocking<Unit> {
        val currency = till.ask { shop().shop.currency }
        val told = async(Dispatchers.Default) { till.changes(Topic.CATALOGUE).take(2).toList() }
        repeat(5) { till.send(add(till.newId(), goods[0].item)) }
        till.send(Command.PutItems(items = listOf(goods(1, currency))))
        withTimeout(2_000) { told.await() }.forEach { assertTrue("$it", Topic.CATALOGUE in it.topics) }
    }
}
