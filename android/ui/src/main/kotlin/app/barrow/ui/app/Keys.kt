package app.barrow.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEvent
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.isAltPressed
import androidx.compose.ui.input.key.isCtrlPressed
import androidx.compose.ui.input.key.isMetaPressed
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.type
import androidx.compose.ui.input.key.utf16CodePoint

/** GS1 readers send this between the parts of a code. */
private const val GROUP_SEPARATOR = '\u001d'

/** Where typed signs go while no text field has the focus: a pad, or the search. */
interface KeyTarget {
    /** Takes a sign; false when it has no use for it. */
    fun sign(sign: Char): Boolean = false

    /** Takes the last sign away; false when there is none. */
    fun erase(): Boolean = false

    /** Does what the main button does; false when it can't now. */
    fun enter(): Boolean = false

    /** Steps back within the screen; false when the whole screen shall be left. */
    fun escape(): Boolean = false

    /** Returns what sets it back to what it is now. */
    fun mark(): () -> Unit = {}
}

/** Every key that is pressed anywhere: scanners are told from people, and what no field wants goes to the screen. */
class Keys(private val timeMs: (KeyEvent) -> Long, scanned: (String) -> Unit, private val back: () -> Unit) {
    private val wedge = Wedge(scanned)
    private val targets = mutableListOf<KeyTarget>()
    private var taken = false

    /** Holds what takes back the text of the field that has the focus; null while none has. */
    internal var field: (() -> (() -> Unit))? = null

    internal fun leave(mark: () -> (() -> Unit)) {
        if (field === mark) field = null
    }

    internal fun add(target: KeyTarget) {
        targets += target
    }

    internal fun remove(target: KeyTarget) {
        targets -= target
    }

    /** Sees every key before anything else does. */
    fun before(event: KeyEvent): Boolean {
        // A desktop tells a sign twice, as a key that went down and as what it typed: who had the first has both.
        if (event.type == KeyEventType.Unknown) return taken.also { taken = false }
        if (event.type != KeyEventType.KeyDown) return false
        if (event.key in ENDS) return wedge.ended(timeMs(event))
        val sign = event.sign ?: return false
        val inField = field
        wedge.signed(sign, timeMs(event), inField ?: { targets.map { it.mark() }.let { marks -> { marks.forEach { it() } } } })
        taken = inField == null && !sign.isWhitespace() && typed(sign)
        return taken
    }

    /** Sees what nothing else wanted. */
    fun after(event: KeyEvent): Boolean {
        if (event.type != KeyEventType.KeyDown) return false
        return when (event.key) {
            Key.Enter, Key.NumPadEnter -> targets.asReversed().any { it.enter() }
            Key.Backspace -> targets.asReversed().any { it.erase() }
            Key.Escape -> targets.asReversed().any { it.escape() } || true.also { back() }
            else -> event.sign?.let(::typed) ?: false
        }
    }

    private fun typed(sign: Char) = targets.asReversed().any { it.sign(sign) }

    private val KeyEvent.sign: Char?
        get() {
            val plain = !isAltPressed && !isMetaPressed && !isCtrlPressed
            val sign = utf16CodePoint.takeIf { it in 1..0xFFFD }?.toChar() ?: return null
            return sign.takeIf { it == GROUP_SEPARATOR || plain && !it.isISOControl() }
        }

    private companion object {
        val ENDS = setOf(Key.Enter, Key.NumPadEnter, Key.Tab)
    }
}

/** The keys of the app. */
val LocalKeys = staticCompositionLocalOf<Keys?> { null }

/** Sends typed signs here for as long as this is on the screen. */
@Composable
fun TakesKeys(target: KeyTarget) {
    val keys = LocalKeys.current ?: return
    val now = rememberUpdatedState(target)
    val held = remember(keys) {
        object : KeyTarget {
            override fun sign(sign: Char) = now.value.sign(sign)
            override fun erase() = now.value.erase()
            override fun enter() = now.value.enter()
            override fun escape() = now.value.escape()
            override fun mark() = now.value.mark()
        }
    }
    DisposableEffect(keys) {
        keys.add(held)
        onDispose { keys.remove(held) }
    }
}

/**
 * Marks a text field whose [value] a scanner must not fill: what it types here on the way to a scan is taken back by
 * [set].
 */
@Composable
fun Modifier.keepsScansOut(value: String, set: (String) -> Unit): Modifier {
    val keys = LocalKeys.current ?: return this
    val now = rememberUpdatedState(value)
    val back = rememberUpdatedState(set)
    val mark = remember { { now.value.let { before -> { back.value(before) } } } }
    DisposableEffect(keys) { onDispose { keys.leave(mark) } }
    return onFocusChanged { if (it.hasFocus) keys.field = mark else keys.leave(mark) }
}
