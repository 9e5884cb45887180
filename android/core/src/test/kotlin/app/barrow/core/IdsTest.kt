package app.barrow.core

import java.util.UUID
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class IdsTest {
    @Test
    fun anIdBearsTimeCountVersionAndVariant() {
        val id = timeOrderedId(0x018F_0000_0001L shl 12 or 0x0abL, -1)
        assertEquals(UUID.fromString("018f0000-0001-70ab-bfff-ffffffffffff"), id)
        assertEquals(7, id.version())
        assertEquals(2, id.variant())
    }

    @Test
    fun idsSortByTheirMaking() {
        val ids = List(50_000) { timeOrderedId() }
        assertEquals(ids.map { it.toString() }.sorted(), ids.map { it.toString() })
        assertEquals(ids.size, ids.toSet().size)
        assertTrue(ids.all { it.version() == 7 })
    }
}
