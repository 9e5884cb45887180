package app.barrow.till

import java.nio.ByteBuffer
import org.junit.Assert.assertArrayEquals
import org.junit.Test

/** Cameras leave gaps between rows and sometimes between pixels. */
class LumaTest {
    @Test
    fun `gaps are left out`() {
        val picture = byteArrayOf(1, 2, 3, 4, 5, 6)
        val rows = ByteBuffer.wrap(byteArrayOf(1, 2, 3, 0, 0, 4, 5, 6))
        assertArrayEquals(picture, luma(rows, width = 3, height = 2, rowStride = 5, pixelStride = 1))
        val pixels = ByteBuffer.wrap(byteArrayOf(1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6))
        assertArrayEquals(picture, luma(pixels, width = 3, height = 2, rowStride = 6, pixelStride = 2))
    }
}
