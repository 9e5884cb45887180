package app.barrow.desktop

import java.awt.print.PrinterException
import java.awt.print.PrinterJob
import javax.swing.JEditorPane
import javax.swing.text.html.HTMLEditorKit
import javax.swing.text.html.StyleSheet
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** What this printing understands of style: type, figures to the end, the amount to pay large. */
private val STYLE = listOf(
    "body { font-family: SansSerif; font-size: 10pt; color: #000000; margin: 0 }",
    "h1 { font-size: 15pt; text-align: center; margin: 0 } h2 { font-size: 11pt; margin: 4pt 0 2pt 0 } p { margin: 0 }",
    "td { text-align: right; padding: 1pt 0 1pt 6pt } th { text-align: left; font-weight: normal; padding: 1pt 0 1pt 0 }",
    ".centre { text-align: center } .end { text-align: right } .mark { text-align: center; font-weight: bold }",
    ".total { font-size: 15pt; font-weight: bold } .total th { font-weight: bold } .taxes { font-size: 9pt }",
    ".level1, .level2, .level3 { font-size: 9pt } .level1 th { padding-left: 12pt } .level2 th { padding-left: 24pt }",
)

/** Prints a page of HTML with the system's own dialog; false when there is no printer or the person changed their mind. */
suspend fun printPage(html: String, name: String): Boolean = withContext(Dispatchers.Main) {
    val job = PrinterJob.getPrinterJob()
    job.jobName = name
    job.setPrintable(page(html).getPrintable(null, null))
    if (!job.printDialog()) return@withContext false
    withContext(Dispatchers.IO) {
        try {
            job.print()
            true
        } catch (_: PrinterException) {
            false
        }
    }
}

/** Lays a page of HTML out for paper. */
internal fun page(html: String): JEditorPane {
    val kit = HTMLEditorKit()
    kit.styleSheet = StyleSheet().apply {
        addStyleSheet(kit.styleSheet)
        STYLE.forEach(::addRule)
    }
    return JEditorPane().apply {
        editorKit = kit
        isEditable = false
        text = plain(html)
    }
}

/** Takes out what this layout can't read (the page's own style speaks a newer language) and says the rest its way. */
private fun plain(html: String) = html
    .replace(Regex("<style>.*?</style>|<meta[^>]*>", RegexOption.DOT_MATCHES_ALL), "")
    .replace("<table ", "<table width=\"100%\" cellspacing=\"0\" ")
    .replace(Regex("(</th>)<th scope=\"col\">(.*?)(?=</th>)"), "$1<td>$2</td>")
