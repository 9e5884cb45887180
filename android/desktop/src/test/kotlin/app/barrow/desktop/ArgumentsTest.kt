package app.barrow.desktop

import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class ArgumentsTest {
    @Test
    fun wordsAreRead() {
        assertEquals(Arguments(), Arguments.read(emptyList()))
        val all = Arguments.read(listOf("--sample", "--folder", "/stall", "--shot", "a.png"))
        assertEquals(Arguments(File("/stall"), sample = true, shot = File("a.png")), all)
    }

    @Test
    fun whatIsNotUnderstoodIsNotGuessed() {
        for (words in listOf("--folder", "--shot", "--fresh", "shop")) assertNull(words, Arguments.read(listOf(words)))
    }
}
