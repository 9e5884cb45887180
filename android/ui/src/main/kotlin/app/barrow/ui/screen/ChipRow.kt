package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Margin
import app.barrow.ui.part.Chip

/** Chips beside each other, in as many rows as they need. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun ChipRow(modifier: Modifier = Modifier, content: @Composable () -> Unit) =
    FlowRow(modifier.padding(horizontal = Margin), Arrangement.spacedBy(Gap), Arrangement.spacedBy(Gap)) { content() }

/** The languages of the screens by their own names, after [first] where there is one: "As the device". */
@Composable
fun LanguageChips(chosen: String?, onChoose: (String) -> Unit, first: (@Composable () -> Unit)? = null) = ChipRow {
    first?.invoke()
    OwnNames.forEach { (code, name) -> Chip(name, { onChoose(code) }, chosen = code == chosen) }
}
