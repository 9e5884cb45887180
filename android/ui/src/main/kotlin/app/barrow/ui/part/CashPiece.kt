package app.barrow.ui.part

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import app.barrow.core.Currency
import app.barrow.ui.look.LightPalette
import app.barrow.ui.look.Look
import app.barrow.ui.look.TileColour
import app.barrow.ui.look.TileForm
import app.barrow.ui.look.tileColour
import java.math.BigDecimal

/** How a piece of money is drawn: a note's colour, or a coin's rim and middle. */
private class PieceLook(val note: Boolean, val colour: TileColour, val rim: TileColour = colour, val size: Int = 36)

/** One note or coin in one colour with its value in ink; which it is follows the value, in euro-like tints. */
@Composable
fun CashPiece(valueMinor: Long, currency: Currency, modifier: Modifier = Modifier) {
    val look = pieceLook(valueMinor, currency)
    val text = Look.figures.piece(valueMinor, currency)
    val sun = Look.palette.tileForm == TileForm.Outlined
    val ground = if (sun) Color.White else look.colour.ground
    // The pieces keep their light colours in every theme, so their ink is that of the light one.
    val ink = if (sun) Look.palette.ink else LightPalette.ink
    val edge = if (sun) Look.palette.line else if (look.rim == look.colour) look.colour.edge else look.rim.edge
    val shape = if (look.note) RoundedCornerShape(4.dp) else CircleShape
    val scale = pieceScale()
    val size = (look.size * scale).dp
    val box = if (look.note) Modifier.defaultMinSize((if (text.length < 2) 29.dp else 42.dp) * scale, 26.dp * scale) else Modifier.size(size)
    Box(modifier.then(box).background(if (look.note || sun) ground else look.rim.ground, shape).border(1.5.dp, edge, shape), Alignment.Center) {
        if (!look.note && look.rim != look.colour && !sun) Box(Modifier.size(size * 0.74f).background(ground, CircleShape))
        FigureText(text, Look.type.smallMoney.copy(fontWeight = FontWeight.Bold), Modifier.padding(horizontal = if (look.note) 9.dp else 3.dp), ink)
    }
}

/** Pieces grow with text, but less: they are known by their look. */
@Composable
private fun pieceScale() = LocalDensity.current.fontScale.coerceAtMost(1.3f)

/** Notes and coins to hand over, largest first: one drawing each, or "12 ×" where there are many of one. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun CashRow(pieces: List<Pair<Long, Int>>, currency: Currency, modifier: Modifier = Modifier) {
    val words = Look.words
    val figures = Look.figures
    val said = pieces.joinToString(", ") { (value, count) -> words.text("common.times", count, figures.money(value, currency)) }
    FlowRow(
        modifier.clearAndSetSemantics { contentDescription = said },
        Arrangement.spacedBy(6.dp), Arrangement.spacedBy(6.dp), Alignment.CenterVertically,
    ) {
        for ((value, count) in pieces) {
            if (count > MANY) Text("${figures.whole(count.toLong())}\u00A0×", style = Look.type.strong)
            repeat(if (count > MANY) 1 else count) { CashPiece(value, currency) }
        }
    }
}

/** More than this many of one piece are told by their number. */
private const val MANY = 4

/** One row of a count of cash: the piece, how many, and what they come to; pressing it types the number. */
@Composable
fun CashCountRow(
    valueMinor: Long, count: Long, sumMinor: Long, currency: Currency, onPress: () -> Unit, modifier: Modifier = Modifier, chosen: Boolean = false,
) {
    val figures = Look.figures
    val said = Look.words.text("common.times", figures.whole(count), figures.money(valueMinor, currency))
    val paper = if (chosen) keyPaper().copy(border = Look.palette.action, borderWidth = 3.dp) else keyPaper()
    KeyBox(said, onPress, modifier, minHeight = 48.dp, paper = paper) {
        Row(Modifier.fillMaxWidth().padding(start = 8.dp, end = 12.dp), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
            Box(Modifier.width(42.dp * pieceScale()), Alignment.Center) { CashPiece(valueMinor, currency) }
            Text("×", color = Look.palette.ink2, style = Look.type.text)
            Text(figures.whole(count), style = Look.type.amount, maxLines = 1)
            Box(Modifier.weight(1f), Alignment.CenterEnd) { Amount(sumMinor, currency, Look.type.smallMoney, color = Look.palette.ink2) }
        }
    }
}

/** Notes are worth five of the major unit and more where it has cents; without cents, a thousand and more. */
private fun pieceLook(valueMinor: Long, currency: Currency): PieceLook {
    val major = BigDecimal.valueOf(valueMinor, currency.digits.toInt())
    val firstNote = if (currency.digits.toInt() == 0) FIRST_NOTE_WITHOUT_CENTS else FIRST_NOTE
    return when {
        major >= firstNote -> PieceLook(true, tileColour(NOTES[major.toBigInteger().toString()] ?: "stone"))
        major >= BigDecimal(2) -> PieceLook(false, tileColour("lemon"), tileColour("stone"), 34)
        major >= BigDecimal.ONE -> PieceLook(false, tileColour("stone"), tileColour("lemon"), 34)
        major >= BigDecimal("0.5") -> PieceLook(false, tileColour("lemon"))
        major >= BigDecimal("0.1") -> PieceLook(false, tileColour("lemon"), size = 34)
        major >= BigDecimal("0.05") -> PieceLook(false, tileColour("carrot"), size = 32)
        else -> PieceLook(false, tileColour("carrot"), size = 30)
    }
}

private val FIRST_NOTE = BigDecimal(5)
private val FIRST_NOTE_WITHOUT_CENTS = BigDecimal(1000)
private val NOTES = mapOf("10" to "tomato", "20" to "sky", "50" to "carrot", "100" to "leaf", "200" to "lemon", "500" to "plum")
