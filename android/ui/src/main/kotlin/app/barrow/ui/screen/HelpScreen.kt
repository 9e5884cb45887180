package app.barrow.ui.screen

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin

/** Every word that the strip, the reports and the keys use and that somebody may ask about, in order. */
val HelpWords = listOf(
    "saved", "backup", "passphrase", "full", "cashBox", "float", "shift", "blind", "x", "z", "tender", "refund", "copy", "tare",
    "deposit", "parked", "soldOut", "proof",
)

/** What words mean; it opens at [word] where one is asked about. */
@Composable
fun HelpScreen(word: String?, onBack: () -> Unit) =
    OfficePage(say("help.title"), onBack, scrolls = false) {
        val state = rememberLazyListState(HelpWords.indexOf(word).coerceAtLeast(0))
        LazyColumn(Modifier.weight(1f), state, PaddingValues(horizontal = Margin)) {
            itemsIndexed(HelpWords) { place, key ->
                Box(Modifier.fillMaxWidth().rowOfCard(place == 0, place == HelpWords.lastIndex)) {
                    Column(Modifier.padding(horizontal = 14.dp, vertical = 12.dp)) {
                        Text(say("help.$key"), Modifier.semantics { heading() }, style = Look.type.name)
                        Text(say("help.$key.text"), style = Look.type.text)
                    }
                }
            }
        }
    }
