package app.barrow.ui.model

import app.barrow.core.CountryChoice
import app.barrow.core.Setup
import java.util.Locale
import java.util.TimeZone
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** Milliseconds in a minute. */
private const val MINUTE_MS = 60_000

/** What the Welcome screen shows. */
data class WelcomeState(
    val countries: List<CountryChoice> = emptyList(),
    val country: String,
    val language: String,
    /** Tells that the country and language list is open. */
    val choosing: Boolean = false,
)

/** What a person does on the Welcome screen. */
sealed interface WelcomeEvent {
    data object Choose : WelcomeEvent
    data object Chosen : WelcomeEvent
    data class Country(val code: String) : WelcomeEvent
    data class Language(val code: String) : WelcomeEvent

    /** Founds a shop of that name: empty, or with the goods of the sample market. */
    data class Start(val shopName: String, val sample: Boolean) : WelcomeEvent
}

/** What the device knows before anybody is asked: where it is, which language it speaks, how far its clock is. */
data class Surroundings(val country: String, val language: String, val utcOffsetMinutes: Int) {
    companion object {
        /** Asks the device. */
        fun here(nowMs: Long): Surroundings {
            val locale = Locale.getDefault()
            val offset = TimeZone.getDefault().getOffset(nowMs) / MINUTE_MS
            return Surroundings(locale.country, locale.language, offset)
        }
    }
}

/** Makes the first till. [found] founds the shop; [speak] switches the language of the screens. */
class WelcomeModel(
    private val scope: CoroutineScope,
    private val around: Surroundings,
    private val countries: (language: String) -> List<CountryChoice>,
    private val speak: (language: String) -> Unit,
    private val found: (setup: Setup, sample: Boolean) -> Unit,
) {
    private val held = MutableStateFlow(WelcomeState(country = around.country, language = around.language))

    /** Tells what to show. */
    val state: StateFlow<WelcomeState> = held

    init {
        list()
    }

    /** Does what the person wants. */
    fun on(event: WelcomeEvent) {
        when (event) {
            WelcomeEvent.Choose -> held.update { it.copy(choosing = true) }
            WelcomeEvent.Chosen -> held.update { it.copy(choosing = false) }
            is WelcomeEvent.Country -> held.update { it.copy(country = event.code) }
            is WelcomeEvent.Language -> {
                held.update { it.copy(language = event.code) }
                speak(event.code)
                list()
            }
            is WelcomeEvent.Start -> scope.launch {
                // A device may not know its country: then the first of the list stands on the screen, once there is one.
                held.first { it.countries.isNotEmpty() }
                found(setup(event.shopName), event.sample)
            }
        }
    }

    private fun list() {
        scope.launch {
            val all = withContext(Dispatchers.IO) { countries(held.value.language) }
            held.update { state ->
                val known = all.any { it.code == state.country }
                state.copy(countries = all, country = if (known) state.country else all.firstOrNull()?.code.orEmpty())
            }
        }
    }

    private fun setup(shopName: String) = held.value.run {
        Setup(
            name = shopName, country = country, currency = null, till = null,
            utcOffsetMinutes = around.utcOffsetMinutes, language = language,
        )
    }
}
