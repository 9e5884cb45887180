package app.barrow.ui.part

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import app.barrow.ui.look.LabelShape
import app.barrow.ui.look.Look
import app.barrow.ui.look.Paper
import app.barrow.ui.look.PlainShape
import app.barrow.ui.look.Touch
import app.barrow.ui.look.TouchOften
import app.barrow.ui.look.paper
import app.barrow.ui.look.pressable

/** The paper of everything that can be pressed and is not the main button. */
@Composable
fun keyPaper(enabled: Boolean = true): Paper =
    Paper(Look.palette.surface, Look.palette.line, Look.palette.lineWidthDp.dp, dashed = !enabled)

/** A box to press with any content; [said] is what a screen reader calls it. */
@Composable
fun KeyBox(
    said: String,
    onPress: () -> Unit,
    modifier: Modifier = Modifier,
    enabled: Boolean = true,
    minHeight: Dp = TouchOften,
    shape: LabelShape = PlainShape,
    paper: Paper = keyPaper(enabled),
    align: Alignment = Alignment.Center,
    content: @Composable () -> Unit,
) = CompositionLocalProvider(LocalContentColor provides if (enabled) Look.palette.ink else Look.palette.ink2) {
    Box(
        modifier.defaultMinSize(minHeight, minHeight).paper(shape, paper).pressable(shape, enabled, onPress = onPress)
            .semantics { contentDescription = said }.padding(vertical = 4.dp),
        align,
    ) {
        Box(Modifier.clearAndSetSemantics { }) { content() }
    }
}

/**
 * A key with an icon over its word, or [beside] it (then large text leaves the word alone); [said] when the word alone
 * does not tell enough. Keys of one row are [alike]: their words have one size, that of the longest.
 */
@Composable
fun Key(
    label: String,
    onPress: () -> Unit,
    modifier: Modifier = Modifier,
    icon: ImageVector? = null,
    beside: Boolean = false,
    enabled: Boolean = true,
    minHeight: Dp = TouchOften,
    said: String = label,
    alike: List<String> = emptyList(),
) = KeyBox(said, onPress, modifier, enabled, minHeight) {
    val large = Look.measures.large
    when {
        icon == null || beside && large -> FittedText(label, Look.type.key, Modifier.padding(horizontal = 6.dp), alike = alike)
        beside -> Row(Modifier.padding(horizontal = 4.dp), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
            Icon(icon, null)
            FittedText(label, Look.type.key, Modifier.weight(1f, fill = false), maxLines = 1, alike = alike)
        }
        else -> Column(Modifier.padding(horizontal = 4.dp), Arrangement.spacedBy(2.dp), Alignment.CenterHorizontally) {
            Icon(icon, null)
            FittedText(label, Look.type.key, maxLines = if (large) 1 else 2, alike = alike)
        }
    }
}

/** A key that carries a figure over a small line: a note with what to give back, the count of the cart. */
@Composable
fun FigureKey(
    figure: String,
    below: String,
    onPress: () -> Unit,
    modifier: Modifier = Modifier,
    minHeight: Dp = 84.dp,
    enabled: Boolean = true,
    belowStyle: TextStyle = Look.type.textFigures,
    belowColour: Color = Look.palette.ink2,
    said: String = "$figure $below",
) = KeyBox(said, onPress, modifier, enabled, minHeight) {
    Column(Modifier.padding(horizontal = 6.dp), horizontalAlignment = Alignment.CenterHorizontally) {
        val large = Look.measures.large
        val style = if (large) Look.type.buttonFigure.copy(fontSize = 24.sp, lineHeight = 24.sp) else Look.type.buttonFigure
        Box(Modifier.heightIn(min = with(LocalDensity.current) { style.lineHeight.toDp() }), Alignment.Center) { FigureText(figure, style) }
        FigureText(below, if (large) belowStyle.copy(fontSize = 15.sp, lineHeight = 19.sp) else belowStyle, color = belowColour)
    }
}

/** An icon alone, 48 square; [boxed] draws it as a key, else it lies on the ground, where [align] says. */
@Composable
fun IconKey(
    icon: ImageVector,
    said: String,
    onPress: () -> Unit,
    modifier: Modifier = Modifier,
    boxed: Boolean = false,
    enabled: Boolean = true,
    colour: Color = Look.palette.ink,
    align: Alignment = Alignment.Center,
) {
    val paper = if (boxed) keyPaper(enabled) else Paper(Color.Transparent)
    KeyBox(said, onPress, modifier, enabled, Touch, PlainShape, paper, align) {
        Icon(icon, null, tint = if (enabled) colour else Look.palette.ink2)
    }
}

/** A word with its icon that lies on the ground, in the colour of action: "Park", "Other amount". Large text leaves the icon alone, unless it would say too little ([worded]). */
@Composable
fun TextKey(
    label: String, onPress: () -> Unit, modifier: Modifier = Modifier, icon: ImageVector? = null, said: String = label, worded: Boolean = false,
) =
    KeyBox(said, onPress, modifier, minHeight = Touch, paper = Paper(Color.Transparent)) {
        Row(Modifier.padding(horizontal = 4.dp), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
            icon?.let { Icon(it, null, tint = Look.palette.action) }
            if (icon == null || worded || !Look.measures.large) Text(label, color = Look.palette.action, style = Look.type.strong, maxLines = 1)
        }
    }
