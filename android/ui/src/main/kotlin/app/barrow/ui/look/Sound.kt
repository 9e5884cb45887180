package app.barrow.ui.look

import app.barrow.ui.app.Feeling
import kotlin.math.PI
import kotlin.math.roundToInt
import kotlin.math.sin

/** One sine: its pitch in hertz, or 0 for silence, and its length in milliseconds. */
data class Tone(val hertz: Int, val ms: Int)

/** How the hand feels it, by the names that phones have. */
enum class Haptic { Light, Medium, Double }

/** What is heard. */
val Feeling.tones: List<Tone>
    get() = when (this) {
        Feeling.Added -> listOf(Tone(660, 30))
        Feeling.Paid -> listOf(Tone(659, 80), Tone(880, 80))
        Feeling.Unknown -> listOf(Tone(300, 150))
        Feeling.Trouble -> listOf(Tone(220, 150), Tone(0, 80), Tone(220, 150))
    }

/** What is felt. */
val Feeling.haptic: Haptic
    get() = when (this) {
        Feeling.Added -> Haptic.Light
        Feeling.Paid -> Haptic.Medium
        Feeling.Unknown, Feeling.Trouble -> Haptic.Double
    }

/** The tones as sound: one channel, 16 bits signed, little end first, [rate] samples a second. */
fun pcm(tones: List<Tone>, rate: Int = 44_100): ByteArray {
    val samples = tones.flatMap { tone ->
        val count = rate * tone.ms / 1000
        List(count) { i -> (PEAK * swell(i, count, rate) * sin(2 * PI * tone.hertz * i / rate)).roundToInt() }
    }
    return ByteArray(samples.size * 2) { i -> (samples[i / 2] shr (i % 2 * 8)).toByte() }
}

/** Half of the full range: loud enough, and no loudspeaker of a phone rattles. */
private const val PEAK = 16_000.0

/** Grows and falls over 5 ms so that a tone begins and ends without a click. */
private fun swell(i: Int, count: Int, rate: Int): Double = (minOf(i, count - 1 - i) / (rate * 0.005)).coerceAtMost(1.0)
