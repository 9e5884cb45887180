package app.barrow.ui.screen

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.barrow.core.CartId
import app.barrow.core.CartSummary
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.model.ParkedState
import app.barrow.ui.part.Card
import app.barrow.ui.part.Hairline
import app.barrow.ui.part.Head
import app.barrow.ui.part.ListRow

/** What a person does with parked carts. */
sealed interface ParkedEvent {
    /** Goes back. */
    data object Back : ParkedEvent

    /** Comes near the end of the list. */
    data object More : ParkedEvent

    /** Takes a cart up again. */
    data class Resume(val cart: CartId) : ParkedEvent
}

/** The carts that wait, the one that waits longest first. */
@Composable
fun ParkedScreen(state: ParkedState, on: (ParkedEvent) -> Unit) = Column(Modifier.fillMaxSize()) {
    Head(Look.words.text("sell.parked"), onBack = { on(ParkedEvent.Back) })
    if (state.ready && state.carts.isEmpty()) {
        return@Column Text(Look.words.text("sell.parked_none"), Modifier.padding(horizontal = 16.dp), Look.palette.ink2, style = Look.type.text)
    }
    Card {
        LazyColumn {
            itemsIndexed(state.carts, key = { _, cart -> cart.cart }) { place, cart ->
                if (place == state.carts.lastIndex) LaunchedEffect(state.carts.size) { on(ParkedEvent.More) }
                if (place > 0) Hairline(Modifier.padding(horizontal = 12.dp))
                ParkedRow(cart) { on(ParkedEvent.Resume(cart.cart)) }
            }
        }
    }
}

@Composable
private fun ParkedRow(cart: CartSummary, onPress: () -> Unit) {
    val words = Look.words
    val since = words.text(if (cart.parked) "sell.parked_since" else "sell.parked_open", Look.figures.time(cart.openedMs))
    val pieces = words.count("sell.items", cart.pieceCount.toLong())
    ListRow(
        cart.name ?: pieces, icon = Icons.ShoppingCart, sub = if (cart.name == null) since else "$pieces, $since",
        amount = Look.figures.money(cart.openMinor, cart.currency), minHeight = 72.dp, onPress = onPress,
    )
}
