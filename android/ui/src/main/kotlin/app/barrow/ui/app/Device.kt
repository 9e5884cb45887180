package app.barrow.ui.app

import androidx.compose.ui.input.key.KeyEvent
import androidx.compose.ui.graphics.ImageBitmap

/** What hand and ear get beside the eye; never alone. */
enum class Feeling { Added, Paid, Unknown, Trouble }

/** What a file is picked for. */
enum class FilePurpose { ImportGoods, OpenBackup }

/** A file that a person picked: its name for the screen and its bytes. */
class PickedFile(val name: String, val path: String, val bytes: ByteArray)

/** What the device lends to the screens. The desktop window, the Android activity and the tests implement it. */
interface Device {
    /** Gives the time in milliseconds since 1970. */
    fun nowMs(): Long

    /** Lets hand and ear know. */
    fun feel(feeling: Feeling)

    /** Lets the person pick a file; null when they changed their mind. */
    suspend fun pickFile(purpose: FilePurpose): PickedFile?

    /** Lets the person pick a folder; null when they changed their mind. */
    suspend fun pickFolder(): String?

    /**
     * Tells that everything is written into a picked folder. A phone gives no paths: there the files go only now to
     * where the person wanted them. False when they could not.
     */
    suspend fun kept(folder: String): Boolean = true

    /** Hands a text to another program or the clipboard; false when there is none. */
    suspend fun share(title: String, text: String): Boolean

    /** Hands a picture to another program or saves it; false when there is no way. */
    suspend fun sharePicture(title: String, picture: ImageBitmap): Boolean = false

    /** Shows the customer's side on a second screen where there is one; false when it is this screen's turn. */
    fun showCustomer(open: Boolean): Boolean

    /** Tells that the device can be kept in this app, for volunteers. */
    val canPin: Boolean get() = false

    /** Whether the device is kept in this app now. */
    val pinned: Boolean get() = false

    /** Keeps the device in this app, or lets it go again; the system asks the person. */
    fun pin(on: Boolean) {}

    /** Prints a page of HTML with the system's own printing; false where there is none. */
    suspend fun print(html: String): Boolean

    /** Tells that a camera can read codes. */
    val readsCodes: Boolean get() = false

    /** Reads a code with the camera; null when there is none or the person turned away. */
    suspend fun scanCode(): String? = null

    /** Gives the time of a key press in milliseconds, as exactly as the device knows it: scanners type fast. */
    fun keyMs(event: KeyEvent): Long = nowMs()
}
