package app.barrow.ui.screen

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.layout
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.dp
import androidx.compose.foundation.layout.padding
import app.barrow.core.CashGiven
import app.barrow.core.ChargeView
import app.barrow.ui.app.KeyTarget
import app.barrow.ui.app.TakesKeys
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.model.ChargePad
import app.barrow.ui.model.ChargeState
import app.barrow.ui.model.Typed
import app.barrow.ui.part.FigureText
import app.barrow.ui.part.KeyBox
import app.barrow.ui.part.Keypad
import app.barrow.ui.part.MainButton
import app.barrow.ui.part.PadPress
import app.barrow.ui.part.Sides
import kotlin.math.absoluteValue

/** A keypad that types a figure with at most [places] digits after the point. */
@Composable
fun TypingPad(typed: Typed, places: Int, onType: (Typed) -> Unit, modifier: Modifier = Modifier, corner: (@Composable (Modifier) -> Unit)? = null) {
    val point: @Composable (Modifier) -> Unit = { modifier ->
        KeyBox(Look.words.text("sell.point"), { onType(typed.plus('.', places)) }, modifier) {
            Text("${Look.figures.decimalPoint}", style = Look.type.number)
        }
    }
    Keypad(
        { press ->
            onType(
                when (press) {
                    is PadPress.Digit -> typed.plus('0' + press.value, places)
                    PadPress.Back -> typed.back()
                },
            )
        },
        modifier, corner = corner ?: point.takeIf { places > 0 },
    )
}

/** Types on a pad from a keyboard too; [onEnter] is what the main button does. */
@Composable
fun PadKeys(typed: Typed, places: Int, onType: (Typed) -> Unit, onEnter: () -> Unit) {
    // Keys may come faster than frames: each goes on from the last one, not from what was drawn.
    val last = remember { arrayOf(typed) }
    last[0] = typed
    TakesKeys(object : KeyTarget {
        override fun sign(sign: Char): Boolean {
            if (!sign.isDigit() && sign != '.' && sign != ',') return false
            return true.also { put(last[0].plus(if (sign == ',') '.' else sign, places)) }
        }

        override fun erase() = last[0].text.isNotEmpty().also { if (it) put(last[0].back()) }

        override fun enter() = true.also { onEnter() }

        override fun mark(): () -> Unit = last[0].let { before -> { put(before) } }

        private fun put(now: Typed) {
            last[0] = now
            onType(now)
        }
    })
}

/** What was typed, as it stands; a grey zero while nothing is. */
@Composable
fun TypedFigure(typed: Typed, style: TextStyle = Look.type.figure) {
    val shown = typed.text.replace('.', Look.figures.decimalPoint).ifEmpty { Look.figures.whole(0) }
    FigureText(shown, style, color = if (typed.text.isEmpty()) Look.palette.ink2 else Look.palette.ink)
}

/** The pad of Charge: cash that was given, or the part that is paid now. */
@Composable
fun ChargePadKeys(state: ChargeState, view: ChargeView, pad: ChargePad, on: (ChargeEvent) -> Unit) = Column {
    val words = Look.words
    Column(Modifier.padding(start = 16.dp, end = 16.dp, bottom = 8.dp)) {
        val asked = words.text(if (pad == ChargePad.Given) "sell.in_cash" else "sell.part_of")
        val back: @Composable () -> Unit = { state.given?.let { FigureText(comesBack(it, view), Look.type.amount) } }
        if (Look.measures.large) {
            FigureText(words.text("sell.left", Look.figures.money(view.openMinor.absoluteValue, view.currency)), Look.type.money, color = Look.palette.ink2)
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(20.dp), Alignment.Bottom) {
                Box(Modifier.weight(1f)) { TypedFigure(state.typed, Look.type.buttonFigure) }
                back()
            }
        } else {
            Sides(start = { Text(asked, color = Look.palette.ink2, style = Look.type.text) }, end = back)
            TypedFigure(state.typed, Look.type.total)
        }
    }
    TypingPad(state.typed, view.currency.digits.toInt(), { on(ChargeEvent.Type(it)) })
    val minor = state.typed.minor(view.currency.digits)
    Foot(Modifier.padding(top = 8.dp)) {
        MainButton(
            words.text("sell.take"), { on(ChargeEvent.Enter) }, Modifier.weight(1f),
            minor?.let { Look.figures.money(it, view.currency) }, enabled = minor != null && minor > 0,
        )
    }
}

@Composable
private fun comesBack(given: CashGiven, view: ChargeView): String {
    val key = if (given.leftMinor > 0) "sell.left_after" else "sell.back"
    val minor = if (given.leftMinor > 0) given.leftMinor else given.backMinor
    return Look.words.text(key, Look.figures.money(minor, view.currency))
}

/** Lets a pad reach the margins of a sheet, which has its own. */
fun Modifier.toTheMargins(): Modifier = layout { pad, room ->
    val margin = Margin.roundToPx()
    val placed = pad.measure(room.copy(minWidth = room.maxWidth + 2 * margin, maxWidth = room.maxWidth + 2 * margin))
    layout(room.maxWidth, placed.height) { placed.place(-margin, 0) }
}
