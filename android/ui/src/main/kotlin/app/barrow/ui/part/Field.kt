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
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEvent
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.onPreviewKeyEvent
import androidx.compose.ui.input.key.type
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
    // What is searched or secret stays on one line.
    val wraps = lines > 1 || !secret && hint.isEmpty()
    val paper = keyPaper().let { if (trouble.isNotEmpty()) it.copy(border = palette.trouble, borderWidth = 3.dp) else if (focused) it.copy(border = palette.info, borderWidth = 3.dp) else it }
    Column(modifier, Arrangement.spacedBy(4.dp)) {
        if (hint.isEmpty()) Text(label, Modifier.clearAndSetSemantics { }, style = Look.type.strong)
        Row(
            Modifier.fillMaxWidth().defaultMinSize(minHeight = 56.dp).paper(PlainShape, paper).padding(start = 14.dp, end = if (onClear != null && value.isNotEmpty()) 0.dp else 14.dp),
            Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
        ) {
            icon?.let { Icon(it, null) }
            BasicTextField(
                shown,
                { typed ->
                    // A line that wraps is still one line.
                    val next = if (lines == 1) typed.copy(text = typed.text.replace("\n", "")) else typed
                    held = next
                    if (next.text != value) onChange(next.text)
                },
                Modifier.weight(1f).onFocusChanged { focused = it.isFocused }
                    .onPreviewKeyEvent { key -> wraps && lines == 1 && key.isEnter().also { if (it && key.type == KeyEventType.KeyDown) onDone?.invoke() } }
                    .semantics { contentDescription = label; if (trouble.isNotEmpty()) error(trouble) },
                textStyle = Look.type.text.copy(color = palette.ink), singleLine = !wraps, minLines = lines, maxLines = if (lines == 1) WRAPPED else Int.MAX_VALUE, cursorBrush = SolidColor(palette.info),
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

/** Enter ends a line that wraps; a phone's keyboard has its own key for that. */
private fun KeyEvent.isEnter() = key == Key.Enter || key == Key.NumPadEnter

/** A long text in a field of one line wraps on up to so many. */
private const val WRAPPED = 3

@Composable
private fun Inner(value: String, hint: String, field: @Composable () -> Unit) = Box(Modifier.padding(vertical = 12.dp), Alignment.CenterStart) {
    if (value.isEmpty() && hint.isNotEmpty()) {
        FittedText(hint, Look.type.text, Modifier.fillMaxWidth(), Look.palette.ink2, maxLines = 1, align = Look.type.text.textAlign)
    }
    field()
}
