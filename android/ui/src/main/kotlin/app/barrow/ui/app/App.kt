package app.barrow.ui.app

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import app.barrow.core.ShopView
import app.barrow.ui.look.BarrowLook
import app.barrow.ui.look.Faces
import app.barrow.ui.look.LookSetting
import app.barrow.ui.look.Theme
import app.barrow.ui.model.Settings
import app.barrow.ui.model.ThemeChoice
import app.barrow.ui.screen.CantOpen
import app.barrow.ui.screen.OfficeScreen
import app.barrow.ui.screen.Welcome
import app.barrow.ui.words.Figures
import app.barrow.ui.words.Languages
import app.barrow.ui.words.Words
import java.time.ZoneId
import java.time.ZoneOffset
import java.util.Locale

/**
 * The whole app: the welcome before there is a till, the till, and the sentence when it can't be opened. [onSelling]
 * gets what lives as long as the till is open, for a second window.
 */
@Composable
fun App(start: Start, faces: Faces, onSelling: (Selling) -> Unit = {}) {
    val settings = start.settings
    val stage by start.now.collectAsState()
    val now = stage
    val selling = (now as? Started.Ready)?.selling
    LaunchedEffect(selling) { selling?.let(onSelling) }
    val shop = selling?.shop?.collectAsState()?.value
    val chosen by settings.now.collectAsState()
    AppLook(chosen, faces, shop) {
        when (now) {
            Started.Waiting -> Unit
            is Started.Fresh -> Welcome(start, now, settings)
            is Started.Failed -> CantOpen(start, now)
            is Started.Ready -> if (selling != null && shop != null) TillScreens(selling, shop) { OfficeScreen(it, selling.seat, settings, selling.cart) }
        }
    }
}

/** The look that this device prefers, in the person's language, with figures as the shop writes them. */
@Composable
fun AppLook(settings: Settings, faces: Faces, shop: ShopView?, content: @Composable () -> Unit) {
    val language = settings.language ?: Locale.getDefault().language.takeIf { it in Languages } ?: Languages.first()
    val words = remember(language) { Words.load(language) }
    val figures = remember(language, shop?.shop) { figuresOf(shop, language) }
    val colours = when (settings.theme) {
        ThemeChoice.System -> if (isSystemInDarkTheme()) Theme.Dark else Theme.Light
        ThemeChoice.Light -> Theme.Light
        ThemeChoice.Dark -> Theme.Dark
        ThemeChoice.Sunlight -> Theme.Sunlight
    }
    val setting = LookSetting(colours, settings.rain, reducedMotion = settings.reducedMotion, leftHand = settings.leftHand)
    BarrowLook(setting, faces, words, figures, content)
}

/**
 * Figures in the shop's language and time, so that the screen and the receipt agree, with the names of days as the person
 * reads them; Latin digits, as on notes and coins.
 */
private fun figuresOf(shop: ShopView?, language: String): Figures {
    val locale = Locale.Builder().setLanguageTag(shop?.shop?.language ?: language).setUnicodeLocaleKeyword("nu", "latn").build()
    val zone = shop?.let { ZoneOffset.ofTotalSeconds(it.shop.utcOffsetMinutes * 60) } ?: ZoneId.systemDefault()
    return Figures(locale, zone, Locale.forLanguageTag(language))
}
