package app.barrow.till

import kotlinx.coroutines.test.runTest
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

/** A permission: told first, asked after, and never nagged for. */
class PermissionTest {
    private class Phone(var allow: Boolean = false, var forGood: Boolean = false) : Permission.Phone {
        val done = mutableListOf<String>()
        var allowed = false

        override fun allowed() = allowed

        override fun wouldAskAgain() = asked && !forGood

        override var asked = false

        override suspend fun ask(): Boolean {
            done += "system"
            allowed = allow
            return allow
        }

        override fun openSettings() {
            done += "settings"
        }
    }

    private suspend fun Phone.get(goOn: Boolean = true) = Permission(this).get {
        done += it.name
        goOn
    }

    @Test
    fun `the reason comes before the system's question`() = runTest {
        val phone = Phone(allow = true)
        assertTrue(phone.get())
        assertEquals(listOf("Reason", "system"), phone.done)
        assertTrue(phone.get())
        assertEquals("allowed is not asked again", 2, phone.done.size)
    }

    @Test
    fun `whoever turns away at the reason is not asked by the system`() = runTest {
        val phone = Phone()
        assertFalse(phone.get(goOn = false))
        assertEquals(listOf("Reason"), phone.done)
        assertFalse(phone.asked)
    }

    @Test
    fun `refused once is told again, refused for good leads to the settings`() = runTest {
        val phone = Phone()
        assertFalse(phone.get())
        phone.forGood = true
        assertFalse(phone.get())
        assertEquals(listOf("Reason", "system", "Settings", "settings"), phone.done)
        phone.done.clear()
        assertFalse(phone.get(goOn = false))
        assertEquals("nothing opens by itself", listOf("Settings"), phone.done)
    }
}
