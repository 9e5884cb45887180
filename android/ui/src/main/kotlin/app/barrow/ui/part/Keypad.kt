package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.TouchOften

/** What a keypad tells. */
sealed interface PadPress {
    /** A figure, 0 to 9. */
    data class Digit(val value: Int) : PadPress

    /** Takes the last figure away. */
    data object Back : PadPress
}

/** Figures 1 to 9 and 0 with a way to take one back; [corner] is the key at the lower start, for instance "00". */
@Composable
fun Keypad(onPress: (PadPress) -> Unit, modifier: Modifier = Modifier, corner: (@Composable (Modifier) -> Unit)? = null) {
    // Figures stand in the same places in every language.
    CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
        Column(modifier.padding(horizontal = Margin), Arrangement.spacedBy(Gap)) {
            for (first in listOf(1, 4, 7)) PadRow { for (digit in first..first + 2) DigitKey(digit, Modifier.weight(1f), onPress) }
            PadRow {
                if (corner != null) corner(Modifier.weight(1f)) else Spacer(Modifier.weight(1f))
                DigitKey(0, Modifier.weight(1f), onPress)
                KeyBox(Look.words.text("common.backspace"), { onPress(PadPress.Back) }, Modifier.weight(1f), minHeight = padKeyHeight()) {
                    Icon(Icons.Backspace, null, Modifier.size(28.dp))
                }
            }
        }
    }
}

@Composable
private fun PadRow(keys: @Composable RowScope.() -> Unit) =
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Gap), content = keys)

/** As high as a key with a figure, for the one with an icon. */
@Composable
private fun padKeyHeight(): Dp = with(LocalDensity.current) { Look.type.number.lineHeight.toDp() + 8.dp }.coerceAtLeast(TouchOften)

@Composable
private fun DigitKey(digit: Int, modifier: Modifier, onPress: (PadPress) -> Unit) {
    val text = Look.figures.whole(digit.toLong())
    KeyBox(text, { onPress(PadPress.Digit(digit)) }, modifier) { Text(text, style = Look.type.number, maxLines = 1) }
}
