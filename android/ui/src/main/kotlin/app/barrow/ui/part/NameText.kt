package app.barrow.ui.part

import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.text
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextOverflow
import app.barrow.ui.look.Look

private val NUMBER_AND_UNIT = Regex("""(\d)[ ](\p{L}{1,4})\b""")

/** A name whose numbers stay with their units: "500 g" is never parted by the end of a line. */
internal fun String.together(): String = replace(NUMBER_AND_UNIT, "$1\u00A0$2")

/** The name of goods in a row; one of five hundred letters ends in dots after [maxLines]. */
@Composable
fun NameText(
    name: String, modifier: Modifier = Modifier, style: TextStyle = Look.type.name, color: Color = LocalContentColor.current,
    maxLines: Int = if (Look.measures.large) 3 else 2,
) = Text(
    name.together(), modifier.semantics { text = AnnotatedString(name) }, color, style = style, maxLines = maxLines, overflow = TextOverflow.Ellipsis,
)
