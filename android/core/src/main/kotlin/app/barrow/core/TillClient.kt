package app.barrow.core

import java.util.UUID
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.withContext

/** Waits at most this long for a till that closes: one commit, with room for a slow disk. Milliseconds. */
private const val SHUT_MS = 5_000uL

/**
 * One open till as screens hold it. Every call leaves the caller's thread before it touches the core, and what
 * changed comes as a [Flow] that any number of readers may collect.
 */
class TillClient(
    private val till: Till,
    private val core: CoroutineDispatcher = Dispatchers.IO,
    private val newId: () -> CommandId = ::timeOrderedId,
) {
    /** Asks the till something: `till.ask { charge(cart) }`. The wait may be cancelled; nothing is lost by it. */
    suspend fun <T> ask(question: suspend Till.() -> T): T = withContext(core) { till.question() }

    /**
     * Sends what a person wants. The id is kept by whoever may have to send it again: a repeat returns the first
     * outcome. Once handed over it is carried out, even when the caller is gone before the answer.
     */
    suspend fun send(command: Command, id: CommandId = newId(), who: String? = null): Outcome =
        withContext(core + NonCancellable) { till.dispatch(id, command, who) }

    /** Makes an id for a command, a cart or an item; ids sort by the time of their making. */
    fun newId(): UUID = newId.invoke()

    /**
     * Tells what changed, starting at once with everything there is now. Changes that come close together arrive as
     * one. It ends when the till closes. Without topics every change is told.
     */
    fun changes(vararg topics: Topic): Flow<Changes> = flow {
        var since = 0uL
        // A till that was just opened has changed nothing yet.
        emit(Changes(since, Topic.entries))
        while (true) {
            val changes = till.changes(since) ?: return@flow
            since = changes.revision
            emit(changes)
        }
    }.filter { topics.isEmpty() || it.topics.any(topics::contains) }.flowOn(core)

    /** Makes everything durable and closes the till. Calls after it fail with [TillException.Closed]; twice is fine. */
    suspend fun shut() = withContext(core + NonCancellable) {
        till.shut(SHUT_MS)
    }

    companion object {
        /** Founds a shop in a folder that holds none and opens its first till. */
        suspend fun found(request: FoundRequest, keys: KeyStore? = null): TillClient =
            withContext(Dispatchers.IO) { TillClient(Till.found(request, keys)) }

        /** Opens the till of a folder as it was at its last durable step, open carts included. */
        suspend fun open(folder: String, keysFolder: String, keys: KeyStore? = null): TillClient =
            withContext(Dispatchers.IO) { TillClient(Till.open(folder, keysFolder, keys)) }
    }
}
