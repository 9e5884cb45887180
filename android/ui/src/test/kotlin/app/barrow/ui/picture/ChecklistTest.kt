package app.barrow.ui.picture

import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

private const val QUESTIONS = 20
private const val MOST_BYTES = 15_000_000L

/** The pictures in docs/screens and what was answered about each of them belong together. */
class ChecklistTest {
    private val folder = File("../../docs/screens").canonicalFile
    private val pictures = folder.listFiles { file -> file.extension == "png" }.orEmpty().map { it.nameWithoutExtension }.toSortedSet()
    private val rows = File(folder, "checklist.md").readLines().mapNotNull(::row)

    /** One picture's answers and its remark. */
    private class Row(val picture: String, val answers: List<String>, val remark: String)

    private fun row(line: String): Row? {
        val cells = line.trim().removePrefix("|").removeSuffix("|").split("|").map { it.trim() }
        val picture = PICTURE.matchEntire(cells.first())?.groupValues?.get(1) ?: return null
        return Row(picture, cells.drop(1).take(QUESTIONS), cells.getOrElse(QUESTIONS + 1) { "" })
    }

    @Test
    fun everyPictureHasItsAnswersAndEveryAnswerItsPicture() {
        assertTrue("no pictures in $folder", pictures.isNotEmpty())
        assertEquals("answered twice", emptySet<String>(), rows.groupBy { it.picture }.filterValues { it.size > 1 }.keys)
        assertEquals(pictures.toList(), rows.map { it.picture }.sorted())
    }

    @Test
    fun everyAnswerIsYesOrNoAndANoSaysWhy() = rows.forEach { row ->
        assertEquals(row.picture, QUESTIONS, row.answers.size)
        assertTrue("${row.picture} answers ${row.answers}", row.answers.all { it in listOf("yes", "no", "–") })
        row.answers.forEachIndexed { place, answer ->
            val named = Regex("""\b${place + 1}:""").containsMatchIn(row.remark)
            assertEquals("${row.picture}, question ${place + 1}: a no needs its remark, a remark its no", answer == "no", named)
        }
    }

    @Test
    fun thePageShowsEveryPicture() {
        val page = File(folder, "README.md").readText()
        assertEquals(emptyList<String>(), pictures.filterNot { "$it.png" in page })
        assertEquals(emptyList<String>(), LINK.findAll(page).map { it.groupValues[1] }.filterNot { it in pictures }.toList())
    }

    @Test
    fun theFolderStaysSmall() = assertTrue(folder.listFiles().orEmpty().sumOf { it.length() } <= MOST_BYTES)

    private companion object {
        val PICTURE = Regex("""\[([a-z0-9-]+)]\(\1\.png\)""")
        val LINK = Regex("""([a-z0-9-]+)\.png""")
    }
}
