package app.barrow.ui.words

import java.awt.Font
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** Every language says everything: same keys, same gaps, all forms for numbers; and the code asks for no other word. */
class WordsTest {
    private val forms = mapOf(
        "en" to listOf("one", "other"), "de" to listOf("one", "other"), "fr" to listOf("one", "other"), "es" to listOf("one", "other"),
        "ar" to listOf("zero", "one", "two", "few", "many", "other"),
    )
    private val form = Regex("""\.(zero|one|two|few|many|other)$""")

    @Test
    fun everyLanguageHasTheKeysOfEnglish() = eachSection { section, language, words ->
        val english = Words.section(section, "en")
        assertEquals("$section/$language", plain(english.keys), plain(words.keys))
        assertEquals("$section/$language: counted", counted(english.keys), counted(words.keys))
    }

    @Test
    fun everyKeyBeginsWithItsSection() = eachSection { section, language, words ->
        val strays = words.keys.filterNot { it.startsWith("$section.") }
        assertTrue("$section/$language: $strays", strays.isEmpty())
    }

    @Test
    fun everyCountedWordHasTheFormsOfItsLanguage() = eachSection { section, language, words ->
        for (key in counted(words.keys)) for (needed in forms.getValue(language)) {
            assertTrue("$section/$language lacks $key.$needed", "$key.$needed" in words)
        }
    }

    @Test
    fun gapsAreTheSameEverywhere() = eachSection { section, language, words ->
        val english = Words.section(section, "en")
        for ((key, word) in words) {
            val counts = form.containsMatchIn(key)
            val pattern = english[key] ?: english.getValue(key.replace(form, ".other"))
            // "One item" and "two items" may leave their number out.
            val lost = gaps(pattern) - gaps(word) - (if (counts) setOf("{0}") else emptySet())
            assertTrue("$section/$language $key: $word lacks $lost", lost.isEmpty())
            assertTrue("$section/$language $key: $word has gaps of its own", (gaps(word) - gaps(pattern) - (if (counts) setOf("{0}") else emptySet())).isEmpty())
            assertTrue("$section/$language $key is empty", word.isNotBlank())
        }
    }

    @Test
    fun theCodeAsksOnlyForWordsThatAre() {
        val words = Words.load("en")
        val asked = Regex("""\.(text|count)\(\s*"([a-z][a-z_]*\.[a-z0-9_.]+)"""")
        val missing = File("src/main/kotlin").walk().filter { it.extension == "kt" }.flatMap { file ->
            asked.findAll(file.readText()).map { (if (it.groupValues[1] == "count") it.groupValues[2] + ".other" else it.groupValues[2]) to file.name }
        }.filter { it.first !in words }.toList()
        assertTrue("no word for $missing", missing.isEmpty())
    }

    @Test
    fun gapsAreFilledAndFormsChosen() {
        val english = Words.load("en")
        assertEquals("3.49 per kg", english.text("common.price_per", "3.49", "kg"))
        assertEquals("2 in the cart", english.count("common.in_cart", 2))
        assertEquals("اثنان في السلة", Words.load("ar").count("common.in_cart", 2))
        assertEquals("en", Words.load("xx").language)
    }

    @Test
    fun everyLetterIsInOurFont() {
        val font = Font.createFont(Font.TRUETYPE_FONT, Words::class.java.getResourceAsStream("/font/text-450.ttf"))
        eachSection { section, language, words ->
            for ((key, word) in words) assertEquals("$section/$language $key: $word", -1, font.canDisplayUpTo(word))
        }
    }

    private fun eachSection(check: (String, String, Map<String, String>) -> Unit) =
        Sections.forEach { section -> Languages.forEach { language -> check(section, language, Words.section(section, language)) } }

    private fun plain(keys: Set<String>) = keys.filterNot { form.containsMatchIn(it) }.toSortedSet()

    private fun counted(keys: Set<String>) = keys.filter { form.containsMatchIn(it) }.map { it.replace(form, "") }.toSortedSet()

    private fun gaps(word: String) = Regex("""\{\d}""").findAll(word).map { it.value }.toSet()
}
