package app.barrow.till

import java.security.GeneralSecurityException
import javax.crypto.Cipher
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

private const val TAG_BITS = 128

/** AES-GCM under one key. A locked secret is one byte of the nonce's length, the nonce, then what GCM made of it. */
class GcmSeal(private val key: SecretKey) : Seal {
    override fun lock(name: String, secret: ByteArray): ByteArray {
        // The keystore makes the nonce: it lets nobody choose one twice.
        val cipher = Cipher.getInstance("AES/GCM/NoPadding").apply { init(Cipher.ENCRYPT_MODE, key) }
        cipher.updateAAD(name.toByteArray())
        val locked = cipher.doFinal(secret)
        return byteArrayOf(cipher.iv.size.toByte()) + cipher.iv + locked
    }

    override fun open(name: String, locked: ByteArray): ByteArray {
        val nonce = locked.firstOrNull()?.toInt() ?: 0
        if (nonce <= 0 || locked.size <= nonce) throw GeneralSecurityException("The file is cut off.")
        val cipher = Cipher.getInstance("AES/GCM/NoPadding")
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, locked, 1, nonce))
        cipher.updateAAD(name.toByteArray())
        return cipher.doFinal(locked, 1 + nonce, locked.size - 1 - nonce)
    }
}
