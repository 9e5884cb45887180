package app.barrow.ui.model

import app.barrow.core.TillException
import app.barrow.core.Topic
import app.barrow.ui.app.Notice
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.launch

/** Looks at once and again whenever one of the topics changed, until the scope of the screen ends. */
fun Seat.watch(scope: CoroutineScope, vararg topics: Topic, look: suspend () -> Unit): Job = scope.launch {
    till.changes(*topics).conflate().collect { sayFaults(look) }
}

/** Asks the till for a screen; what goes wrong becomes a sentence. It ends with the scope of the screen. */
fun Seat.ask(scope: CoroutineScope, question: suspend () -> Unit): Job = scope.launch { sayFaults(question) }

private suspend fun Seat.sayFaults(task: suspend () -> Unit) = try {
    task()
} catch (_: TillException.Closed) {
    // The window closes: nobody is there to read a sentence.
} catch (fault: TillException) {
    say(Notice.of(fault))
}
