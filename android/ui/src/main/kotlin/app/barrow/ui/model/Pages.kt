package app.barrow.ui.model

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** Rows in one page of a list: two screens of a tablet. */
const val PAGE_ROWS = 50

/** One page of a list: its rows and the key that the next page starts after; null at the end. */
class Page<K : Any, T>(val rows: List<T>, val next: K?)

/** What is held of a long list, by place. A place whose page was let go reads null until it is shown again. */
data class Rows<T>(val count: Int = 0, val complete: Boolean = false, private val pages: Map<Int, List<T>> = emptyMap()) {
    /** Gives the row at a place. */
    operator fun get(place: Int): T? = pages[place / PAGE_ROWS]?.getOrNull(place % PAGE_ROWS)

    /** Counts the rows that are in memory. */
    val held: Int get() = pages.values.sumOf(List<T>::size)

    /** Lists the rows that are in memory, in order. */
    fun all(): List<T> = pages.toSortedMap().values.flatten()
}

/**
 * A list that is read page by page by key. It keeps the pages around what is on screen and only the keys of the
 * others, so memory does not grow with the list. [read] gives full pages of [PAGE_ROWS] until the last.
 */
class Pages<K : Any, T>(private val read: suspend (after: K?) -> Page<K, T>) {
    private val turn = Mutex()
    private val shown = MutableStateFlow(Rows<T>())
    private val starts = mutableListOf<K?>(null)
    private val kept = mutableMapOf<Int, List<T>>()
    private var known = 0

    @Volatile
    private var wanted = 0..0
    private var complete = false

    /** Tells the rows. */
    val rows: StateFlow<Rows<T>> = shown

    /** Notes which places are on screen; [show] reads them. Looks may run in any order: the last note counts. */
    fun want(first: Int, last: Int) {
        wanted = first..last
    }

    /** Reads what is missing around the places on screen, and lets go of what is far away. */
    suspend fun show() = turn.withLock {
        val around = (wanted.first / PAGE_ROWS - 1).coerceAtLeast(0)..wanted.last / PAGE_ROWS + 1
        for (page in around) if (page !in kept) readUpTo(page, around)
        kept.keys.retainAll { it in around }
        publish()
    }

    /** Reads everything that is held anew: something changed. */
    suspend fun again() = turn.withLock {
        val held = (kept.keys.minOrNull() ?: 0)..(kept.keys.maxOrNull() ?: 0)
        starts.subList(1, starts.size).clear()
        kept.clear()
        known = 0
        complete = false
        readUpTo(held.last, held)
        publish()
    }

    /** Walks from the last known key to a page, and keeps those pages that are wanted. */
    private suspend fun readUpTo(page: Int, wanted: IntRange) {
        while (starts.lastIndex < page && !complete) readPage(starts.lastIndex, wanted)
        if (page <= starts.lastIndex && page !in kept) readPage(page, wanted)
    }

    private suspend fun readPage(page: Int, wanted: IntRange) {
        val answer = read(starts[page])
        if (page in wanted) kept[page] = answer.rows
        known = maxOf(known, page * PAGE_ROWS + answer.rows.size)
        if (page < starts.lastIndex) return
        if (answer.next == null) complete = true else starts += answer.next
    }

    private fun publish() {
        shown.value = Rows(known, complete, kept.toMap())
    }
}
