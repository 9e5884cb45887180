package app.barrow.ui.words

import androidx.compose.runtime.Immutable
import java.util.Properties

/** The languages of the screens, by their two-letter codes; English is first and holds what a file lacks. */
val Languages = listOf("en", "de", "fr", "es", "ar")

/** The files of words: words/<section>/<language>.properties; every key begins with its section and a full stop. */
val Sections = listOf("common", "sell", "office", "app")

/**
 * What the screens say in one language. A word is named by its key; {0}, {1} ... are its gaps. A key that is nowhere
 * is a mistake in the program and throws.
 */
@Immutable
class Words private constructor(
    /** The two-letter code of the language. */
    val language: String,
    private val entries: Map<String, String>,
) {
    /** Whether the language is written from right to left. */
    val rightToLeft: Boolean get() = language == "ar"

    /** All keys, sorted. */
    val keys: Set<String> get() = entries.keys

    /** The word of that key with its gaps filled. */
    fun text(key: String, vararg values: Any): String = fill(entries[key] ?: error("no word for $key"), values)

    /** Whether there is a word of that key. */
    operator fun contains(key: String): Boolean = key in entries

    /** The form of a word for a number (key.one, key.few, key.other ...), where {0} is the number itself. */
    fun count(key: String, number: Long, vararg more: Any): String {
        val word = entries["$key.${pluralForm(language, number)}"] ?: entries["$key.other"] ?: error("no word for $key.other")
        return fill(word, arrayOf(number, *more))
    }

    /** The form of a word for a number. */
    fun count(key: String, number: Int, vararg more: Any): String = count(key, number.toLong(), *more)

    companion object {
        /** Loads the words of a language; those of English for a language that there is none of. */
        fun load(language: String): Words {
            val known = if (language in Languages) language else Languages.first()
            return Words(known, Sections.flatMap { section(it, known).entries }.associate { it.key to it.value }.toSortedMap())
        }

        /** Loads one file. */
        internal fun section(section: String, language: String): Map<String, String> {
            val file = Words::class.java.getResourceAsStream("/words/$section/$language.properties") ?: return emptyMap()
            val read = Properties().apply { file.reader(Charsets.UTF_8).use(::load) }
            return read.entries.associate { it.key.toString() to it.value.toString() }
        }

        private fun fill(word: String, values: Array<out Any>): String =
            GAP.replace(word) { gap -> values.getOrNull(gap.groupValues[1].toInt())?.toString() ?: error("no value for ${gap.value} in: $word") }

        private val GAP = Regex("""\{(\d)}""")
    }
}
