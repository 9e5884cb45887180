package app.barrow.ui.look

import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TestTimeSource
import org.junit.Assert.assertEquals
import org.junit.Test

/** In rain a drop beside a finger is no second touch. */
class PressTest {
    @Test
    fun twoTouchesCloserThanNinetyMillisecondsCountOnce() {
        val clock = TestTimeSource()
        var presses = 0
        val press = dropProof(clock) { presses++ }
        press()
        clock += 89.milliseconds
        press()
        assertEquals(1, presses)
        clock += 90.milliseconds
        press()
        assertEquals(2, presses)
    }
}
