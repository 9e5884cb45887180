package app.barrow.till

import app.barrow.core.KeyStore
import app.barrow.core.KeyStoreException
import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.security.GeneralSecurityException

/** Locks bytes so that only this phone opens them. What they are for is locked in with them. */
interface Seal {
    /** Locks a secret. */
    fun lock(name: String, secret: ByteArray): ByteArray

    /** Opens what [lock] made for the same name. */
    fun open(name: String, locked: ByteArray): ByteArray
}

/** Keeps the till's secrets as locked files in a folder that no backup holds. */
class SealedKeys(private val folder: File, private val seal: Seal) : KeyStore {
    override fun get(name: String): ByteArray? = guarded("read") {
        val file = place(name)
        if (file.exists()) seal.open(name, file.readBytes()) else null
    }

    override fun put(name: String, secret: ByteArray) = guarded("written") {
        val file = place(name)
        folder.mkdirs()
        val draft = File(folder, "$name.new")
        FileOutputStream(draft).use {
            it.write(seal.lock(name, secret))
            it.fd.sync()
        }
        if (!draft.renameTo(file)) throw IOException("the file can't be put in its place")
    }

    private fun place(name: String): File {
        require(name.isNotEmpty() && name.all { it.isLetterOrDigit() || it in "-_." } && !name.startsWith('.')) { "a name without folders" }
        return File(folder, name)
    }

    private fun <T> guarded(what: String, work: () -> T): T = try {
        work()
    } catch (fault: IOException) {
        throw KeyStoreException.Failed("A secret of this till can't be $what (${fault.message}).")
    } catch (fault: GeneralSecurityException) {
        throw KeyStoreException.Failed("A secret of this till can't be $what: the phone's key does not fit (${fault.javaClass.simpleName}).")
    } catch (fault: IllegalArgumentException) {
        throw KeyStoreException.Failed("A secret of this till can't be $what: ${fault.message}.")
    }
}
