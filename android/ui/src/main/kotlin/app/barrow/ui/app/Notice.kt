package app.barrow.ui.app

import app.barrow.core.TillException
import app.barrow.core.Rejection

/** A sentence for the person: what happened and what to do. */
data class Notice(
    /** The fault it tells of; its words are chosen where it is shown. */
    val fault: TillException? = null,
    /** A word of the resources, when it tells of no fault. */
    val word: String? = null,
    /** What stands in the gaps of the word. */
    val values: List<String> = emptyList(),
    /** Does it again, where that helps. */
    val again: (() -> Unit)? = null,
    /** Says on its key what [again] does, where that is something else than the same once more: a word. */
    val againWord: String? = null,
    /** Lets hand and ear know. */
    val feeling: Feeling = Feeling.Trouble,
) {
    /** Returns what was rejected, if that is what it tells of. */
    val rejection: Rejection? get() = (fault as? TillException.Rejected)?.rejection

    companion object {
        /** Tells of a fault. */
        fun of(fault: TillException, again: (() -> Unit)? = null) = Notice(fault = fault, again = again)
    }
}
