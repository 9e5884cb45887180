package app.barrow.ui.part

import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look

/** One less and one more of [name], 48 each; at one piece less is a bin. Null takes a key away. */
@Composable
fun Stepper(name: String, quantity: String, lessRemoves: Boolean, onLess: (() -> Unit)?, onMore: (() -> Unit)?, modifier: Modifier = Modifier) {
    val words = Look.words
    Row(modifier, verticalAlignment = Alignment.CenterVertically) {
        onLess?.let {
            val said = words.text(if (lessRemoves) "common.remove_of" else "common.less_of", name)
            IconKey(if (lessRemoves) Icons.Trash else Icons.Minus, said, it, boxed = true)
        }
        Text(
            quantity, Modifier.defaultMinSize(minWidth = 36.dp).padding(horizontal = 4.dp), style = Look.type.amount,
            textAlign = TextAlign.Center, maxLines = 1,
        )
        onMore?.let { IconKey(Icons.Plus, words.text("common.more_of", name), it, boxed = true) }
    }
}
