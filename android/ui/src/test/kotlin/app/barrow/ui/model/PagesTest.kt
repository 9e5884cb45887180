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
            pages.show(place, place + 12)
            assertEquals(place + 1, rows[place])
            assertTrue("${rows.held} rows are held", rows.held <= 4 * PAGE_ROWS)
            place = minOf(place + 30, rows.count - 1)
        }
        assertEquals(10_000, rows.count)
        assertNull("the first page was let go", rows[0])
        pages.show(0, 12)
        assertEquals(1, rows[0])
    }

    @Test
    fun aJumpReadsEachPageOnTheWayOnce() = runBlocking {
        pages.show(0, 10)
        val before = reads
        pages.show(5_000, 5_010)
        assertEquals(5_001, rows[5_000])
        assertTrue("${reads - before} reads", reads - before <= 5_000 / PAGE_ROWS + 3)
    }

    @Test
    fun whatChangedIsReadAgainWhereOneIs() = runBlocking {
        pages.show(200, 212)
        numbers = numbers - 5
        pages.again()
        assertEquals(202, rows[200])
    }

    @Test
    fun anEmptyListIsComplete() = runBlocking {
        numbers = emptyList()
        pages.again()
        assertTrue(rows.complete)
        assertEquals(0, rows.count)
    }
}
