package app.barrow.till

import android.content.Context
import android.net.Uri
import androidx.activity.result.contract.ActivityResultContracts.OpenDocument
import androidx.activity.result.contract.ActivityResultContracts.OpenDocumentTree
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asAndroidBitmap
import androidx.compose.ui.input.key.KeyEvent
import app.barrow.ui.app.Device
import app.barrow.ui.app.Feeling
import app.barrow.ui.app.FilePurpose
import java.io.File

/** What a phone or tablet lends to the screens. It outlives the window, through which it asks the person. */
class AndroidDevice(context: Context, private val soundsOn: () -> Boolean) : Device {
    private val files = Files(context)
    private val sounds = Sounds(context)
    private val picked = mutableMapOf<String, Uri>()
    private var window: TillActivity? = null

    private val document = Question(OpenDocument())
    private val tree = Question(OpenDocumentTree())

    /** Asks for permissions. */
    val permissionQuestion = Question(RequestMultiplePermissions())

    /** Reads codes; the window draws it. */
    val scanning = Scanning(context)

    /** Takes a new window. */
    fun attach(to: TillActivity) {
        listOf(document, tree, permissionQuestion).forEach { it.attach(to) }
        window = to
    }

    /** Lets a window go. */
    fun detach(from: TillActivity) {
        if (window === from) window = null
    }

    override fun nowMs() = System.currentTimeMillis()

    override fun feel(feeling: Feeling) {
        sounds.vibrate(feeling)
        if (soundsOn()) sounds.play(feeling)
    }

    override suspend fun pickFile(purpose: FilePurpose) =
        // Files of goods have many kinds by name and by maker; what is none is told when it is read.
        document.ask(arrayOf("*/*"))?.let { files.bring(it, purpose) }

    override suspend fun pickFolder(): String? = tree.ask(null)?.let { place ->
        files.draft().path.also { picked[it] = place }
    }

    override suspend fun kept(folder: String): Boolean = picked.remove(folder)?.let { files.deliver(File(folder), it) } ?: true

    override suspend fun share(title: String, text: String) = window?.shareText(title, text) ?: false

    override suspend fun sharePicture(title: String, picture: ImageBitmap) =
        window?.sharePicture(title, picture.asAndroidBitmap()) ?: false

    override suspend fun print(html: String) = window?.printPage(html) ?: false

    /** A second screen is not used yet: the customer looks at this one. */
    override fun showCustomer(open: Boolean) = false

    override val canPin get() = true

    override val pinned get() = window?.isPinned() ?: false

    override fun pin(on: Boolean) {
        window?.pin(on)
    }

    override val readsCodes get() = scanning.possible

    override suspend fun scanCode() = scanning.scan()

    /** The event's own time: it is exact also when the window was busy. */
    override fun keyMs(event: KeyEvent) = event.nativeKeyEvent.eventTime
}
