package app.barrow.ui.model

import java.math.BigDecimal
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

/** A pad types whole units first: 4 is 4.00. */
class TypedTest {
    private fun typed(keys: String, places: Int = 2) = keys.fold(Typed()) { typed, key -> typed.plus(key, places) }

    @Test
    fun digitsAndOnePoint() {
        assertEquals(400L, typed("4").minor(2u))
        assertEquals(450L, typed("4.5").minor(2u))
        assertEquals(455L, typed("4.55.9").minor(2u))
        assertEquals(5L, typed(".05").minor(2u))
        assertEquals(7L, typed("007").minor(0u))
        assertEquals("12", typed("1.2", places = 0).text)
        assertEquals(BigDecimal("1.234"), typed("1.2345", places = 3).figure)
    }

    @Test
    fun nothingTypedIsNoFigure() {
        assertNull(Typed().minor(2u))
        assertNull(typed("4").back().figure)
        assertEquals(4L, typed("4.").minor(0u))
    }

    @Test
    fun thirteenDigitsAreTheMost() = assertEquals(13, typed("1".repeat(40)).text.length)
}
