package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.barrow.ui.look.Look

/**
 * A page of [count] tiles in the columns of the look. Tiles have their usual height, or with [fill] share the height
 * that there is among [rows] rows, as on a tablet.
 */
@Composable
fun TileGrid(
    count: Int, modifier: Modifier = Modifier, fill: Boolean = false, rows: Int = 4, tile: @Composable (index: Int, modifier: Modifier) -> Unit,
) {
    val measures = Look.measures
    val columns = measures.columns
    Column(modifier.fillMaxWidth(), Arrangement.spacedBy(measures.tileGap)) {
        val shown = if (fill) rows else (count + columns - 1) / columns
        for (row in 0 until shown) {
            val high = if (fill) Modifier.weight(1f) else Modifier.height(measures.tile.height)
            Row(high, Arrangement.spacedBy(measures.tileGap)) {
                for (column in 0 until columns) {
                    val index = row * columns + column
                    val place = Modifier.weight(1f).fillMaxHeight()
                    if (index < count) tile(index, place) else Spacer(place)
                }
            }
        }
    }
}
