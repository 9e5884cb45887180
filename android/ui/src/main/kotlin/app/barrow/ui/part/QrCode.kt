package app.barrow.ui.part

import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp

/** Squares left free around a code so that cameras find it. */
private const val QUIET = 4

/**
 * A QR code of [size] by [size] squares, row by row in [dark] (1 is dark), black on white in every theme. Its squares
 * are whole pixels, so it is crisp.
 */
@Composable
fun QrCode(size: Int, dark: ByteArray, said: String, modifier: Modifier = Modifier) {
    require(dark.size == size * size) { "a code of $size has ${size * size} squares, not ${dark.size}" }
    Spacer(
        modifier.aspectRatio(1f).semantics { contentDescription = said; role = Role.Image }.drawBehind {
            drawRoundRect(Color.White, cornerRadius = CornerRadius(8.dp.toPx()))
            val square = (this.size.minDimension / (size + 2 * QUIET)).toInt().coerceAtLeast(1).toFloat()
            val margin = ((this.size.minDimension - square * size) / 2).toInt().toFloat()
            for (row in 0 until size) for ((from, to) in runs(dark, row * size, size)) {
                drawRect(Color.Black, Offset(margin + from * square, margin + row * square), Size((to - from) * square, square))
            }
        },
    )
}

/** Stretches of dark squares of one row: first square and the one after the last. */
private fun runs(dark: ByteArray, start: Int, size: Int): List<Pair<Int, Int>> {
    val found = mutableListOf<Pair<Int, Int>>()
    var from = -1
    for (i in 0..size) {
        val isDark = i < size && dark[start + i].toInt() != 0
        if (isDark && from < 0) from = i
        if (!isDark && from >= 0) {
            found += from to i
            from = -1
        }
    }
    return found
}
