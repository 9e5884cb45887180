package app.barrow.till

import android.app.Activity
import android.app.Application
import android.content.Intent
import android.net.Uri
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import app.barrow.ui.app.FilePurpose
import app.barrow.ui.model.Settings
import app.barrow.ui.model.ThemeChoice
import java.io.ByteArrayInputStream
import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** What can be run of Android on a JVM: preferences, files by address, sharing, and how the picture fills the view. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], manifest = Config.NONE, application = Application::class)
class PhoneTest {
    private val context get() = RuntimeEnvironment.getApplication()

    @Test
    fun `settings outlive the window`() {
        val store = PreferenceSettings(context)
        assertEquals(Settings(), store.load())
        val wanted = Settings(theme = ThemeChoice.Sunlight, language = "ar", rain = true, sounds = false)
        store.save(wanted)
        assertEquals(wanted, PreferenceSettings(context).load())
        store.save(Settings())
        assertEquals("what is no longer wanted is gone", Settings(), PreferenceSettings(context).load())
    }

    @Test
    fun `a picked file comes in with its bytes`() = runBlocking {
        val place = Uri.parse("content://files/goods.csv")
        shadowOf(context.contentResolver).registerInputStreamSupplier(place) { ByteArrayInputStream("sku,name".toByteArray()) }
        val file = Files(context).bring(place, FilePurpose.ImportGoods)
        assertEquals("goods.csv", file?.name)
        assertArrayEquals("sku,name".toByteArray(), file?.bytes)
        val backup = Files(context).bring(place, FilePurpose.OpenBackup)
        assertEquals("sku,name", File(backup!!.path).readText())
    }

    @Test
    fun `a text goes to another app`() {
        val window = Robolectric.buildActivity(Activity::class.java).setup().get()
        assertTrue(window.shareText("Receipt A-1", "Total 4.00"))
        val chooser = shadowOf(window).nextStartedActivity
        @Suppress("DEPRECATION")
        val sent = chooser.getParcelableExtra<Intent>(Intent.EXTRA_INTENT)
        assertEquals("Total 4.00", sent?.getStringExtra(Intent.EXTRA_TEXT))
    }

    @Test
    fun `a question without a window has no answer`() = runBlocking {
        assertNull(Question(RequestPermission()).ask("camera"))
    }

    @Test
    fun `the picture fills the view and is not distorted`() {
        for ((width, height) in listOf(1080f to 1700f, 1080f to 600f, 600f to 600f)) for (degrees in listOf(0, 90, 180, 270)) {
            val corners = floatArrayOf(0f, 0f, width, 0f, width, height, 0f, height)
            viewMatrix(width, height, degrees).mapPoints(corners)
            val xs = corners.filterIndexed { at, _ -> at % 2 == 0 }
            val ys = corners.filterIndexed { at, _ -> at % 2 == 1 }
            assertTrue("$width x $height at $degrees: $xs $ys", xs.min() <= 0.5f && xs.max() >= width - 0.5f && ys.min() <= 0.5f && ys.max() >= height - 0.5f)
            val (wide, high) = (xs.max() - xs.min()) to (ys.max() - ys.min())
            assertEquals(if (degrees % 180 == 0) 9f / 16 else 16f / 9, wide / high, 0.01f)
        }
    }
}
