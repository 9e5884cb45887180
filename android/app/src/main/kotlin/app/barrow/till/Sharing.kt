package app.barrow.till

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.graphics.Bitmap
import androidx.core.content.FileProvider
import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** The quality of a PNG is always whole; the system wants a number all the same. */
private const val WHOLE = 100

/** Hands a text to another app. */
fun Activity.shareText(title: String, text: String): Boolean =
    share(title, Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_SUBJECT, title).putExtra(Intent.EXTRA_TEXT, text))

/** Hands a picture to another app, which may read this one file and nothing else. */
suspend fun Activity.sharePicture(title: String, picture: Bitmap): Boolean {
    val file = withContext(Dispatchers.IO) {
        val folder = File(cacheDir, "shared").apply { mkdirs() }
        File(folder, "barrow.png").also { file -> file.outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, WHOLE, it) } }
    }
    val address = FileProvider.getUriForFile(this, "$packageName.shared", file)
    val intent = Intent(Intent.ACTION_SEND).setType("image/png").putExtra(Intent.EXTRA_STREAM, address)
    return share(title, intent.addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION))
}

private fun Activity.share(title: String, intent: Intent): Boolean = try {
    startActivity(Intent.createChooser(intent, title))
    true
} catch (_: ActivityNotFoundException) {
    false
}
