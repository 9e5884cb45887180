package app.barrow.till

import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import app.barrow.core.FoundRequest
import app.barrow.core.Setup
import app.barrow.core.TillClient
import java.io.File
import kotlinx.coroutines.test.runTest
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith

/** What only a device has: its keystore, and the native library in it. */
@RunWith(AndroidJUnit4::class)
class KeystoreTest {
    private val folder = File(ApplicationProvider.getApplicationContext<BarrowApplication>().noBackupFilesDir, "test").apply { deleteRecursively() }

    @Test
    fun theKeystoreOpensWhatItLocked() {
        val keys = SealedKeys(File(folder, "keys"), KeystoreSeal())
        keys.put("device", byteArrayOf(1, 2, 3))
        assertArrayEquals(byteArrayOf(1, 2, 3), SealedKeys(File(folder, "keys"), KeystoreSeal()).get("device"))
    }

    @Test
    fun aTillIsFoundedAndOpenedAgainWithKeysOfTheKeystore() = runTest {
        val (shop, secrets) = File(folder, "shop").path to File(folder, "secrets")
        val setup = Setup(name = "Test stall", country = "DE")
        TillClient.found(FoundRequest(shop, secrets.path, setup, sample = true), SealedKeys(secrets, KeystoreSeal())).shut()
        val till = TillClient.open(shop, secrets.path, SealedKeys(secrets, KeystoreSeal()))
        assertEquals("Test stall", till.ask { shop() }.shop.name)
        till.shut()
    }
}
