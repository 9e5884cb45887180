package app.barrow.ui.office

import app.barrow.ui.screen.HelpWords
import app.barrow.ui.words.Words
import java.io.File
import org.junit.Assert.assertTrue
import org.junit.Test

/** Every word that a screen of the office says is there, and none lies unused. */
class OfficeWordsTest {
    private val sources = File("src/main/kotlin/app/barrow/ui").walk().filter { it.extension == "kt" }.joinToString("\n") { it.readText() }
    private val known = Words.load("en").keys.filter { it.startsWith("office.") }.map { it.removePrefix("office.") }

    @Test
    fun everyWordThatIsSaidIsThere() {
        val said = Regex("""say\("([A-Za-z.]+)"""").findAll(sources).map { it.groupValues[1] }.toSet()
        val missing = said.filterNot { it in known }
        assertTrue("no words for $missing", said.size > 100 && missing.isEmpty())
    }

    @Test
    fun helpExplainsEveryWordItNames() {
        val missing = HelpWords.flatMap { listOf("help.$it", "help.$it.text") }.filterNot { it in known }
        assertTrue("no help for $missing", missing.isEmpty())
    }

    @Test
    fun noWordLiesUnused() {
        val prefixes = listOf("help.", "colour.", "cantOpen.")
        val unused = known.map { it.replace(Regex("""\.(one|other)$"""), "") }.distinct()
            .filterNot { word -> prefixes.any(word::startsWith) || "\"$word\"" in sources || "\"office.$word\"" in sources }
        assertTrue("nobody says $unused", unused.isEmpty())
    }
}
