package app.barrow.ui

import app.barrow.core.Witness
import app.barrow.core.watchCalls
import java.awt.EventQueue
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.asCoroutineDispatcher

/** Names the threads that stand for a screen's own in tests of models. */
private const val DRAWS = "draws"

/** Names the thread of the tests, on which Compose draws too. */
private const val TESTS = "main"

/** What lies between the core and whoever calls it. */
private val passed = listOf("app.barrow.core.", "com.sun.jna.", "java.", "jdk.", "kotlin.", "kotlinx.")

/**
 * Sees every call into the core and keeps those from a thread that draws: the event thread, one of [drawing], and
 * what screens and models call on the thread of the tests. A screen that waits for the core there stands still.
 */
object CoreGuard : Witness {
    private val caught = ConcurrentLinkedQueue<Throwable>()

    init {
        watchCalls(this)
    }

    /** Makes a thread that stands for the one a screen draws on. */
    fun drawing(): CoroutineDispatcher =
        Executors.newSingleThreadExecutor { task -> Thread(task, DRAWS).apply { isDaemon = true } }.asCoroutineDispatcher()

    override fun called() {
        val thread = Thread.currentThread()
        // Coroutines add their number to the name of the thread they run on.
        val draws = EventQueue.isDispatchThread() || thread.name.startsWith(DRAWS)
        if (draws || thread.name.startsWith(TESTS) && !byTest()) caught += Throwable("the core was called on ${thread.name}")
    }

    /** Whether a test itself asks, and not a screen or model that it drives on its own thread. */
    private fun byTest(): Boolean = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).walk { frames ->
        val caller = frames.map { it.declaringClass }.filter { type -> type != CoreGuard::class.java && passed.none(type.name::startsWith) }.findFirst()
        caller.map { it.protectionDomain.codeSource?.location?.path.orEmpty().endsWith("/test-classes/") }.orElse(true)
    }

    /** Fails when a thread that draws has called the core since the last check. */
    fun check() {
        val first = caught.poll() ?: return
        val more = caught.size
        caught.clear()
        throw AssertionError("a screen waits for the core ($more more)", first)
    }
}
