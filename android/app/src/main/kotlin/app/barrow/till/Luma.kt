package app.barrow.till

import java.nio.ByteBuffer

/** Takes the brightness out of a camera's plane: [width] bytes of each row, without the gaps that cameras leave. */
fun luma(plane: ByteBuffer, width: Int, height: Int, rowStride: Int, pixelStride: Int): ByteArray {
    val out = ByteArray(width * height)
    for (row in 0 until height) {
        if (pixelStride == 1) {
            plane.position(row * rowStride)
            plane.get(out, row * width, width)
        } else {
            for (column in 0 until width) out[row * width + column] = plane.get(row * rowStride + column * pixelStride)
        }
    }
    return out
}
