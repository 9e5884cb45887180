package app.barrow.core

import java.io.Closeable
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.util.concurrent.Future
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicReference
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** The most bytes of a printer that wait to be read. What it says beyond them, unread, is lost. */
private const val WAITING_MAX = 4096

/** How much of what was taken leaves in a millisecond: an end that comes sooner cuts the paper short. */
private const val BYTES_PER_MS = 16

/** A line that is connected: two streams that block, and an end that wakes whoever waits in them. */
interface Line : Closeable {
    /** What the printer says. */
    val input: InputStream

    /** What goes to the printer. */
    val output: OutputStream
}

/** Opens a line. */
fun interface Dial {
    /** Connects, and may wait as long as it likes: before it does, it hands over what to close when patience ends. */
    fun connect(cutBy: (Closeable) -> Unit): Line
}

/**
 * A lent pipe over streams that know no patience: a reader takes in what the printer says, and a watchman cuts the
 * line when a write or the dialling lasts too long.
 */
class StreamPipe(private val dial: Dial) : BytePipe {
    private var line: Line? = null
    private var reader: Reader? = null
    private var busyUntil = 0L

    override fun open(patienceMs: UInt) {
        if (line != null) return
        val toCut = AtomicReference<Closeable>()
        val opened = watched(patienceMs, { toCut.get()?.close() }) { dial.connect(toCut::set) }
        line = opened
        reader = Reader(opened.input).also { it.start() }
    }

    override fun write(bytes: ByteArray, patienceMs: UInt): UInt {
        val line = line ?: throw PipeException.Broken()
        watched(patienceMs, line::close) {
            line.output.write(bytes)
            line.output.flush()
        }
        busyUntil = maxOf(busyUntil, nowMs()) + bytes.size / BYTES_PER_MS
        return bytes.size.toUInt()
    }

    override fun read(most: UInt, patienceMs: UInt): ByteArray {
        val reader = reader ?: throw PipeException.Broken()
        return reader.take(most.toInt(), patienceMs.toLong()) ?: throw PipeException.Broken()
    }

    override fun close(patienceMs: UInt) {
        val line = line ?: return
        this.line = null
        reader = null
        val busy = (busyUntil - nowMs()).coerceIn(0, patienceMs.toLong())
        if (busy > 0) Thread.sleep(busy)
        runCatching { line.close() }
    }

    /** Does something that blocks; when it lasts longer than the patience, [cut] ends it and it broke. */
    private fun <T> watched(patienceMs: UInt, cut: () -> Unit, work: () -> T): T {
        val watch: Future<*> = watchman.schedule({ runCatching(cut) }, patienceMs.toLong(), TimeUnit.MILLISECONDS)
        try {
            return work()
        } catch (fault: IOException) {
            throw if (line == null) PipeException.Silent() else PipeException.Broken()
        } finally {
            watch.cancel(false)
        }
    }

    private fun nowMs() = System.nanoTime() / 1_000_000

    private companion object {
        /** One for all pipes: it only ever closes what lasted too long. */
        val watchman = ScheduledThreadPoolExecutor(1) { Thread(it, "barrow-watch").apply { isDaemon = true } }
            .apply { removeOnCancelPolicy = true }
    }
}

/** Takes in what a printer says until the line ends. */
private class Reader(private val input: InputStream) : Thread("barrow-printer") {
    private val lock = ReentrantLock()
    private val news = lock.newCondition()
    private var said = ByteArray(0)
    private var ended = false

    init {
        isDaemon = true
    }

    override fun run() {
        val piece = ByteArray(256)
        try {
            while (true) {
                val count = input.read(piece)
                if (count < 0) break
                lock.withLock {
                    said += piece.copyOf(minOf(count, WAITING_MAX - said.size))
                    news.signalAll()
                }
            }
        } catch (_: IOException) {
            // The line was cut, by us or by the printer: either way it ended.
        } finally {
            lock.withLock {
                ended = true
                news.signalAll()
            }
        }
    }

    /** Returns what was said, at most so much; null when the line ended and all of it was taken. */
    fun take(most: Int, patienceMs: Long): ByteArray? = lock.withLock {
        if (said.isEmpty() && !ended) news.await(patienceMs, TimeUnit.MILLISECONDS)
        if (said.isEmpty() && ended) return null
        val taken = said.copyOf(minOf(most, said.size))
        said = said.copyOfRange(taken.size, said.size)
        taken
    }
}
