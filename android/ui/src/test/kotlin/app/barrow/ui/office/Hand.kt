package app.barrow.ui.office

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ComposeTimeoutException
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.junit4.ComposeContentTestRule
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextClearance
import androidx.compose.ui.test.performTextInput
import app.barrow.ui.picture.nameOf

/** Waits at most this long for a screen, in milliseconds: two shared cores may be busy. */
private const val SCREEN_MS = 20_000L

/** One hand at the screen: it presses what it sees, and counts. */
class Hand(private val rule: ComposeContentTestRule) {
    /** Counts presses. */
    var touches = 0
        private set

    /** Waits until something to press begins with this name, and presses it. */
    fun tap(name: String) {
        val wanted = named(name)
        waitFor(name) { rule.onAllNodes(wanted).fetchSemanticsNodes().isNotEmpty() }
        rule.onAllNodes(wanted).onFirst().performClick()
        rule.waitForIdle()
        touches++
    }

    /** Presses digits on a pad; they are not counted. */
    fun digits(text: String) {
        for (digit in text) rule.onAllNodes(named("$digit", whole = true)).onFirst().performClick()
        rule.waitForIdle()
    }

    /** Types into the only text field. */
    fun type(text: String) {
        rule.waitUntil(SCREEN_MS) { rule.onAllNodes(hasSetTextAction()).fetchSemanticsNodes().isNotEmpty() }
        rule.onAllNodes(hasSetTextAction()).onFirst().performTextInput(text)
        rule.waitForIdle()
    }

    /** Empties the only text field. */
    fun clear() {
        rule.onAllNodes(hasSetTextAction()).onFirst().performTextClearance()
        rule.waitForIdle()
    }

    /** Waits until something is said on the screen. */
    fun sees(text: String) = waitFor(text) { names().any { it.contains(text) } }

    private fun waitFor(what: String, there: () -> Boolean) = try {
        rule.waitUntil(SCREEN_MS, there)
    } catch (late: ComposeTimeoutException) {
        throw AssertionError("no \"$what\" among ${names()}", late)
    }

    /** Lists all that is said on the screen. */
    private fun names() = rule.onAllNodes(SemanticsMatcher("any") { true }, useUnmergedTree = true).fetchSemanticsNodes()
        .map(::nameOf).filter(String::isNotEmpty)

    private fun named(name: String, whole: Boolean = false) = SemanticsMatcher("to press: $name") { node ->
        val can = node.config.getOrNull(SemanticsActions.OnClick) != null && SemanticsProperties.Disabled !in node.config
        can && nameOf(node).let { if (whole) it == name else it.startsWith(name) }
    }
}
