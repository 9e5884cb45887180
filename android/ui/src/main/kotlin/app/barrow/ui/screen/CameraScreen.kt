package app.barrow.ui.screen

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.barrow.ui.look.Gap
import app.barrow.ui.look.Icons
import app.barrow.ui.look.Look
import app.barrow.ui.look.Margin
import app.barrow.ui.part.Head
import app.barrow.ui.part.Key
import app.barrow.ui.part.MainButton

/** Lines of text grow no longer than this. */
private val LINE = 480.dp

/** How far the camera is. */
enum class CameraState {
    /** Says what the camera is for, before the system asks. */
    Reason,

    /** It was refused for good: says where to allow it. */
    Refused,

    /** It looks for a code. */
    Looking,

    /** It can't be used: another app has it, or it broke. */
    Broken,
}

/** What a person does there. */
enum class CameraEvent { Allow, Settings, Close }

/** Reads a code with the camera; before the first time it says why the camera is needed. [view] draws what it sees. */
@Composable
fun CameraScreen(state: CameraState, on: (CameraEvent) -> Unit, view: @Composable (Modifier) -> Unit) {
    Column(Modifier.fillMaxSize().background(Look.palette.ground)) {
        Head(Look.words.text("app.camera.title"), onBack = { on(CameraEvent.Close) })
        when (state) {
            CameraState.Looking -> Looking(on, view)
            CameraState.Reason -> Told("reason", "allow", { on(CameraEvent.Allow) }, on)
            CameraState.Refused -> Told("refused", "settings", { on(CameraEvent.Settings) }, on)
            CameraState.Broken -> Told("broken", null, {}, on)
        }
    }
}

@Composable
private fun ColumnScope.Looking(on: (CameraEvent) -> Unit, view: @Composable (Modifier) -> Unit) {
    Box(Modifier.weight(1f).fillMaxWidth(), Alignment.Center) {
        view(Modifier.fillMaxSize())
        // Where the code should lie; the whole picture is read. Light within dark is seen on any picture.
        val frame = Modifier.border(2.dp, Look.palette.onAccent).padding(2.dp).border(3.dp, Look.palette.accent)
        Box(Modifier.padding(horizontal = 36.dp).widthIn(max = LINE).fillMaxWidth().height(200.dp).then(frame))
    }
    Text(
        Look.words.text("app.camera.point"),
        Modifier.fillMaxWidth().padding(Margin).semantics { liveRegion = LiveRegionMode.Polite },
        style = Look.type.text, textAlign = TextAlign.Center,
    )
    Key(Look.words.text("app.camera.without"), { on(CameraEvent.Close) }, Modifier.fillMaxWidth().padding(Margin))
}

@Composable
private fun ColumnScope.Told(word: String, act: String?, onAct: () -> Unit, on: (CameraEvent) -> Unit) {
    Column(
        Modifier.weight(1f).fillMaxWidth().verticalScroll(rememberScrollState()).padding(horizontal = 24.dp),
        Arrangement.spacedBy(20.dp, Alignment.CenterVertically), Alignment.CenterHorizontally,
    ) {
        Icon(Icons.Camera, null, Modifier.size(64.dp), Look.palette.ink)
        Text(
            Look.words.text("app.camera.$word"), Modifier.widthIn(max = LINE).semantics { heading() },
            style = Look.type.action, textAlign = TextAlign.Center,
        )
        Text(
            Look.words.text("app.camera.$word.more"), Modifier.widthIn(max = LINE),
            style = Look.type.text, textAlign = TextAlign.Center,
        )
    }
    Column(Modifier.padding(Margin), Arrangement.spacedBy(Gap)) {
        act?.let { MainButton(Look.words.text("app.camera.$it"), onAct, Modifier.fillMaxWidth()) }
        Key(Look.words.text("app.camera.without"), { on(CameraEvent.Close) }, Modifier.fillMaxWidth())
    }
}
