package app.barrow.till

import android.content.Context
import android.media.AudioAttributes
import android.media.AudioFormat
import android.media.AudioTrack
import android.os.VibrationEffect
import android.os.Vibrator
import app.barrow.ui.app.Feeling
import app.barrow.ui.look.Haptic
import app.barrow.ui.look.haptic
import app.barrow.ui.look.pcm
import app.barrow.ui.look.tones
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

/** Samples a second. */
private const val RATE = 44_100

/** At most so many sounds wait; more would lag behind the hand. */
private const val WAITING = 2

/** Lets a sound end before its track is let go, in milliseconds. */
private const val TAIL_MS = 50L

/** What ear and hand get, on a thread of its own. */
class Sounds(context: Context) {
    private val vibrator = context.getSystemService(Vibrator::class.java)
    private val player = ThreadPoolExecutor(
        0, 1, 5, TimeUnit.SECONDS, LinkedBlockingQueue(WAITING), { Thread(it, "sounds") }, ThreadPoolExecutor.DiscardOldestPolicy(),
    )

    /** Plays a feeling's tones soon. */
    fun play(feeling: Feeling) = player.execute { sound(pcm(feeling.tones, RATE)) }

    /** Lets the hand feel it. */
    fun vibrate(feeling: Feeling) {
        if (vibrator?.hasVibrator() == true) vibrator.vibrate(feeling.haptic.effect())
    }

    private fun sound(samples: ByteArray) {
        val track = AudioTrack.Builder()
            .setAudioAttributes(AudioAttributes.Builder().setUsage(AudioAttributes.USAGE_ASSISTANCE_SONIFICATION).build())
            .setAudioFormat(AudioFormat.Builder().setEncoding(AudioFormat.ENCODING_PCM_16BIT).setSampleRate(RATE).build())
            .setTransferMode(AudioTrack.MODE_STATIC)
            .setBufferSizeInBytes(samples.size)
            .build()
        try {
            track.write(samples, 0, samples.size)
            track.play()
            Thread.sleep(samples.size * 1000L / (RATE * Short.SIZE_BYTES) + TAIL_MS)
        } catch (_: IllegalStateException) {
            // Another app holds the loudspeaker.
        } finally {
            track.release()
        }
    }
}

/** Lengths that a cheap motor can follow, in milliseconds. */
private fun Haptic.effect(): VibrationEffect = when (this) {
    Haptic.Light -> VibrationEffect.createOneShot(12, VibrationEffect.DEFAULT_AMPLITUDE)
    Haptic.Medium -> VibrationEffect.createOneShot(30, VibrationEffect.DEFAULT_AMPLITUDE)
    Haptic.Double -> VibrationEffect.createWaveform(longArrayOf(0, 40, 80, 40), -1)
}
