package app.barrow.ui.picture

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsNodeInteractionsProvider
import androidx.compose.ui.test.isRoot
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp

/** Nothing to press is smaller than this. */
private val LEAST = 48.dp

/** Nothing to press lies nearer to the side of the window than this. */
private val OUTER = 12.dp

/**
 * Checks what a screen reader meets: everything to press has a role and a name, is at least 48 dp in both directions
 * ([thin] names those that may be lower, such as the strip), stays out of the outer 12 dp, and is read from top to
 * bottom. Throws with every fault it found.
 */
fun SemanticsNodeInteractionsProvider.audit(thin: Set<String> = emptySet(), edges: Set<String> = emptySet()) {
    val faults = onAllNodes(isRoot()).fetchSemanticsNodes().flatMap { root ->
        val pressed = pressable(root)
        val window = windows(root).firstOrNull() ?: root
        pressed.flatMap { faults(it, window.boundsInRoot, thin, edges) } + order(pressed)
    }
    if (faults.isNotEmpty()) throw AssertionError(faults.joinToString("\n", "${faults.size} faults for screen readers and fingers:\n"))
}

/** Everything to press under a node, in the order of reading. */
fun pressable(node: SemanticsNode): List<SemanticsNode> =
    (if (node.config.contains(SemanticsActions.OnClick) || node.config.contains(SemanticsActions.SetText)) listOf(node) else emptyList()) +
        node.children.flatMap(::pressable)

private fun windows(node: SemanticsNode): List<SemanticsNode> =
    (if (node.config.getOrNull(SemanticsProperties.TestTag) == WINDOW) listOf(node) else emptyList()) + node.children.flatMap(::windows)

private fun faults(node: SemanticsNode, window: Rect, thin: Set<String>, edges: Set<String>): List<String> {
    val name = nameOf(node)
    val box = node.boundsInRoot
    if (box.isEmpty) return emptyList() // scrolled out of sight
    val density = node.layoutInfo.density
    val shown = name.ifEmpty { "unnamed at $box" }
    val whole = node.size
    return listOfNotNull(
        "$shown: no name".takeIf { name.isEmpty() },
        "$shown: no role".takeIf { node.config.getOrNull(SemanticsProperties.Role) == null && !node.config.contains(SemanticsActions.SetText) },
        "$shown: ${dp(whole.width, density)} x ${dp(whole.height, density)} dp".takeIf { tooSmall(node, density, name in thin) },
        "$shown: in the outer margin".takeIf { name !in edges && name !in thin && density.run { box.left < window.left + OUTER.toPx() - 1 || box.right > window.right - OUTER.toPx() + 1 } },
    )
}

private fun tooSmall(node: SemanticsNode, density: Density, low: Boolean) = density.run {
    node.size.width < LEAST.toPx() - 1 || (!low && node.size.height < LEAST.toPx() - 1 && !node.config.contains(SemanticsActions.SetText))
}

private fun dp(pixels: Int, density: Density) = density.run { pixels.toDp().value.toInt() }

/** The name that a screen reader says: the description, else the text. */
fun nameOf(node: SemanticsNode): String =
    (node.config.getOrNull(SemanticsProperties.ContentDescription) ?: node.config.getOrNull(SemanticsProperties.Text)?.map { it.text })
        .orEmpty().joinToString(" ")

/** Of two that lie in one column, the upper one is read first. */
private fun order(nodes: List<SemanticsNode>): List<String> = nodes.filter { !it.boundsInRoot.isEmpty }.zipWithNext().mapNotNull { (first, second) ->
    val above = second.boundsInRoot.bottom <= first.boundsInRoot.top
    val sameColumn = second.boundsInRoot.left < first.boundsInRoot.right && first.boundsInRoot.left < second.boundsInRoot.right
    "${nameOf(second)}: read after ${nameOf(first)}, which lies below it".takeIf { above && sameColumn }
}
