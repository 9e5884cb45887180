package app.barrow.ui.screen

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.Shop
import app.barrow.core.TaxKind
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.SetUpEvent
import app.barrow.ui.model.SetUpState
import app.barrow.ui.model.Settings
import app.barrow.ui.model.ThemeChoice
import app.barrow.ui.part.Card
import app.barrow.ui.part.Chip
import app.barrow.ui.part.ListRow
import app.barrow.ui.part.MainButton

/** Shop, receipt, payment, and what this device prefers. */
@Composable
fun SetUpScreen(state: SetUpState, on: (SetUpEvent) -> Unit) =
    OfficePage(
        say("setUp.title"), { on(SetUpEvent.Back) },
        foot = if (state.changed) ({ MainButton(say("setUp.save"), { on(SetUpEvent.Save) }, Modifier.fillMaxWidth(), icon = Icons.Check) }) else null,
    ) {
        DeviceSettings(state.settings, state.canPin, state.pinned, on)
        val view = state.view ?: return@OfficePage
        ShopFields(state, on)
        Payment(state, view.shop, on)
        SectionHead(say("setUp.taxes", view.countryName))
        Text(
            say(if (view.shop.pricesIncludeTax) "setUp.included" else "setUp.excluded"), Modifier.padding(horizontal = 16.dp),
            Look.palette.ink2, style = Look.type.text,
        )
        Card { state.taxes.forEach { ListRow(it.name, amount = rateWords(it.kind), minHeight = 48.dp) } }
    }

@Composable
private fun rateWords(kind: TaxKind): String = when (kind) {
    is TaxKind.Percent -> "${Look.figures.quantity(kind.v1)}\u00A0%"
    is TaxKind.Division -> "${Look.figures.quantity(kind.v1)}\u00A0%"
    else -> ""
}

@Composable
private fun ShopFields(state: SetUpState, on: (SetUpEvent) -> Unit) {
    val inset = Modifier.padding(horizontal = Margin)
    SectionHead(say("setUp.shop"))
    TextBox(state.name, { on(SetUpEvent.Name(it)) }, say("setUp.name"), inset, icon = Icons.Storefront)
    TextBox(state.header, { on(SetUpEvent.Header(it)) }, say("setUp.header"), inset, lines = RECEIPT_LINES)
    TextBox(state.footer, { on(SetUpEvent.Footer(it)) }, say("setUp.footer"), inset, lines = RECEIPT_LINES)
    SectionHead(say("setUp.receiptLanguage"))
    LanguageChips(state.receiptLanguage.substringBefore('-'), { on(SetUpEvent.ReceiptLanguage(it)) })
}

/** Lines of an address that are seen at once. */
private const val RECEIPT_LINES = 3

@Composable
private fun Payment(state: SetUpState, shop: Shop, on: (SetUpEvent) -> Unit) {
    SectionHead(say("setUp.payment"))
    val step = shop.cashRounding?.stepMinor
    Text(
        if (step == null) say("setUp.notRounded") else say("setUp.rounded", Look.figures.money(step, shop.currency)),
        Modifier.padding(horizontal = 16.dp), Look.palette.ink2, style = Look.type.text,
    )
    ChipRow {
        state.tenders.forEach { tender ->
            Chip(tender.name, { on(SetUpEvent.Tender(tender, tender.archived)) }, chosen = !tender.archived)
        }
    }
}

@Composable
private fun DeviceSettings(settings: Settings, canPin: Boolean, pinned: Boolean, on: (SetUpEvent) -> Unit) {
    val prefer = { with: (Settings) -> Settings -> on(SetUpEvent.Prefer(with)) }
    SectionHead(say("setUp.language"))
    LanguageChips(settings.language, { code -> prefer { it.copy(language = code) } }) {
        Chip(say("setUp.asDevice"), { prefer { it.copy(language = null) } }, chosen = settings.language == null)
    }
    SectionHead(say("setUp.theme"))
    ChipRow {
        for (theme in ThemeChoice.entries) {
            Chip(say(themeWord(theme)), { prefer { it.copy(theme = theme) } }, chosen = theme == settings.theme)
        }
    }
    SectionHead(say("setUp.device"))
    Card {
        Switch("setUp.leftHand", "setUp.leftHandDetail", settings.leftHand) { prefer { it.copy(leftHand = !it.leftHand) } }
        Switch("setUp.fastBar", "setUp.fastBarDetail", settings.fastBar) { prefer { it.copy(fastBar = !it.fastBar) } }
        Switch("setUp.rain", "setUp.rainDetail", settings.rain) { prefer { it.copy(rain = !it.rain) } }
        Switch("setUp.blind", "setUp.blindDetail", settings.blindCount) { prefer { it.copy(blindCount = !it.blindCount) } }
        Switch("setUp.sounds", null, settings.sounds) { prefer { it.copy(sounds = !it.sounds) } }
        if (canPin) Switch("setUp.pin", "setUp.pinDetail", pinned) { on(SetUpEvent.Pin(!pinned)) }
        Switch("setUp.reducedMotion", null, settings.reducedMotion) { prefer { it.copy(reducedMotion = !it.reducedMotion) } }
    }
}

private fun themeWord(theme: ThemeChoice) = when (theme) {
    ThemeChoice.System -> "setUp.asDevice"
    ThemeChoice.Light -> "setUp.light"
    ThemeChoice.Dark -> "setUp.dark"
    ThemeChoice.Sunlight -> "setUp.sunlight"
}
