package app.barrow.till

import android.content.ContentResolver
import android.content.Context
import android.net.Uri
import android.provider.DocumentsContract
import android.provider.OpenableColumns
import app.barrow.ui.app.FilePurpose
import app.barrow.ui.app.PickedFile
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.FileNotFoundException
import java.io.IOException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** A file of goods is at most so large; a backup is never held whole. Bytes. */
private const val IMPORT_MAX = 32 shl 20

/** A till knows files by path, a phone only by address: what is picked is copied in, what was written is copied out. */
class Files(private val context: Context) {
    private val resolver: ContentResolver get() = context.contentResolver

    /** Brings a picked file in; null when it can't be read or is too large. */
    suspend fun bring(from: Uri, purpose: FilePurpose): PickedFile? = withContext(Dispatchers.IO) {
        try {
            val name = nameOf(from)
            when (purpose) {
                FilePurpose.ImportGoods -> read(from)?.let { PickedFile(name, from.toString(), it) }
                FilePurpose.OpenBackup -> PickedFile(name, copied(from, name).path, ByteArray(0))
            }
        } catch (_: IOException) {
            null
        } catch (_: SecurityException) {
            null
        }
    }

    /** Makes an empty folder in which the till may write. */
    fun draft(): File = File(context.cacheDir, "out/${System.nanoTime()}").apply { mkdirs() }

    /** Copies what the till wrote into [draft] to the folder that the person picked; false when it does not fit there. */
    suspend fun deliver(draft: File, to: Uri): Boolean = withContext(Dispatchers.IO) {
        try {
            val folder = DocumentsContract.buildDocumentUriUsingTree(to, DocumentsContract.getTreeDocumentId(to))
            draft.listFiles().orEmpty().sorted().forEach { deliverOne(it, folder) }
            true
        } catch (_: IOException) {
            false
        } catch (_: SecurityException) {
            false
        } finally {
            draft.deleteRecursively()
        }
    }

    private fun deliverOne(file: File, folder: Uri) {
        val kind = if (file.extension == "csv") "text/csv" else "application/octet-stream"
        val place = DocumentsContract.createDocument(resolver, folder, kind, file.name) ?: throw FileNotFoundException(file.name)
        val out = resolver.openOutputStream(place) ?: throw FileNotFoundException(file.name)
        out.use { file.inputStream().use { from -> from.copyTo(it) } }
    }

    private fun read(from: Uri): ByteArray? = resolver.openInputStream(from)?.use { input ->
        val bytes = ByteArrayOutputStream()
        val piece = ByteArray(1 shl 16)
        while (bytes.size() <= IMPORT_MAX) {
            val more = input.read(piece)
            if (more < 0) return@use bytes.toByteArray()
            bytes.write(piece, 0, more)
        }
        null
    }

    private fun copied(from: Uri, name: String): File {
        val folder = File(context.cacheDir, "in").apply {
            deleteRecursively()
            mkdirs()
        }
        val file = File(folder, name.replace('/', '_'))
        val input = resolver.openInputStream(from) ?: throw FileNotFoundException(name)
        input.use { file.outputStream().use { out -> it.copyTo(out) } }
        return file
    }

    private fun nameOf(file: Uri): String {
        val found = resolver.query(file, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)?.use {
            if (it.moveToFirst()) it.getString(0) else null
        }
        return found ?: file.lastPathSegment ?: "file"
    }
}
