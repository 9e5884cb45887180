package app.barrow.ui.app

import kotlin.random.Random
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class WedgeTest {
    private val codes = mutableListOf<String>()
    private val wedge = Wedge { codes += it }
    private var field = ""
    private var nowMs = 1_000L

    private fun type(text: String, gapMs: Long) = text.forEach { sign ->
        nowMs += gapMs
        wedge.signed(sign, nowMs) { field.let { before -> { field = before } } }
        field += sign
    }

    private fun enter(gapMs: Long): Boolean {
        nowMs += gapMs
        return wedge.ended(nowMs)
    }

    @Test
    fun `a scanner is heard and what it typed is taken back`() {
        type("app", 120)
        nowMs += 500
        type("2710000000013", 4)
        assertTrue(enter(4))
        assertEquals(listOf("2710000000013"), codes)
        assertEquals("app", field)
    }

    @Test
    fun `a person who types is left alone`() {
        type("honey", 90)
        assertFalse(enter(90))
        assertEquals("honey", field)
        type("400638", 70)
        assertFalse(enter(200))
        assertTrue(codes.isEmpty())
    }

    @Test
    fun `fifty codes in one burst come apart and complete`() {
        val random = Random(4)
        val sent = List(50) { List(random.nextInt(4, 20)) { random.nextInt(10) }.joinToString("") }
        for (code in sent) {
            type(code, random.nextLong(1, 30))
            assertTrue(code, enter(random.nextLong(1, 30)))
        }
        assertEquals(sent, codes)
        assertEquals("", field)
    }

    @Test
    fun `a person who types just before a scan does not glue to it`() {
        type("ap", 100)
        nowMs += 70
        type("4006381333931", 8)
        assertTrue(enter(8))
        assertEquals(listOf("4006381333931"), codes)
        assertEquals("ap", field)
    }

    @Test
    fun `a cat on the keyboard is no code`() {
        type("x".repeat(900), 5)
        assertFalse(enter(5))
        assertTrue(codes.isEmpty())
    }
}
