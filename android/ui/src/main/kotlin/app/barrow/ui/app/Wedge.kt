package app.barrow.ui.app

/** A pause longer than this ends what a scanner types: it sends a sign every 1 to 30 ms, a person every 80 or more. */
private const val PAUSE_MS = 60L

/** A scanner's signs come this close together on average, in milliseconds. */
private const val CLOSE_MS = 40L

/** No code that goods carry is shorter. */
private const val SHORTEST = 4

/** No code is longer (the core's own limit); a cat on the keyboard is. */
private const val LONGEST = 500

/**
 * Tells a scanner that types (a keyboard wedge) from a person who types. A scanner sends its signs without pause and
 * ends with Enter or Tab. What it typed into a field or a pad on the way is taken back: [mark][signed] remembers what
 * stood there before the first sign.
 */
class Wedge(private val scanned: (String) -> Unit) {
    private val signs = StringBuilder()
    private var firstMs = 0L
    private var lastMs = 0L
    private var takeBack: () -> Unit = {}

    /** Takes note of a sign; [mark] returns what takes it back, and all after it. */
    fun signed(sign: Char, atMs: Long, mark: () -> (() -> Unit)) {
        if (signs.isEmpty() || atMs - lastMs > PAUSE_MS) {
            signs.clear()
            firstMs = atMs
            takeBack = mark()
        }
        if (signs.length <= LONGEST) signs.append(sign)
        lastMs = atMs
    }

    /** Takes note of Enter or Tab; true when a scanner sent it: then the code is handed on, and the key is used up. */
    fun ended(atMs: Long): Boolean {
        val code = signs.toString()
        signs.clear()
        val close = atMs - lastMs <= PAUSE_MS && atMs - firstMs <= CLOSE_MS * code.length
        if (code.length !in SHORTEST..LONGEST || !close) return false
        takeBack()
        scanned(code)
        return true
    }
}
