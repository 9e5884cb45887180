package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import app.barrow.core.CountryChoice
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.WelcomeEvent
import app.barrow.ui.model.WelcomeState
import app.barrow.ui.part.Chip
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.Key
import app.barrow.ui.part.ListRow
import app.barrow.ui.part.Logo
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.NoticeBox
import app.barrow.ui.part.NoticeKind

/** Languages of the screens by the name that their speakers give them. */
val OwnNames = mapOf("en" to "English", "de" to "Deutsch", "fr" to "Français", "es" to "Español", "ar" to "العربية")

/** Narrower than a page, so that the words stay together on a tablet. */
private val WelcomeWidth = 440.dp

/** There is room for the stall's picture from this height on. */
private val PictureFrom = 660.dp

/** The first screen, before there is a till. [busy] while one is made; [trouble] tells why that failed. */
@Composable
fun WelcomeScreen(state: WelcomeState, busy: Boolean, trouble: String?, on: (WelcomeEvent) -> Unit) {
    if (state.choosing) CountryAndLanguage(state, on) else Welcome(state, busy, trouble, on)
}

@Composable
private fun Welcome(state: WelcomeState, busy: Boolean, trouble: String?, on: (WelcomeEvent) -> Unit) =
    BoxWithConstraints(Modifier.fillMaxSize(), Alignment.TopCenter) {
        val pictured = maxHeight >= PictureFrom && !Look.measures.large
        Column(Modifier.widthIn(max = WelcomeWidth).fillMaxSize()) {
            Row(Modifier.fillMaxWidth().padding(start = Margin, top = Gap, end = Margin), Arrangement.End) {
                Chip(placeWords(state), { on(WelcomeEvent.Choose) }, icon = Icons.Globe)
            }
            Column(
                Modifier.weight(1f).fillMaxWidth().verticalScroll(rememberScrollState()),
                horizontalAlignment = Alignment.CenterHorizontally,
            ) {
                if (pictured) StallPicture(state.currency(), Modifier.padding(top = 12.dp, bottom = 32.dp)) else Spacer(Modifier.height(24.dp))
                NameAndPromise()
            }
            trouble?.let { NoticeBox(it, NoticeKind.Trouble) }
            Column(Modifier.padding(horizontal = Margin, vertical = Gap), Arrangement.spacedBy(Gap)) {
                val name = say("welcome.shopName")
                Key(
                    say("welcome.sample"), { on(WelcomeEvent.Start(name, sample = true)) }, Modifier.fillMaxWidth(),
                    Icons.Storefront, beside = true, enabled = !busy,
                )
                MainButton(
                    say(if (busy) "welcome.starting" else "welcome.start"), { on(WelcomeEvent.Start(name, sample = false)) },
                    Modifier.fillMaxWidth(), enabled = !busy,
                )
            }
        }
    }

@Composable
private fun NameAndPromise() {
    Row(Modifier.padding(horizontal = 16.dp), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
        Logo(52.dp)
        FigureText("Barrow", Look.type.total.copy(fontSize = 42.sp))
    }
    Text(
        say("welcome.line"), Modifier.padding(start = 16.dp, top = 8.dp, end = 16.dp), Look.palette.ink2, style = Look.type.text,
        textAlign = TextAlign.Center,
    )
    Text(
        say("welcome.head"), Modifier.padding(top = 28.dp, start = 16.dp, end = 16.dp).semantics { heading() },
        style = Look.type.title, textAlign = TextAlign.Center,
    )
}

@Composable
private fun placeWords(state: WelcomeState): String {
    val country = state.countries.find { it.code == state.country }?.name ?: state.country
    return listOf(country, OwnNames[state.language].orEmpty()).filter(String::isNotEmpty).joinToString(" · ")
}

private fun WelcomeState.currency() = countries.find { it.code == country }?.currency

@Composable
private fun CountryAndLanguage(state: WelcomeState, on: (WelcomeEvent) -> Unit) =
    OfficePage(
        say("welcome.choose"), { on(WelcomeEvent.Chosen) }, scrolls = false,
        foot = { MainButton(say("welcome.ready"), { on(WelcomeEvent.Chosen) }, Modifier.fillMaxWidth()) },
    ) {
        LanguageChips(state.language, { on(WelcomeEvent.Language(it)) })
        SectionHead(say("welcome.country"))
        val here = state.countries.indexOfFirst { it.code == state.country }.coerceAtLeast(0)
        LazyColumn(Modifier.weight(1f).padding(horizontal = Margin), rememberLazyListState(here)) {
            items(state.countries) { country -> CountryRow(country, state, on) }
        }
    }

@Composable
private fun CountryRow(country: CountryChoice, state: WelcomeState, on: (WelcomeEvent) -> Unit) {
    val chosen = country.code == state.country
    Box(
        Modifier.rowOfCard(country == state.countries.first(), country == state.countries.last()),
    ) {
        ListRow(
            country.name, icon = if (chosen) Icons.CheckCircleFill else Icons.Circle, amount = country.currency?.code.orEmpty(),
            minHeight = 56.dp, onPress = { on(WelcomeEvent.Country(country.code)) },
        )
    }
}
