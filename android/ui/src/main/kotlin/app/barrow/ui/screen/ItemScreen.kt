package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.CutShape
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.look.TileColours
import app.barrow.ui.look.tileColour
import app.barrow.ui.model.ItemEvent
import app.barrow.ui.model.ItemState
import app.barrow.ui.part.Chip
import app.barrow.ui.part.KeyBox
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.TextKey
import app.barrow.ui.part.labelInk
import app.barrow.ui.part.labelPaper

/** One item. A new one needs a name and a price; everything else is there already. */
@Composable
fun ItemScreen(state: ItemState, on: (ItemEvent) -> Unit, onBack: (() -> Unit)? = { on(ItemEvent.Back) }) {
    var more by remember(state.sheet?.tile?.item) { mutableStateOf(state.sheet != null) }
    OfficePage(
        state.sheet?.face?.name ?: say("items.new"), onBack,
        foot = { MainButton(say("item.save"), { on(ItemEvent.Save) }, Modifier.fillMaxWidth(), icon = Icons.Check, enabled = state.complete) },
    ) {
        if (!state.ready) return@OfficePage
        NameAndPrice(state, on)
        state.sheet?.let { sheet ->
            ChipRow { Chip(say("items.soldOut"), { on(ItemEvent.SoldOut(!sheet.soldOut)) }, chosen = sheet.soldOut, icon = Icons.Prohibit) }
        }
        if (more) ItemDetails(state, on) else TextKey(say("item.more"), { more = true }, Modifier.padding(horizontal = Margin), Icons.CaretDown)
    }
}

@Composable
private fun NameAndPrice(state: ItemState, on: (ItemEvent) -> Unit) {
    val inset = Modifier.padding(horizontal = Margin)
    TextBox(state.name, { on(ItemEvent.Name(it)) }, say("item.name"), inset)
    val wrong = state.price.isNotEmpty() && state.priceFigure == null
    TextBox(
        state.price, { on(ItemEvent.PriceText(it)) }, say("item.price"), inset, keyboard = KeyboardType.Decimal,
        trouble = if (wrong) say("item.priceWrong") else "", onDone = { on(ItemEvent.Save) },
    )
    if (!state.simpleKind) return
    ChipRow {
        Chip(say("item.piece"), { on(ItemEvent.Weighed(false)) }, chosen = !state.weighed)
        Chip(say("item.weight"), { on(ItemEvent.Weighed(true)) }, chosen = state.weighed)
    }
}

@Composable
private fun ItemDetails(state: ItemState, on: (ItemEvent) -> Unit) {
    val inset = Modifier.padding(horizontal = Margin)
    SectionHead(say("item.page"))
    ChipRow {
        Chip(say("item.noPage"), { on(ItemEvent.Page("")) }, chosen = state.page.isEmpty())
        state.pages.forEach { page -> Chip(page, { on(ItemEvent.Page(page)) }, chosen = page == state.page) }
    }
    TextBox(state.page, { on(ItemEvent.Page(it)) }, say("item.newPage"), inset)
    SectionHead(say("item.colour"))
    Colours(state.colour, on)
    TextBox(state.emoji, { on(ItemEvent.Emoji(it)) }, say("item.emoji"), inset)
    if (state.taxes.isNotEmpty()) {
        SectionHead(say("item.tax"))
        ChipRow { state.taxes.forEach { tax -> Chip(tax.name, { on(ItemEvent.TaxChosen(tax.id)) }, chosen = tax.id == state.tax) } }
    }
    TextBox(state.code, { on(ItemEvent.Code(it)) }, say("item.code"), inset, icon = Icons.Barcode)
    Text(say("item.sku", state.sku), Modifier.padding(horizontal = 16.dp), Look.palette.ink2, style = Look.type.small)
    if (state.sheet != null) {
        TextKey(say("item.archive"), { on(ItemEvent.Archive) }, inset.padding(top = Gap), Icons.Trash)
    }
}

/** The twelve colours of tiles; the name of each is said. */
@Composable
private fun Colours(chosen: String, on: (ItemEvent) -> Unit) {
    val inRow = if (Look.measures.large) 4 else 6
    Column(Modifier.padding(horizontal = Margin), Arrangement.spacedBy(Gap)) {
        for (row in TileColours.keys.chunked(inRow)) {
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Gap)) {
                for (name in row) ColourKey(name, name == chosen, Modifier.weight(1f)) { on(ItemEvent.Colour(name)) }
            }
        }
    }
}

@Composable
private fun ColourKey(name: String, chosen: Boolean, modifier: Modifier, onPress: () -> Unit) {
    val colour = tileColour(name)
    KeyBox(
        say("colour.$name"), onPress, modifier.semantics { selected = chosen }, minHeight = 48.dp, shape = CutShape, paper = labelPaper(colour),
    ) {
        if (chosen) Icon(Icons.Check, null, tint = labelInk(colour))
    }
}
