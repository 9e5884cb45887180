package app.barrow.ui.picture

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.text.TextLayoutResult

/** Wider than any window, in pixels. */
private const val ENDLESS = 1e6f

/** A longer text may end in dots: nobody reads a name of five hundred letters on a tile. */
internal const val LONG = 60

/** Figures of this size and up, in sp, are what a screen is about. */
private const val FIGURE = 44f

/**
 * Finds what a person can't read whole: a text that is cut or has no room, a word or number that the end of a line breaks, a screen's
 * figure that is not wholly in sight. What somebody types may be longer than its field.
 */
fun cutTexts(root: SemanticsNode): List<String> =
    textOf(root)?.let { faultsOf(it, root) }.orEmpty() + root.children.flatMap(::cutTexts)

private fun textOf(node: SemanticsNode): TextLayoutResult? {
    if (node.config.contains(SemanticsProperties.EditableText)) return null
    val results = mutableListOf<TextLayoutResult>()
    node.config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(results)
    return results.firstOrNull()
}

private fun faultsOf(result: TextLayoutResult, node: SemanticsNode): List<String> {
    val text = result.layoutInput.text.text
    val seen = node.boundsInRoot
    if (node.size.width == 0 && node.size.height > 0 && text.isNotBlank()) return listOf("\"$text\" has no room")
    if (seen.isEmpty) return emptyList() // scrolled out of sight
    val figure = result.layoutInput.style.fontSize.let { it.isSp && it.value >= FIGURE }
    return listOfNotNull(
        "\"$text\" is cut".takeIf { isCut(result) && text.length <= LONG },
        broken(result)?.let { "\"$text\" is broken after \"$it\"" },
        "the figure \"$text\" is not wholly in sight".takeIf { figure && (seen.height < node.size.height - 1 || seen.width < node.size.width - 1) },
    )
}

/**
 * Whether letters are missing. A paragraph is laid out as wide as there was room and then made narrower, so
 * [TextLayoutResult.hasVisualOverflow] says yes to whatever is narrower than its place: the lines themselves tell.
 */
private fun isCut(result: TextLayoutResult): Boolean {
    val paragraph = result.multiParagraph
    // Where a row scrolls sideways a line has no end to measure from.
    val measured = paragraph.width < ENDLESS
    val widest = (0 until result.lineCount).maxOfOrNull { result.getLineRight(it) - result.getLineLeft(it) } ?: 0f
    return paragraph.didExceedMaxLines || (0 until result.lineCount).any(result::isLineEllipsized) ||
        measured && widest > result.size.width + 1 || paragraph.height > result.size.height + 1
}

/** The line that ends within a word or a number. */
private fun broken(result: TextLayoutResult): String? {
    val text = result.layoutInput.text.text
    return (0 until result.lineCount - 1).firstOrNull { line ->
        val end = result.getLineEnd(line)
        end in 1 until text.length && text[end - 1].let { it.isLetterOrDigit() || it == ',' && text[end].isDigit() } && text[end].isLetterOrDigit()
    }?.let { text.substring(result.getLineStart(it), result.getLineEnd(it)) }
}
