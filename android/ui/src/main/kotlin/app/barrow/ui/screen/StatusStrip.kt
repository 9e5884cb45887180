package app.barrow.ui.screen

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import app.barrow.core.ShopView
import app.barrow.core.StatusView
import app.barrow.core.StorageState
import app.barrow.ui.app.Route
import app.barrow.ui.app.Selling
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.part.Mark
import app.barrow.ui.part.Strip

/** The strip at the top: what is saved, from what the core acknowledged. It leads to everything but selling. */
@Composable
fun StatusStrip(selling: Selling, shop: ShopView) {
    val status by selling.status.collectAsState()
    val wide = Look.measures.wide
    Strip(
        if (wide) Icons.DeviceTablet else Icons.DeviceMobile, Look.words.text("sell.saved_here"), { selling.seat.go.go(Route.Menu) },
        rest = status?.let { restOf(it, shop) }.orEmpty(), marks = status?.let { marksOf(it) }.orEmpty(),
    )
}

/** The last backup, and the till's rain mode where it is on. */
@Composable
private fun restOf(status: StatusView, shop: ShopView): String {
    val words = Look.words
    val backup = status.lastBackupMs?.let { words.text("sell.backup_at", Look.figures.day(it)) } ?: words.text("sell.backup_never")
    return listOfNotNull(shop.till.takeIf { Look.measures.wide }, backup, words.text("sell.rain").takeIf { Look.measures.rain }).joinToString(" · ")
}

@Composable
private fun marksOf(status: StatusView): List<Mark> = listOfNotNull(
    when (status.storage) {
        is StorageState.Well -> null
        is StorageState.NearlyFull -> Mark(Icons.WarningFill, Look.words.text("sell.nearly_full"), trouble = true)
        is StorageState.ReadOnly -> Mark(Icons.WarningCircleFill, Look.words.text("sell.read_only"), trouble = true)
    },
    status.cartsParked.takeIf { it > 0u }?.let { Mark(Icons.Pause, Look.words.count("sell.carts_parked", it.toLong())) },
)
