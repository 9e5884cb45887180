package app.barrow.till

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.ImageFormat
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.hardware.camera2.params.OutputConfiguration
import android.hardware.camera2.params.SessionConfiguration
import android.media.Image
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import android.view.Surface
import app.barrow.core.CameraPicture
import app.barrow.core.CodeReader
import java.util.concurrent.Executor

/** What pictures are read in: enough for a code at arm's length, and quick to read. Pixels. */
const val PICTURE_WIDTH = 1280
const val PICTURE_HEIGHT = 720

/**
 * Looks through the camera at the back for a code. Everything happens on a thread of its own, pictures that come
 * while one is read are let go, and [onCode] and [onBroken] are called there.
 */
class CodeCamera(context: Context, private val onCode: (String) -> Unit, private val onBroken: () -> Unit) : AutoCloseable {
    private val manager = context.getSystemService(CameraManager::class.java)
    private val thread = HandlerThread("camera").apply { start() }
    private val handler = Handler(thread.looper)
    private val executor = Executor(handler::post)
    private val codes = CodeReader()
    private val pictures = ImageReader.newInstance(PICTURE_WIDTH, PICTURE_HEIGHT, ImageFormat.YUV_420_888, 2)
    private var device: CameraDevice? = null
    private var preview: Surface? = null
    private var turn = 0
    private var closed = false

    /** Opens the camera and shows what it sees; [displayDegrees] is how far the screen is turned. */
    @SuppressLint("MissingPermission") // The screen that shows this comes after the permission.
    fun open(view: SurfaceTexture, displayDegrees: Int) {
        handler.post {
            try {
                val id = back()
                if (id == null || closed) return@post broke()
                turn = (sensor(id) - displayDegrees + FULL_TURN) % FULL_TURN
                view.setDefaultBufferSize(PICTURE_WIDTH, PICTURE_HEIGHT)
                preview = Surface(view)
                pictures.setOnImageAvailableListener({ it.acquireLatestImage()?.use(::read) }, handler)
                manager?.openCamera(id, executor, Opened())
            } catch (_: CameraAccessException) {
                broke()
            } catch (_: SecurityException) {
                broke()
            }
        }
    }

    /** Gives the camera back; the thread ends when the last picture is read. */
    override fun close() {
        handler.post {
            closed = true
            device?.close()
            pictures.close()
            preview?.release()
            codes.close()
            thread.quitSafely()
        }
    }

    private fun back(): String? = manager?.cameraIdList?.let { ids ->
        ids.firstOrNull { manager.getCameraCharacteristics(it)[CameraCharacteristics.LENS_FACING] == CameraCharacteristics.LENS_FACING_BACK }
            ?: ids.firstOrNull()
    }

    private fun sensor(id: String) = manager?.getCameraCharacteristics(id)?.get(CameraCharacteristics.SENSOR_ORIENTATION) ?: 0

    private fun read(image: Image) {
        if (closed) return
        val plane = image.planes[0]
        val luma = luma(plane.buffer, image.width, image.height, plane.rowStride, plane.pixelStride)
        codes.read(CameraPicture(luma, image.width.toUInt(), image.height.toUInt(), turn.toUInt()))?.let(onCode)
    }

    private fun broke() {
        if (!closed) onBroken()
    }

    private inner class Opened : CameraDevice.StateCallback() {
        override fun onOpened(camera: CameraDevice) {
            device = camera
            val surfaces = listOfNotNull(preview, pictures.surface)
            if (closed) return camera.close()
            try {
                val outputs = surfaces.map(::OutputConfiguration)
                camera.createCaptureSession(SessionConfiguration(SessionConfiguration.SESSION_REGULAR, outputs, executor, Running(surfaces)))
            } catch (_: CameraAccessException) {
                broke()
            }
        }

        override fun onDisconnected(camera: CameraDevice) {
            camera.close()
            broke()
        }

        override fun onError(camera: CameraDevice, error: Int) {
            camera.close()
            broke()
        }
    }

    private inner class Running(private val surfaces: List<Surface>) : CameraCaptureSession.StateCallback() {
        override fun onConfigured(session: CameraCaptureSession) {
            try {
                val request = session.device.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW)
                request[CaptureRequest.CONTROL_AF_MODE] = CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE
                surfaces.forEach(request::addTarget)
                session.setRepeatingRequest(request.build(), null, handler)
            } catch (_: CameraAccessException) {
                broke()
            } catch (_: IllegalStateException) {
                // It was closed in between.
                broke()
            }
        }

        override fun onConfigureFailed(session: CameraCaptureSession) = broke()
    }
}

/** Degrees of a full turn. */
private const val FULL_TURN = 360
