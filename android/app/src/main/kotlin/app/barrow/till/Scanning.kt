package app.barrow.till

import android.content.Context
import android.content.pm.PackageManager
import app.barrow.ui.screen.CameraEvent
import app.barrow.ui.screen.CameraState
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

/** Reading one code with the camera, from the wish to the code: the permission is explained before it is asked for. */
class Scanning(context: Context) {
    private val shown = MutableStateFlow<CameraState?>(null)
    private var said: CompletableDeferred<CameraEvent>? = null

    /** Waits for the code; the camera's thread brings it. */
    @Volatile
    private var code: CompletableDeferred<String?>? = null

    /** Asks for the camera; the window brings it. */
    var permission: Permission? = null

    /** Tells whether there is a camera at all. */
    val possible = context.packageManager.hasSystemFeature(PackageManager.FEATURE_CAMERA_ANY)

    /** Tells what is on the screen; null while nobody wants to read a code. */
    val state: StateFlow<CameraState?> = shown

    /** Reads a code; null when the camera is not allowed or the person turned away. */
    suspend fun scan(): String? {
        if (!possible || shown.value != null) return null
        try {
            val allowed = permission?.get(::tell) ?: false
            if (!allowed) return null
            val found = CompletableDeferred<String?>()
            code = found
            shown.value = CameraState.Looking
            return found.await()
        } finally {
            shown.value = null
        }
    }

    /** Takes what the person does on the camera's screen. */
    fun on(event: CameraEvent) {
        said?.complete(event)
        if (event == CameraEvent.Close) code?.complete(null)
    }

    /** Takes a code that the camera saw; from any thread. */
    fun seen(text: String) {
        code?.complete(text)
    }

    /** Takes note that the camera can't be used; from any thread. */
    fun broke() {
        if (shown.value == CameraState.Looking) shown.value = CameraState.Broken
    }

    private suspend fun tell(ask: Ask): Boolean {
        val answer = CompletableDeferred<CameraEvent>()
        said = answer
        shown.value = if (ask == Ask.Reason) CameraState.Reason else CameraState.Refused
        return answer.await() != CameraEvent.Close
    }
}
