package app.barrow.till

import android.app.Activity
import android.print.PrintAttributes
import android.print.PrintManager
import android.webkit.WebView
import android.webkit.WebViewClient
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Prints a page with the system's own printing. The page brings no script and no address, and gets neither. */
suspend fun Activity.printPage(html: String): Boolean = withContext(Dispatchers.Main) {
    val loaded = CompletableDeferred<Unit>()
    val page = WebView(this@printPage)
    page.settings.javaScriptEnabled = false
    page.settings.blockNetworkLoads = true
    page.webViewClient = object : WebViewClient() {
        override fun onPageFinished(view: WebView, url: String) {
            loaded.complete(Unit)
        }
    }
    page.loadDataWithBaseURL(null, html, "text/html", "utf-8", null)
    loaded.await()
    val printing = getSystemService(PrintManager::class.java) ?: return@withContext false
    printing.print("Barrow", page.createPrintDocumentAdapter("Barrow"), PrintAttributes.Builder().build())
    true
}
