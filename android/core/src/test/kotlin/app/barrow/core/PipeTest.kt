package app.barrow.core

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertTrue
import org.junit.Test

/** A way to a printer written in Kotlin. */
class PipeTest {
    /** A lent pipe and the printer behind it: both ends in one. Only one thread calls at a time. */
    private open class Paper : BytePipe, FarEnd {
        private var paper = ByteArray(0)
        private var words = ByteArray(0)
        private var full = false
        private var gone = false

        override fun open(patienceMs: UInt) {
            gone = false
        }

        override fun write(bytes: ByteArray, patienceMs: UInt): UInt {
            if (gone) throw PipeException.Broken()
            val taken = if (full) 0 else minOf(bytes.size, 200)
            paper += bytes.copyOf(taken)
            return taken.toUInt()
        }

        override fun read(most: UInt, patienceMs: UInt): ByteArray {
            if (gone) throw PipeException.Broken()
            val said = words.copyOf(minOf(words.size, most.toInt()))
            words = words.copyOfRange(said.size, words.size)
            return said
        }

        override fun close(patienceMs: UInt) = Unit

        override fun arrived() = paper

        override fun say(bytes: ByteArray): Boolean {
            words += bytes
            return true
        }

        override fun pause(paused: Boolean): Boolean {
            full = paused
            return true
        }

        override fun hangUp(): Boolean {
            gone = true
            return true
        }
    }

    private fun laws(paper: Paper) = runCatching { runBlocking { checkBytePipe(paper, paper) } }

    private fun broken(paper: Paper, law: String) {
        val fault = laws(paper).exceptionOrNull()
        assertTrue("$fault", fault is TillException.Device && law in fault.why)
    }

    @Test
    fun itKeepsTheLawsOfPipes() = laws(Paper()).getOrThrow()

    @Test
    fun oneThatDoublesIsFound() = broken(
        object : Paper() {
            override fun write(bytes: ByteArray, patienceMs: UInt): UInt {
                super.write(bytes.copyOf(1), patienceMs)
                return super.write(bytes.copyOf(1), patienceMs)
            }
        },
        "arrives once",
    )

    @Test
    fun oneThatThrowsWhatNobodyKnowsBreaksAndNoMore() = broken(
        object : Paper() {
            override fun write(bytes: ByteArray, patienceMs: UInt): UInt = error("a bug in the shell")
        },
        "a bug in the shell",
    )

    /** A printer behind real streams that block, with little memory on the way. */
    private class Printer : FarEnd, AutoCloseable {
        private val door = ServerSocket().apply {
            receiveBufferSize = 8192
            bind(InetSocketAddress("127.0.0.1", 0))
        }
        private val paper = ByteArrayOutputStream()

        @Volatile
        private var line: Socket? = null

        @Volatile
        private var paused = false

        init {
            thread(isDaemon = true) { runCatching { while (true) serve(door.accept()) } }
        }

        private fun serve(socket: Socket) {
            line = socket
            val piece = ByteArray(1024)
            runCatching {
                while (true) {
                    while (paused) Thread.sleep(5)
                    val count = socket.inputStream.read(piece)
                    if (count < 0) break
                    synchronized(paper) { paper.write(piece, 0, count) }
                }
            }
            socket.close()
        }

        fun pipe() = StreamPipe { cutBy ->
            val socket = Socket().apply { sendBufferSize = 8192 }
            cutBy(socket)
            socket.connect(InetSocketAddress("127.0.0.1", door.localPort))
            object : Line {
                override val input = socket.inputStream
                override val output = socket.outputStream
                override fun close() = socket.close()
            }
        }

        override fun arrived() = synchronized(paper) { paper.toByteArray() }

        override fun say(bytes: ByteArray): Boolean {
            line?.outputStream?.write(bytes)
            return true
        }

        override fun pause(paused: Boolean): Boolean {
            this.paused = paused
            return true
        }

        override fun hangUp(): Boolean {
            line?.close()
            return true
        }

        override fun close() = door.close()
    }

    @Test
    fun streamsThatBlockKeepTheLaws() = Printer().use { printer -> runBlocking { checkBytePipe(printer.pipe(), printer) } }

    @Test
    fun aLineThatNobodyAnswersIsCut() {
        val pipe = StreamPipe { cutBy ->
            val cut = CountDownLatch(1)
            cutBy { cut.countDown() }
            cut.await()
            throw IOException("cut")
        }
        assertTrue(runCatching { pipe.open(50u) }.exceptionOrNull() is PipeException.Silent)
    }

    @Test
    fun oneWhoseEndThrowsHasEnded() = laws(
        object : Paper() {
            override fun close(patienceMs: UInt) = error("a bug in the shell")
        },
    ).getOrThrow()
}
