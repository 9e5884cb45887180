package app.barrow.ui.screen

import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Look
import app.barrow.ui.part.Card
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.Hairline
import app.barrow.ui.part.Sides
import app.barrow.ui.part.together

/** A document as it is printed: signs of one width on white paper, always left to right. */
@Composable
fun PaperText(text: String, said: String) = Card {
    val style = Look.type.code.copy(textAlign = TextAlign.Left)
    CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
        if (Look.measures.large) {
            LargePaper(text, "$said. $text", style)
        } else {
            Box(Modifier.fillMaxWidth(), Alignment.TopCenter) {
                Box(Modifier.horizontalScroll(rememberScrollState()).padding(14.dp)) {
                    Text(text, Modifier.semantics { contentDescription = "$said. $text" }, style = style, softWrap = false)
                }
            }
        }
    }
}

/** The printed columns are wider than a screen with large text: each line is set anew, its amounts still at the end. */
@Composable
private fun LargePaper(text: String, said: String, style: TextStyle) =
    Column(Modifier.fillMaxWidth().padding(14.dp).clearAndSetSemantics { contentDescription = said }) {
        text.trimEnd().lines().forEach { PaperLine(it, style) }
    }

@Composable
private fun PaperLine(line: String, style: TextStyle) {
    val columns = COLUMNS.matchEntire(line)
    when {
        line.isNotBlank() && line.all { it in RULES } -> Hairline(Modifier.padding(vertical = 8.dp))
        columns != null -> Sides(
            Modifier.fillMaxWidth(), start = { Text(columns.groupValues[1].together(), style = style) }, end = { FigureText(columns.groupValues[2], style) },
        )
        else -> Text(line.trim().together(), style = style)
    }
}

/** Words, a gap of two and more, and what stands at the end of the line. */
private val COLUMNS = Regex("""(\S.*?) {2,}(\S.*)""")

/** What a line across the paper is made of. */
private const val RULES = "-=_"
