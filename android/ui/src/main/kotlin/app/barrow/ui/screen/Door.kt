package app.barrow.ui.screen

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import app.barrow.core.countries
import app.barrow.ui.app.Start
import app.barrow.ui.app.Started
import app.barrow.ui.look.Look
import app.barrow.ui.model.SettingsKeeper
import app.barrow.ui.model.Surroundings
import app.barrow.ui.model.WelcomeModel

/** The first screen, before there is a till: it founds one. */
@Composable
fun Welcome(start: Start, now: Started.Fresh, settings: SettingsKeeper) {
    val scope = rememberCoroutineScope()
    val shown = Look.words.language
    val model = remember(start) {
        val around = Surroundings.here(System.currentTimeMillis()).copy(language = shown)
        val speak = { language: String -> settings.change { it.copy(language = language) } }
        WelcomeModel(scope, around, ::countries, speak) { setup, sample -> start.found(setup, sample) }
    }
    val state by model.state.collectAsState()
    val trouble = now.notice?.fault?.let { faultWords(it) }
    WelcomeScreen(state, now.busy, trouble, model::on)
}

/** Why the till can't be opened, and what helps. */
@Composable
fun CantOpen(start: Start, now: Started.Failed) {
    val scope = rememberCoroutineScope()
    val model = remember(start) { start.rescue(scope) }
    val state by model.state.collectAsState()
    CantOpenScreen(now.fault, state, model::on)
}
