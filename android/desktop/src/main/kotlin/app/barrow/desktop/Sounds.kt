package app.barrow.desktop

import app.barrow.ui.app.Feeling
import app.barrow.ui.look.pcm
import app.barrow.ui.look.tones
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import javax.sound.sampled.AudioFormat
import javax.sound.sampled.AudioSystem
import javax.sound.sampled.LineUnavailableException

/** Samples a second. */
private const val RATE = 44_100

/** At most so many sounds wait; more would lag behind the hand. */
private const val WAITING = 2

/** Plays the sounds of the till on a thread of its own; a computer without a loudspeaker stays silent. */
class Sounds : AutoCloseable {
    private val player = ThreadPoolExecutor(
        0, 1, 5, TimeUnit.SECONDS, LinkedBlockingQueue(WAITING),
        { Thread(it, "sounds").apply { isDaemon = true } }, ThreadPoolExecutor.DiscardOldestPolicy(),
    )

    /** Plays a feeling's tones soon. */
    fun play(feeling: Feeling) = player.execute {
        try {
            val format = AudioFormat(RATE.toFloat(), Short.SIZE_BITS, 1, true, false)
            AudioSystem.getSourceDataLine(format).use { line ->
                line.open(format)
                line.start()
                val sound = pcm(feeling.tones, RATE)
                line.write(sound, 0, sound.size)
                line.drain()
            }
        } catch (_: LineUnavailableException) {
            // Another program has the loudspeaker.
        } catch (_: IllegalArgumentException) {
            // There is no loudspeaker.
        }
    }

    override fun close() = player.shutdown()
}
