package app.barrow.ui.picture

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.ExperimentalComposeUiApi
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import androidx.compose.ui.use
import app.barrow.ui.look.BarrowLook
import app.barrow.ui.look.LookSetting
import app.barrow.ui.look.Theme
import app.barrow.ui.look.desktopFaces
import app.barrow.ui.part.LocalCutText
import app.barrow.ui.words.Figures
import app.barrow.ui.words.Words
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import java.io.File
import java.time.ZoneId
import java.util.Locale
import javax.imageio.ImageIO
import javax.swing.SwingUtilities
import org.jetbrains.skia.EncodedImageFormat

/** One setting of a picture: how large the window is and how a person wants it. */
data class Frame(
    val name: String,
    val width: Int = 360,
    val height: Int = 760,
    val look: LookSetting = LookSetting(reducedMotion = true),
    val language: String = "en",
    val density: Float = 2f,
) {
    val words: Words get() = Words.load(language)
    val figures: Figures get() = Figures(Locale.forLanguageTag("en-IE"), ZoneId.of("Europe/Berlin"), Locale.forLanguageTag(language))
}

/** The settings that screens are drawn in. */
object Frames {
    private val still = LookSetting(reducedMotion = true)
    val phone = Frame("phone")
    val tablet = Frame("tablet", 1280, 800, density = 1f)
    val dark = Frame("dark", look = still.copy(theme = Theme.Dark))
    val sunlight = Frame("sunlight", look = still.copy(theme = Theme.Sunlight))
    val rain = Frame("rain", look = still.copy(rain = true))
    val rightToLeft = Frame("rtl", language = "ar")
    val large = Frame("200", look = still.copy(textScale = 2f))
    val largeRightToLeft = Frame("rtl-200", look = still.copy(textScale = 2f), language = "ar")
    val all = listOf(phone, tablet, dark, sunlight, rain, rightToLeft, large, largeRightToLeft)
}

private val faces = desktopFaces()

/** Our look around content, in a window of the frame's size. */
@Composable
fun Framed(frame: Frame, content: @Composable () -> Unit) = Box(Modifier.size(frame.width.dp, frame.height.dp).testTag(WINDOW)) {
    BarrowLook(frame.look, faces, frame.words, frame.figures, content)
}

/** The name of the window for tests. */
internal const val WINDOW = "window"

/**
 * Draws content offscreen and returns it as PNG; throws where a text of it can't be read whole. It runs on the AWT thread: a scene that another thread drives can
 * deadlock with Compose's snapshots. [settle] frames of 16 ms pass before the picture, so that effects have run; with [pauseMs] between
 * them where a screen waits for the core.
 */
@OptIn(ExperimentalComposeUiApi::class)
fun draw(frame: Frame, settle: Int = 12, pauseMs: Long = 0, content: @Composable () -> Unit): ByteArray {
    var png: ByteArray? = null
    val cut = sortedSetOf<String>()
    SwingUtilities.invokeAndWait {
        val width = (frame.width * frame.density).toInt()
        val height = (frame.height * frame.density).toInt()
        ImageComposeScene(width, height, Density(frame.density)) {
            CompositionLocalProvider(LocalCutText provides { if (it.length <= LONG) cut += "\"$it\" is cut" }) { Framed(frame, content) }
        }.use { scene ->
            var time = 0L
            repeat(settle) {
                scene.render(time.also { time += 16_000_000 })
                if (pauseMs > 0) Thread.sleep(pauseMs)
            }
            cut += scene.semanticsOwners.flatMap { cutTexts(it.unmergedRootSemanticsNode) }
            png = scene.render(time).encodeToData(EncodedImageFormat.PNG)!!.bytes
        }
    }
    if (cut.isNotEmpty()) throw AssertionError(cut.joinToString("\n"))
    return png!!
}

/** The folder of -Dbarrow.pictures, or null where pictures are only checked. */
val pictureFolder: File? = System.getProperty("barrow.pictures")?.takeIf { it.isNotEmpty() }?.let { File(it).apply { mkdirs() } }

/** Draws content in a setting, checks that something is on it, and keeps it as <name>-<frame>.png where asked to. */
fun picture(name: String, frame: Frame, settle: Int = 12, pauseMs: Long = 0, content: @Composable () -> Unit): BufferedImage {
    val png = try {
        draw(frame, settle, pauseMs, content)
    } catch (cut: AssertionError) {
        throw AssertionError("$name in ${frame.name}: ${cut.message}", cut)
    }
    val image = ImageIO.read(png.inputStream())
    check(colours(image) > 2) { "$name in ${frame.name} is empty" }
    pictureFolder?.let { File(it, "$name-${frame.name}.png").writeBytes(small(image)) }
    return image
}

/** How many colours a picture has, up to a few thousand places looked at. */
private fun colours(image: BufferedImage): Int {
    val step = maxOf(1, image.width / 97)
    return (0 until image.height step step).flatMap { y -> (0 until image.width step step).map { x -> image.getRGB(x, y) } }.toSet().size
}

/** PNG with a palette of at most 256 colours where that loses next to nothing, so that docs stay small. */
private fun small(image: BufferedImage): ByteArray {
    val out = ByteArrayOutputStream()
    ImageIO.write(quantised(image), "png", out)
    return out.toByteArray()
}

/** The 256 most frequent colours, every other pixel given the nearest of them. */
private fun quantised(image: BufferedImage): BufferedImage {
    val pixels = image.getRGB(0, 0, image.width, image.height, null, 0, image.width)
    val frequent = pixels.toList().groupingBy { it or (0xFF shl 24) }.eachCount().entries.sortedByDescending { it.value }.take(256).map { it.key }
    val part = { shift: Int -> ByteArray(frequent.size) { (frequent[it] shr shift).toByte() } }
    val model = java.awt.image.IndexColorModel(8, frequent.size, part(16), part(8), part(0))
    val nearest = HashMap<Int, Int>()
    val result = BufferedImage(image.width, image.height, BufferedImage.TYPE_BYTE_INDEXED, model)
    val indexes = ByteArray(pixels.size) { i ->
        nearest.getOrPut(pixels[i]) { frequent.indices.minBy { distance(frequent[it], pixels[i]) } }.toByte()
    }
    result.raster.setDataElements(0, 0, image.width, image.height, indexes)
    return result
}

private fun distance(a: Int, b: Int): Int = listOf(16, 8, 0).sumOf { shift -> (((a shr shift) and 255) - ((b shr shift) and 255)).let { it * it } }
