package app.barrow.ui.look

import androidx.compose.animation.core.Animatable
import androidx.compose.foundation.IndicationNodeFactory
import androidx.compose.foundation.clickable
import androidx.compose.foundation.combinedClickable
import androidx.compose.foundation.gestures.awaitEachGesture
import androidx.compose.foundation.gestures.awaitFirstDown
import androidx.compose.foundation.interaction.FocusInteraction
import androidx.compose.foundation.interaction.InteractionSource
import androidx.compose.foundation.interaction.MutableInteractionSource
import androidx.compose.foundation.interaction.PressInteraction
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithContent
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.ContentDrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.input.pointer.AwaitPointerEventScope
import androidx.compose.ui.input.pointer.PointerEvent
import androidx.compose.ui.input.pointer.PointerEventPass
import androidx.compose.ui.input.pointer.PointerInputScope
import androidx.compose.ui.input.pointer.isOutOfBounds
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.input.pointer.positionChangedIgnoreConsumed
import androidx.compose.ui.node.DelegatableNode
import androidx.compose.ui.node.DrawModifierNode
import androidx.compose.ui.node.invalidateDraw
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch

/** How much ink lies over what is pressed. */
private const val PRESSED_ALPHA = 0.14f

/** In rain mode two touches of one thing that are closer than this count once: a drop is not a finger. */
private val DROP = 90.milliseconds

/**
 * Makes something to press: it is darker in the very next frame (a scrolling list usually delays that), has a ring
 * when it has the keyboard, and a press counts when the finger lifts inside. [does] and [onLongPressDoes] say what a
 * press does, for a screen reader: "double tap to ...".
 */
@Composable
fun Modifier.pressable(
    shape: LabelShape = PlainShape,
    enabled: Boolean = true,
    role: Role = Role.Button,
    does: String? = null,
    onLongPress: (() -> Unit)? = null,
    onLongPressDoes: String? = null,
    onPress: () -> Unit,
): Modifier {
    val palette = Look.palette
    val motion = Look.motion
    val rain = Look.measures.rain
    val act = rememberUpdatedState(onPress)
    val press = remember(rain) { if (rain) dropProof { act.value() } else ({ act.value() }) }
    val interactions = remember { MutableInteractionSource() }
    val ring = remember(shape, palette) { PressIndication(shape, Color.Transparent, palette.info) }
    val darkness = remember { Animatable(0f) }
    val watched = if (!enabled) Modifier else Modifier.pointerInput(motion) {
        coroutineScope {
            watchPress { down ->
                launch(start = CoroutineStart.UNDISPATCHED) {
                    if (down) darkness.snapTo(PRESSED_ALPHA) else darkness.animateTo(0f, motion.press())
                }
            }
        }
    }
    val clicked = if (onLongPress == null) {
        Modifier.clickable(interactions, ring, enabled, does, role, press)
    } else {
        Modifier.combinedClickable(interactions, ring, enabled, does, role, onLongPressDoes, onLongPress, onClick = press)
    }
    return then(watched).then(clicked).drawWithContent {
        drawContent()
        if (darkness.value > 0f) drawPath(shape.path(size, layoutDirection, this), palette.ink, alpha = darkness.value)
    }
}

/** Lets a press through unless another came just before. */
internal fun dropProof(clock: TimeSource = TimeSource.Monotonic, act: () -> Unit): () -> Unit {
    var last: TimeMark? = null
    return {
        val drop = last?.let { it.elapsedNow() < DROP } ?: false
        last = clock.markNow()
        if (!drop) act()
    }
}

/** Tells when a finger goes down and when it lifts, leaves or begins to scroll. */
private suspend fun PointerInputScope.watchPress(tell: (Boolean) -> Unit) = awaitEachGesture {
    awaitFirstDown(requireUnconsumed = false, pass = PointerEventPass.Initial)
    tell(true)
    do {
        val event = awaitPointerEvent(PointerEventPass.Final)
    } while (event.changes.any { it.pressed } && !leaves(event))
    tell(false)
}

private fun AwaitPointerEventScope.leaves(event: PointerEvent): Boolean = event.changes.any {
    (it.isConsumed && it.positionChangedIgnoreConsumed()) || it.isOutOfBounds(size, extendedTouchPadding)
}

/** Draws what is pressed darker and what has the keyboard with a ring of 3 dp, along a shape of the look. */
data class PressIndication(private val shape: LabelShape, private val ink: Color, private val ring: Color) : IndicationNodeFactory {
    override fun create(interactionSource: InteractionSource): DelegatableNode = PressNode(interactionSource, shape, ink, ring)
}

private class PressNode(
    private val interactions: InteractionSource, private val shape: LabelShape, private val ink: Color, private val ring: Color,
) : Modifier.Node(), DrawModifierNode {
    private var pressed = false
    private var focused = false

    override fun onAttach() {
        coroutineScope.launch {
            interactions.interactions.collect {
                when (it) {
                    is FocusInteraction.Focus -> focused = true
                    is FocusInteraction.Unfocus -> focused = false
                    is PressInteraction.Press -> pressed = true
                    is PressInteraction.Release, is PressInteraction.Cancel -> pressed = false
                }
                invalidateDraw()
            }
        }
    }

    override fun ContentDrawScope.draw() {
        drawContent()
        if (pressed) drawPath(shape.path(size, layoutDirection, this), ink, alpha = PRESSED_ALPHA)
        val width = 3.dp.toPx()
        if (focused) drawPath(shape.path(size, layoutDirection, this, width / 2), ring, style = Stroke(width))
    }
}
