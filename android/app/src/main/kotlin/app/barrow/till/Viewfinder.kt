package app.barrow.till

import android.content.Context
import android.graphics.Matrix
import android.graphics.RectF
import android.graphics.SurfaceTexture
import android.view.Surface
import android.view.TextureView
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.viewinterop.AndroidView

/** Draws what the camera sees, and hands its codes on until it leaves the screen. */
@Composable
fun Viewfinder(modifier: Modifier, onCode: (String) -> Unit, onBroken: () -> Unit) {
    AndroidView({ CameraView(it, onCode, onBroken) }, modifier)
}

/** A view with the camera behind it for as long as it is on the screen. */
private class CameraView(context: Context, private val onCode: (String) -> Unit, private val onBroken: () -> Unit) :
    TextureView(context), TextureView.SurfaceTextureListener {
    private var camera: CodeCamera? = null

    init {
        surfaceTextureListener = this
    }

    override fun onSurfaceTextureAvailable(surface: SurfaceTexture, width: Int, height: Int) {
        fit(width, height)
        camera = CodeCamera(context, onCode, onBroken).apply { open(surface, degrees()) }
    }

    override fun onSurfaceTextureSizeChanged(surface: SurfaceTexture, width: Int, height: Int) = fit(width, height)

    override fun onSurfaceTextureDestroyed(surface: SurfaceTexture): Boolean {
        camera?.close()
        camera = null
        return true
    }

    override fun onSurfaceTextureUpdated(surface: SurfaceTexture) = Unit

    private fun degrees() = when (display?.rotation) {
        Surface.ROTATION_90 -> 90
        Surface.ROTATION_180 -> 180
        Surface.ROTATION_270 -> 270
        else -> 0
    }

    private fun fit(width: Int, height: Int) = setTransform(viewMatrix(width.toFloat(), height.toFloat(), degrees()))
}

/** Turns and enlarges the picture so that it fills a view of this size upright and undistorted. */
fun viewMatrix(width: Float, height: Float, displayDegrees: Int): Matrix {
    val view = RectF(0f, 0f, width, height)
    val matrix = Matrix()
    // The system stretches the picture over the view as if the phone stood upright: undo that first, then fill.
    val buffer = RectF(0f, 0f, PICTURE_HEIGHT.toFloat(), PICTURE_WIDTH.toFloat())
    buffer.offset(view.centerX() - buffer.centerX(), view.centerY() - buffer.centerY())
    matrix.setRectToRect(view, buffer, Matrix.ScaleToFit.FILL)
    val across = displayDegrees % 180 != 0
    val (wide, high) = if (across) PICTURE_WIDTH to PICTURE_HEIGHT else PICTURE_HEIGHT to PICTURE_WIDTH
    val scale = maxOf(width / wide, height / high)
    matrix.postScale(scale, scale, view.centerX(), view.centerY())
    matrix.postRotate(-displayDegrees.toFloat(), view.centerX(), view.centerY())
    return matrix
}
