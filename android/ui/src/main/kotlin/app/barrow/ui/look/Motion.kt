package app.barrow.ui.look

import androidx.compose.animation.core.FastOutSlowInEasing
import androidx.compose.animation.core.FiniteAnimationSpec
import androidx.compose.animation.core.snap
import androidx.compose.animation.core.tween
import androidx.compose.runtime.Immutable

/** How long things move, in milliseconds. With reduced motion nothing moves: the new state is simply there. */
@Immutable
class Motion(val reduced: Boolean) {
    /** A pressed key returns. */
    fun <T> press(): FiniteAnimationSpec<T> = spec(PRESS_MS)

    /** A count bubble swells. */
    fun <T> bubble(): FiniteAnimationSpec<T> = spec(BUBBLE_MS)

    /** A sheet comes up. */
    fun <T> sheet(): FiniteAnimationSpec<T> = spec(SHEET_MS)

    /** The wheel rolls one eighth when the sale is on disk. */
    fun <T> wheel(): FiniteAnimationSpec<T> = spec(WHEEL_MS)

    private fun <T> spec(ms: Int): FiniteAnimationSpec<T> = if (reduced) snap() else tween(ms, easing = FastOutSlowInEasing)

    private companion object {
        const val PRESS_MS = 80
        const val BUBBLE_MS = 120
        const val SHEET_MS = 180
        const val WHEEL_MS = 320
    }
}
