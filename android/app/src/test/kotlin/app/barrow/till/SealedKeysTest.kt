package app.barrow.till

import app.barrow.core.KeyStoreException
import java.io.File
import javax.crypto.KeyGenerator
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** Secrets as files: what was put last comes back, and nothing else opens them. The key is one of the JVM here. */
class SealedKeysTest {
    @get:Rule
    val temporary = TemporaryFolder()

    private val folder by lazy { File(temporary.root, "keys") }
    private val keys by lazy { SealedKeys(folder, GcmSeal(key())) }

    private fun key() = KeyGenerator.getInstance("AES").apply { init(256) }.generateKey()

    @Test
    fun `what was put last comes back`() {
        assertNull(keys.get("device"))
        keys.put("device", byteArrayOf(1, 2, 3))
        keys.put("device", byteArrayOf(4, 5))
        keys.put("other", ByteArray(0))
        assertArrayEquals(byteArrayOf(4, 5), keys.get("device"))
        assertArrayEquals(ByteArray(0), keys.get("other"))
        assertEquals(setOf("device", "other"), folder.list()?.toSet())
    }

    @Test
    fun `no file holds a secret in the clear, and no two are alike`() {
        val secret = ByteArray(32) { 7 }
        keys.put("a", secret)
        keys.put("b", secret)
        val (first, second) = listOf("a", "b").map { File(folder, it).readBytes() }
        assertFalse(String(first, Charsets.ISO_8859_1).contains(String(secret, Charsets.ISO_8859_1)))
        assertFalse(first.contentEquals(second))
    }

    @Test
    fun `another phone, another name and a changed file open nothing`() {
        keys.put("device", byteArrayOf(1, 2, 3))
        val other = SealedKeys(folder, GcmSeal(key()))
        assertThrows(KeyStoreException::class.java) { other.get("device") }
        File(folder, "device").copyTo(File(folder, "shop"))
        assertThrows(KeyStoreException::class.java) { keys.get("shop") }
        val file = File(folder, "device")
        for (bytes in listOf(ByteArray(0), byteArrayOf(12), file.readBytes().dropLast(1).toByteArray(), byteArrayOf(-1, 2, 3))) {
            file.writeBytes(bytes)
            assertThrows(KeyStoreException::class.java) { keys.get("device") }
        }
    }

    @Test
    fun `a name stays in the folder`() {
        for (name in listOf("../keys", "", ".hidden", "a/b")) {
            val fault = assertThrows(KeyStoreException::class.java) { keys.put(name, byteArrayOf(1)) }
            assertTrue(fault.message, "name" in fault.message.orEmpty())
        }
    }
}
