package app.barrow.desktop

import androidx.compose.ui.awt.awtEventOrNull
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.input.key.KeyEvent
import app.barrow.ui.app.Device
import app.barrow.ui.app.Feeling
import app.barrow.ui.app.FilePurpose
import java.awt.Image
import java.awt.Toolkit
import java.awt.datatransfer.DataFlavor
import java.awt.datatransfer.StringSelection
import java.awt.datatransfer.Transferable
import java.awt.datatransfer.UnsupportedFlavorException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.withContext

/** What a desktop computer lends to the screens. */
class DesktopDevice(private val dialogs: Dialogs, private val sounds: Sounds, private val soundsOn: () -> Boolean) : Device {
    private val customer = MutableStateFlow(false)

    /** Tells whether the customer's window is open. */
    val customerOpen: StateFlow<Boolean> = customer

    override fun nowMs() = System.currentTimeMillis()

    override fun feel(feeling: Feeling) {
        if (soundsOn()) sounds.play(feeling)
    }

    override suspend fun pickFile(purpose: FilePurpose) = dialogs.file(purpose)

    override suspend fun pickFolder() = dialogs.folder()

    override suspend fun share(title: String, text: String) = copy(StringSelection(text))

    override suspend fun sharePicture(title: String, picture: ImageBitmap) =
        copy(withContext(Dispatchers.Default) { Picture(picture.toAwtImage()) })

    private suspend fun copy(what: Transferable): Boolean = withContext(Dispatchers.Main) {
        try {
            Toolkit.getDefaultToolkit().systemClipboard.setContents(what, null)
            true
        } catch (_: IllegalStateException) {
            // Another program holds the clipboard.
            false
        }
    }

    override fun showCustomer(open: Boolean): Boolean {
        customer.value = open
        return true
    }

    override fun keyMs(event: KeyEvent) = event.awtEventOrNull?.`when` ?: nowMs()

    override suspend fun print(html: String) = printPage(html, "Barrow")
}

/** A picture on the clipboard. */
private class Picture(private val image: Image) : Transferable {
    override fun getTransferDataFlavors() = arrayOf(DataFlavor.imageFlavor)

    override fun isDataFlavorSupported(flavor: DataFlavor) = flavor == DataFlavor.imageFlavor

    override fun getTransferData(flavor: DataFlavor): Any =
        if (isDataFlavorSupported(flavor)) image else throw UnsupportedFlavorException(flavor)
}
