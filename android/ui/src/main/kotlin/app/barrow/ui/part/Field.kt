package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.error
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextRange
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.text.input.TextFieldValue
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.PlainShape
import app.barrow.ui.look.paper

/**
 * A line of text that a person types, 56 high, with its [label] above it or, as [hint], inside while it is empty; or
 * several [lines].
 * [trouble] says under it what is wrong and how to put it right.
 */
@Composable
fun Field(
    value: String,
    onChange: (String) -> Unit,
    label: String,
    modifier: Modifier = Modifier,
    hint: String = "",
    icon: ImageVector? = null,
    trouble: String = "",
    secret: Boolean = false,
    keyboard: KeyboardType = KeyboardType.Text,
    lines: Int = 1,
    onDone: (() -> Unit)? = null,
    onClear: (() -> Unit)? = null,
) {
    val palette = Look.palette
    var focused by remember { mutableStateOf(false) }
    // A text that came from elsewhere is gone on with at its end.
    var held by remember { mutableStateOf(TextFieldValue(value, TextRange(value.length))) }
    val shown = if (held.text == value) held else TextFieldValue(value, TextRange(value.length))
    val paper = keyPaper().let { if (trouble.isNotEmpty()) it.copy(border = palette.trouble, borderWidth = 3.dp) else if (focused) it.copy(border = palette.info, borderWidth = 3.dp) else it }
    Column(modifier, Arrangement.spacedBy(4.dp)) {
        if (hint.isEmpty()) Text(label, Modifier.clearAndSetSemantics { }, style = Look.type.strong)
        Row(
            Modifier.fillMaxWidth().defaultMinSize(minHeight = 56.dp).paper(PlainShape, paper).padding(start = 14.dp),
            Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
        ) {
            icon?.let { Icon(it, null) }
            BasicTextField(
                shown, { typed -> held = typed; if (typed.text != value) onChange(typed.text) },
                Modifier.weight(1f).onFocusChanged { focused = it.isFocused }
                    .semantics { contentDescription = label; if (trouble.isNotEmpty()) error(trouble) },
                textStyle = Look.type.text.copy(color = palette.ink), singleLine = lines == 1, minLines = lines, cursorBrush = SolidColor(palette.info),
                keyboardOptions = KeyboardOptions(keyboardType = keyboard, imeAction = if (lines == 1) ImeAction.Done else ImeAction.Default),
                keyboardActions = KeyboardActions(onDone = { onDone?.invoke() }),
                visualTransformation = if (secret) PasswordVisualTransformation() else VisualTransformation.None,
                decorationBox = { inner -> Inner(value, hint, inner) },
            )
            if (onClear != null && value.isNotEmpty()) IconKey(Icons.X, Look.words.text("common.clear"), onClear)
        }
        if (trouble.isNotEmpty()) Text(trouble, color = palette.trouble, style = Look.type.small)
    }
}

@Composable
private fun Inner(value: String, hint: String, field: @Composable () -> Unit) = Box(Modifier.padding(vertical = 12.dp)) {
    if (value.isEmpty() && hint.isNotEmpty()) Text(hint, color = Look.palette.ink2, style = Look.type.text, maxLines = 1)
    field()
}
