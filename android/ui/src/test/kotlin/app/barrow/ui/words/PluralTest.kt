package app.barrow.ui.words

import org.junit.Assert.assertEquals
import org.junit.Test

/** The forms that CLDR's plural rules give for whole numbers. */
class PluralTest {
    @Test
    fun english() = forms("en", "other one other other other", 0, 1, 2, 11, 1_000_000)

    @Test
    fun german() = forms("de", "other one other", 0, 1, 1_000_000)

    @Test
    fun french() = forms("fr", "one one other many many other", 0, 1, 2, 1_000_000, 2_000_000, 1_000_001)

    @Test
    fun spanish() = forms("es", "other one other many", 0, 1, 2, 1_000_000)

    @Test
    fun arabic() = forms("ar", "zero one two few few many many other other other few many", 0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111)

    @Test
    fun negativeNumbersCountLikePositiveOnes() = forms("en", "one other", -1, -2)

    private fun forms(language: String, expected: String, vararg numbers: Long) =
        assertEquals(expected, numbers.joinToString(" ") { pluralForm(language, it) })

    private fun forms(language: String, expected: String, vararg numbers: Int) = forms(language, expected, *numbers.map { it.toLong() }.toLongArray())
}
