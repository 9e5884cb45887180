package app.barrow.ui.part

import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.text
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin

/** The name of a screen, 56 high (smaller where it is long), with the way back where there is one and what else can be done at the end. */
@Composable
fun Head(title: String, modifier: Modifier = Modifier, onBack: (() -> Unit)? = null, actions: @Composable RowScope.() -> Unit = {}) {
    Row(modifier.fillMaxWidth().defaultMinSize(minHeight = 56.dp).padding(horizontal = Margin), verticalAlignment = Alignment.CenterVertically) {
        onBack?.let { IconKey(Icons.ArrowLeft, Look.words.text("common.back"), it, align = Alignment.CenterStart) }
        val style = Look.type.title
        FittedText(
            title.together(), style,
            Modifier.weight(1f).padding(start = if (onBack == null) 4.dp else 0.dp, end = 12.dp)
                .semantics { heading(); text = AnnotatedString(title) },
            maxLines = if (Look.measures.large) 2 else 1, least = 0.6f, align = style.textAlign, fewLines = true,
        )
        actions()
    }
}
