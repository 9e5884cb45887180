package app.barrow.desktop

import app.barrow.ui.app.FilePurpose
import app.barrow.ui.app.PickedFile
import java.awt.FileDialog
import java.awt.Frame
import java.io.File
import java.io.IOException
import javax.swing.JFileChooser
import javax.swing.UIManager
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** A file to import is at most so large; a backup is never read whole. Bytes. */
private const val IMPORT_MAX = 256L * 1024 * 1024

/** The system's dialogs for files and folders, in front of a window. */
class Dialogs {
    /** The window that they stand before. */
    var window: Frame? = null

    /** Lets the person pick a file; null when they changed their mind or it can't be read. */
    suspend fun file(purpose: FilePurpose): PickedFile? {
        val file = withContext(Dispatchers.Main) {
            val dialog = FileDialog(window, null as String?, FileDialog.LOAD)
            val endings = purpose.endings()
            dialog.setFilenameFilter { _, name -> endings.any { name.endsWith(it, ignoreCase = true) } }
            dialog.isVisible = true
            dialog.files.firstOrNull()
        } ?: return null
        return withContext(Dispatchers.IO) { read(file, purpose) }
    }

    /** Lets the person pick a folder, or make one; null when they changed their mind. */
    suspend fun folder(): String? = withContext(Dispatchers.Main) {
        if ("mac" in System.getProperty("os.name").lowercase()) return@withContext folderOnMac()
        UIManager.setLookAndFeel(UIManager.getSystemLookAndFeelClassName())
        val chooser = JFileChooser().apply { fileSelectionMode = JFileChooser.DIRECTORIES_ONLY }
        val chosen = chooser.showDialog(window, null) == JFileChooser.APPROVE_OPTION
        if (chosen) chooser.selectedFile.path else null
    }

    private fun folderOnMac(): String? {
        System.setProperty("apple.awt.fileDialogForDirectories", "true")
        try {
            val dialog = FileDialog(window, null as String?, FileDialog.LOAD)
            dialog.isVisible = true
            return dialog.files.firstOrNull()?.path
        } finally {
            System.clearProperty("apple.awt.fileDialogForDirectories")
        }
    }
}

private fun FilePurpose.endings() = when (this) {
    FilePurpose.ImportGoods -> listOf(".csv", ".txt", ".tsv")
    FilePurpose.OpenBackup -> listOf(".barrow-backup")
}

/** Reads a picked file. A backup is opened by its path, so its bytes stay where they are. */
internal fun read(file: File, purpose: FilePurpose): PickedFile? = try {
    val bytes = when {
        purpose == FilePurpose.OpenBackup -> ByteArray(0)
        file.length() > IMPORT_MAX -> null
        else -> file.readBytes()
    }
    bytes?.let { PickedFile(file.name, file.path, it) }
} catch (_: IOException) {
    null
}
