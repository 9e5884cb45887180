package app.barrow.ui

import app.barrow.core.appVersion
import java.awt.EventQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.Assert.assertThrows
import org.junit.Test

/** The guard that every test of screens ends with bites, and only then. */
class CoreGuardTest {
    @Test
    fun itSeesACallFromAThreadThatDraws() {
        val bites = { assertThrows(AssertionError::class.java, CoreGuard::check) }
        runBlocking(CoreGuard.drawing()) { appVersion() }
        bites()
        EventQueue.invokeAndWait { appVersion() }
        bites()
        runBlocking(CoreGuard.drawing()) { withContext(Dispatchers.IO) { appVersion() } }
        CoreGuard.check()
    }
}
