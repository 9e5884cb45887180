package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.part.Head

/** A column of text and keys is never wider than this, so that the eye finds the next line. */
val PageWidth = 600.dp

/** What stands beside a list on a tablet. */
private val DetailWidth = 480.dp

/** A word of this section: "receipts.title" is office.receipts.title. */
@Composable
internal fun say(key: String, vararg values: Any): String = Look.words.text("office.$key", *values)

/**
 * A screen of the office: its name and the way back, what is to be seen (it scrolls unless [scrolls] is false), and at
 * the [foot] what the thumb presses, with a [notice] over it while there is something to say.
 */
@Composable
fun OfficePage(
    title: String,
    onBack: (() -> Unit)?,
    modifier: Modifier = Modifier,
    actions: @Composable RowScope.() -> Unit = {},
    foot: (@Composable ColumnScope.() -> Unit)? = null,
    notice: (@Composable () -> Unit)? = null,
    scrolls: Boolean = true,
    width: Dp = PageWidth,
    content: @Composable ColumnScope.() -> Unit,
) = Column(modifier.fillMaxSize(), horizontalAlignment = Alignment.CenterHorizontally) {
    Head(title, Modifier.widthIn(max = width + Margin), onBack, actions)
    val body = Modifier.weight(1f).widthIn(max = width).fillMaxWidth()
    Column(if (scrolls) body.verticalScroll(rememberScrollState()) else body, Arrangement.spacedBy(Gap), content = content)
    notice?.let { Box(Modifier.widthIn(max = width)) { it() } }
    foot?.let {
        Column(
            Modifier.widthIn(max = width).fillMaxWidth().padding(horizontal = Margin, vertical = Gap),
            Arrangement.spacedBy(Gap), content = it,
        )
    }
}

/** Keys beside each other, or below each other where text is large. */
@Composable
fun KeyRow(vararg keys: @Composable (Modifier) -> Unit) {
    if (Look.measures.large) {
        Column(verticalArrangement = Arrangement.spacedBy(Gap)) { keys.forEach { it(Modifier.fillMaxWidth()) } }
    } else {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Gap)) { keys.forEach { it(Modifier.weight(1f)) } }
    }
}

/** An icon beside a word, where there is room for both: large text leaves the word alone. */
@Composable
fun ImageVector.besideWord(): ImageVector? = takeUnless { Look.measures.large }

/** A key beside the main button, which is twice as wide; below each other where text is large. */
@Composable
fun KeyAndMain(key: @Composable (Modifier) -> Unit, main: @Composable (Modifier) -> Unit) {
    if (Look.measures.large) return KeyRow(key, main)
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Gap)) {
        key(Modifier.weight(1f))
        main(Modifier.weight(MAIN_SHARE))
    }
}

/** The main button is this much wider than a key beside it. */
private const val MAIN_SHARE = 2.15f

/** A heading inside a screen. */
@Composable
fun SectionHead(text: String, modifier: Modifier = Modifier) =
    Text(text, modifier.padding(start = 16.dp, top = 8.dp, end = 16.dp).semantics { heading() }, style = Look.type.action)

/** What a screen says when there is nothing on it yet. */
@Composable
fun Empty(text: String, modifier: Modifier = Modifier) = Box(modifier.fillMaxWidth().padding(32.dp), Alignment.Center) {
    Text(text, color = Look.palette.ink2, style = Look.type.text, textAlign = TextAlign.Center)
}

/** A list with what was chosen from it at its end side: a tablet's form. */
@Composable
fun ListAndDetail(list: @Composable () -> Unit, detail: @Composable () -> Unit) = Row(Modifier.fillMaxSize()) {
    Box(Modifier.weight(1f).fillMaxHeight()) { list() }
    VerticalDivider(color = Look.palette.hair)
    Box(Modifier.width(DetailWidth).fillMaxHeight()) { detail() }
}

/** A hairline over a row of a card, unless it is the first. */
@Composable
fun Modifier.rowDivider(first: Boolean): Modifier {
    val hair = Look.palette.hair
    return if (first) this else drawBehind {
        drawLine(hair, Offset(14.dp.toPx(), 0f), Offset(size.width - 14.dp.toPx(), 0f), 1.5.dp.toPx())
    }
}
