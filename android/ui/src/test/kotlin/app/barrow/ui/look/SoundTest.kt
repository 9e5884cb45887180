package app.barrow.ui.look

import app.barrow.ui.app.Feeling
import kotlin.math.abs
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** Sounds have the pitch and length that the look names, and begin and end without a click. */
class SoundTest {
    @Test
    fun everyFeelingIsHeardAndFelt() = Feeling.entries.forEach { feeling ->
        val samples = samples(pcm(feeling.tones))
        assertEquals(feeling.tones.sumOf { it.ms } * 44.1, samples.size.toDouble(), 44.0)
        assertTrue("$feeling clicks", abs(samples.first()) < 100 && abs(samples.last()) < 400)
        assertTrue("$feeling is too quiet or too loud", samples.maxOf { abs(it) } in 8_000..16_000)
        feeling.haptic
    }

    @Test
    fun aToneHasItsPitch() {
        val samples = samples(pcm(listOf(Tone(660, 1000))))
        val crossings = samples.zipWithNext().count { (a, b) -> a < 0 && b >= 0 }
        assertEquals(660.0, crossings.toDouble(), 2.0)
    }

    private fun samples(bytes: ByteArray) = bytes.toList().chunked(2).map { (low, high) -> (low.toInt() and 0xFF) or (high.toInt() shl 8) }
}
