package app.barrow.ui.part

import androidx.compose.foundation.ScrollState
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.relocation.BringIntoViewRequester
import androidx.compose.foundation.relocation.bringIntoViewRequester
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.Paper
import app.barrow.ui.look.TabShape
import app.barrow.ui.look.Touch
import app.barrow.ui.look.paper
import app.barrow.ui.look.pressable
import kotlinx.coroutines.launch

/**
 * The pages of tiles, 48 high; [chosen] are the indexes of the pages that are shown (two on a tablet). Where they don't
 * all fit, an arrow turns on to the next ones and round to the first; [end] holds keys that always stay.
 */
@Composable
fun Tabs(names: List<String>, chosen: Set<Int>, onChoose: (Int) -> Unit, modifier: Modifier = Modifier, end: @Composable RowScope.() -> Unit = {}) {
    val wide = Look.measures.wide
    val side = if (wide) 24.dp else Margin
    val scroll = rememberScrollState()
    val scope = rememberCoroutineScope()
    Row(modifier.fillMaxWidth().padding(horizontal = side), verticalAlignment = Alignment.CenterVertically) {
        Row(Modifier.weight(1f).horizontalScroll(scroll).selectableGroup()) {
            names.forEachIndexed { index, name -> Tab(name, index in chosen) { onChoose(index) } }
        }
        // In line with the tabs, which sit low in their touch area.
        Row(Modifier.offset(y = if (wide) 0.dp else 4.dp)) {
            if (overflows(scroll)) IconKey(Icons.CaretRight, Look.words.text("common.more_pages"), { scope.launch { scroll.turn() } })
            end()
        }
    }
}

/** Whether the tabs need more room than there is; the arrow's own room counts as theirs, or it would keep itself. */
@Composable
private fun overflows(scroll: ScrollState): Boolean {
    val arrow = with(LocalDensity.current) { Touch.roundToPx() }
    val shown = remember { mutableStateOf(false) }
    LaunchedEffect(scroll.maxValue) {
        val measured = scroll.maxValue != Int.MAX_VALUE
        shown.value = measured && scroll.maxValue > if (shown.value) arrow else 0
    }
    return shown.value
}

/** Goes on by what is seen, less a bit that stays; from the last to the first. */
private suspend fun ScrollState.turn() = animateScrollTo(if (value >= maxValue) 0 else (value + viewportSize * 3 / 4).coerceAtMost(maxValue))

/** A touch area of 48 around a tab of 36 that sits low in it. */
@Composable
private fun Tab(name: String, chosen: Boolean, onPress: () -> Unit) {
    val palette = Look.palette
    val measures = Look.measures
    val seen = remember { BringIntoViewRequester() }
    LaunchedEffect(chosen) { if (chosen) seen.bringIntoView() }
    val inner = when { measures.wide -> 16.dp; chosen -> 10.dp; else -> 6.dp }
    Box(
        Modifier.bringIntoViewRequester(seen).defaultMinSize(Touch, Touch).pressable(TabShape, role = Role.Tab, onPress = onPress)
            .semantics { selected = chosen; contentDescription = name },
        Alignment.BottomCenter,
    ) {
        Box(
            Modifier.padding(top = if (measures.wide) 4.dp else 10.dp, bottom = 2.dp)
                .heightIn(min = if (measures.wide) 44.dp else 36.dp)
                .paper(TabShape, Paper(if (chosen) palette.action else Color.Transparent))
                .padding(horizontal = inner, vertical = 4.dp).clearAndSetSemantics { },
            Alignment.Center,
        ) {
            val weight = if (chosen || measures.sunlight) FontWeight.Bold else FontWeight.SemiBold
            Text(name, color = if (chosen) palette.onAction else palette.ink, style = Look.type.key, fontWeight = weight, maxLines = 1)
        }
    }
}
