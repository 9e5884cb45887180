package app.barrow.ui.sell

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isRoot
import androidx.compose.ui.test.junit4.ComposeContentTestRule
import androidx.compose.ui.test.longClick
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.unit.dp
import app.barrow.ui.app.TillScreens
import app.barrow.ui.picture.Frame
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.Framed
import app.barrow.ui.picture.nameOf

/** A hand that touches the screen, and counts. */
class Hand(private val rule: ComposeContentTestRule, val stall: Stall) {
    /** Counts the touches. */
    var touches = 0
        private set

    /** Counts digits apart: budgets that say "+ digits" allow them. */
    var digits = 0
        private set

    /** Shows the till. */
    fun show(frame: Frame = Frames.phone) = rule.setContent {
        Box(Modifier.requiredSize(frame.width.dp, frame.height.dp)) { Framed(frame) { TillScreens(stall.selling, stall.shop) { } } }
    }

    /** Touches what is called that. */
    fun touch(name: String) {
        press(find(name))
        touches++
    }

    private fun press(node: SemanticsNodeInteraction) {
        if (node.fetchSemanticsNode().boundsInRoot.isEmpty) node.performScrollTo()
        node.performClick()
    }

    /** Touches a figure of a pad. */
    fun digit(figure: Int) {
        find("$figure", exact = true).performClick()
        digits++
    }

    /** Touches the point of a pad. */
    fun sign(name: String) {
        find(name).performClick()
        digits++
    }

    /** Starts to count anew. */
    fun forget() {
        touches = 0
        digits = 0
    }

    /** Holds what is called that. */
    fun hold(name: String) {
        find(name).performTouchInput { longClick() }
        touches++
    }

    /** Waits until something is called that, and returns it. */
    fun find(name: String, exact: Boolean = false): SemanticsNodeInteraction {
        val named = called(name, exact) and hasClickAction() and enabled
        waitFor("\"$name\" to press") { rule.onAllNodes(named).fetchSemanticsNodes().isNotEmpty() }
        return rule.onAllNodes(named).onFirst()
    }

    /** Waits until this can be read. */
    fun read(text: String) = waitFor("\"$text\" to read") {
        rule.onAllNodes(called(text, exact = false)).fetchSemanticsNodes().isNotEmpty()
    }

    /** Waits until this can't be read any more. */
    fun gone(text: String) = waitFor("\"$text\" to go") { rule.onAllNodes(called(text, exact = false)).fetchSemanticsNodes().isEmpty() }

    /** Waits until something holds. */
    fun waitFor(what: String, holds: () -> Boolean) = try {
        rule.waitUntil(CORE_MS) { holds() }
    } catch (late: Throwable) {
        throw AssertionError("waited in vain for $what on a screen that says:\n${said()}\nnotice: ${stall.seat.notice.value}", late)
    }

    /** Everything that is to be read on the screen. */
    fun said(): String = rule.onAllNodes(isRoot()).fetchSemanticsNodes().flatMap(::everything).joinToString("\n")

    private fun everything(node: SemanticsNode): List<String> = listOf(nameOf(node)).filter { it.isNotEmpty() } + node.children.flatMap(::everything)

    private fun called(name: String, exact: Boolean): SemanticsMatcher =
        if (exact) hasContentDescription(name) else hasContentDescription(name, substring = true) or hasText(name, substring = true)

    private val enabled = SemanticsMatcher("enabled") { SemanticsProperties.Disabled !in it.config }
}
