package app.barrow.till

import androidx.activity.ComponentActivity
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContract
import kotlinx.coroutines.CompletableDeferred

/**
 * Something that the system asks the person in a window of its own. The answer finds its way also when our window
 * was made anew meanwhile; when the process ended meanwhile, nobody waits for it any more.
 */
class Question<I, O>(private val contract: ActivityResultContract<I, O>) {
    private var launcher: ActivityResultLauncher<I>? = null
    private var waiting: CompletableDeferred<O>? = null

    /** Lets this window ask; to be called while it is created, for every question in the same order. */
    fun attach(window: ComponentActivity) {
        launcher = window.registerForActivityResult(contract) { waiting?.complete(it) }
    }

    /** Asks; null when there is no window. A question that is asked again leaves the first without answer. */
    suspend fun ask(input: I): O? {
        val window = launcher ?: return null
        waiting?.cancel()
        val answer = CompletableDeferred<O>()
        waiting = answer
        window.launch(input)
        return answer.await()
    }
}
