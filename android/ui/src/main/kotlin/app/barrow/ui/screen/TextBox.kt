package app.barrow.ui.screen

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.text.input.KeyboardType
import app.barrow.ui.app.keepsScansOut
import app.barrow.ui.part.Field

/** A text field that a scanner does not fill: what it types on the way to a scan is taken back. */
@Composable
fun TextBox(
    value: String,
    onChange: (String) -> Unit,
    label: String,
    modifier: Modifier = Modifier,
    hint: String = "",
    icon: ImageVector? = null,
    trouble: String = "",
    keyboard: KeyboardType = KeyboardType.Text,
    lines: Int = 1,
    onDone: (() -> Unit)? = null,
    onClear: (() -> Unit)? = null,
) = Field(
    value, onChange, label, modifier.keepsScansOut(value, onChange), hint, icon, trouble, keyboard = keyboard, lines = lines,
    onDone = onDone, onClear = onClear,
)
