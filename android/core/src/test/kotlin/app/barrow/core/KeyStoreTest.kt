package app.barrow.core

import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** A key store written in Kotlin. */
class KeyStoreTest {
    @get:Rule
    val folder = TemporaryFolder()

    private class MemoryKeys : KeyStore {
        val secrets = ConcurrentHashMap<String, ByteArray>()
        override fun get(name: String): ByteArray? = secrets[name]?.copyOf()
        override fun put(name: String, secret: ByteArray) {
            secrets[name] = secret.copyOf()
        }
    }

    private class BrokenKeys(private val fault: () -> Nothing) : KeyStore {
        override fun get(name: String): ByteArray? = fault()
        override fun put(name: String, secret: ByteArray): Unit = fault()
    }

    @Test
    fun itKeepsTheLawsOfKeyStores() = runBlocking { checkKeyStore(MemoryKeys()) }

    @Test
    fun oneThatForgetsIsFound() {
        val forgetful = object : KeyStore {
            override fun get(name: String): ByteArray? = null
            override fun put(name: String, secret: ByteArray) = Unit
        }
        assertTrue(runCatching { runBlocking { checkKeyStore(forgetful) } }.exceptionOrNull() is TillException)
    }

    @Test
    fun itHoldsTheSecretsOfATill() = runBlocking {
        val keys = MemoryKeys()
        foundStall(folder.root, keys = keys).shut(5_000uL)
        assertTrue(keys.secrets.isNotEmpty())
        openStall(folder.root, keys).shut(5_000uL)
        val fault = runCatching { openStall(folder.root, MemoryKeys()) }.exceptionOrNull()
        assertTrue("without its secrets a till does not open: $fault", fault is TillException)
    }

    @Test
    fun aKeyStoreThatSaysNoIsTold() {
        val fault = failure(BrokenKeys { throw KeyStoreException.Failed("The phone is locked. Unlock it, then open the till again.") })
        assertTrue("$fault", fault is TillException.Device && "locked" in fault.why)
    }

    @Test
    fun aKeyStoreThatBreaksIsToldToo() {
        val fault = failure(BrokenKeys { error("a bug in the shell") })
        assertTrue("$fault", fault is TillException.Device)
    }

    private fun failure(keys: KeyStore): Throwable? = runCatching { runBlocking { foundStall(folder.root, keys = keys) } }.exceptionOrNull()
}
