package app.barrow.ui.model

import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** A long list holds what is around the screen and nothing else, however far it is scrolled. */
class PagesTest {
    private var numbers = (1..10_000).toList()
    private var reads = 0
    private val pages = Pages<Int, Int> { after ->
        reads++
        val rows = numbers.filter { it > (after ?: 0) }.take(PAGE_ROWS)
        Page(rows, rows.lastOrNull()?.takeIf { rows.size == PAGE_ROWS })
    }

    private val rows get() = pages.rows.value

    @Test
    fun scrollingToTheEndKeepsFewRows() = runBlocking {
        var place = 0
        while (!rows.complete) {
            pages.want(place, place + 12)
            pages.show()
            assertEquals(place + 1, rows[place])
            assertTrue("${rows.held} rows are held", rows.held <= 4 * PAGE_ROWS)
            place = minOf(place + 30, rows.count - 1)
        }
        assertEquals(10_000, rows.count)
        assertNull("the first page was let go", rows[0])
        pages.want(0, 12)
        pages.show()
        assertEquals(1, rows[0])
    }

    @Test
    fun aJumpReadsEachPageOnTheWayOnce() = runBlocking {
        pages.want(0, 10)
        pages.show()
        val before = reads
        pages.want(5_000, 5_010)
        pages.show()
        assertEquals(5_001, rows[5_000])
        assertTrue("${reads - before} reads", reads - before <= 5_000 / PAGE_ROWS + 3)
    }

    @Test
    fun whatChangedIsReadAgainWhereOneIs() = runBlocking {
        pages.want(200, 212)
        pages.show()
        numbers = numbers - 5
        pages.again()
        assertEquals(202, rows[200])
    }

    @Test
    fun aLookThatComesLateReadsWhereOneIsNow() = runBlocking {
        pages.want(0, 12)
        pages.want(300, 312)
        pages.show()
        pages.show()
        assertEquals(301, rows[300])
    }

    @Test
    fun anEmptyListIsComplete() = runBlocking {
        numbers = emptyList()
        pages.again()
        assertTrue(rows.complete)
        assertEquals(0, rows.count)
    }
}
