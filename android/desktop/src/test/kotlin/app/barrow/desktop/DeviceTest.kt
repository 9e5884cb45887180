package app.barrow.desktop

import app.barrow.ui.app.Feeling
import app.barrow.ui.app.FilePurpose
import java.awt.Color
import java.awt.image.BufferedImage
import java.io.File
import javax.imageio.ImageIO
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** What a computer lends, as far as it can be tried without a person. */
class DeviceTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun aComputerWithoutALoudspeakerStaysSilent() {
        Sounds().use { sounds -> repeat(20) { Feeling.entries.forEach(sounds::play) } }
    }

    @Test
    fun pickedFilesAreRead() {
        val file = folder.newFile("goods.csv").apply { writeText("name;price\n") }
        val picked = checkNotNull(read(file, FilePurpose.ImportGoods))
        assertEquals("goods.csv", picked.name)
        assertEquals("name;price\n", picked.bytes.decodeToString())
        assertEquals("a backup is opened by its path", 0, checkNotNull(read(file, FilePurpose.OpenBackup)).bytes.size)
        assertNull(read(File(folder.root, "gone.csv"), FilePurpose.ImportGoods))
    }

    @Test
    fun aReceiptIsLaidOutForPaper() {
        val html = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><style>:root { --ink: #000 } @media print { p {} }</style></head>
            <body><main class="paper"><h1>Sample stall</h1><table><tr><th>Apples</th><td>4.31</td></tr>
            <tr class="total"><th>Total</th><td>4.31</td></tr></table></main></body></html>"""
        val page = page(html)
        page.setSize(280, 400)
        val picture = BufferedImage(280, 400, BufferedImage.TYPE_INT_RGB)
        picture.createGraphics().apply { color = Color.WHITE; fillRect(0, 0, 280, 400) }.let(page::paint)
        System.getProperty("barrow.pictures")?.let { ImageIO.write(picture, "png", File(it, "print.png")) }
        val inked = (0 until 400).count { y -> (0 until 280).any { x -> picture.getRGB(x, y) and 0xff < 0x80 } }
        assertTrue("$inked rows hold ink", inked in 30..120)
        assertTrue("no rule of style is printed", "--ink" !in page.document.getText(0, page.document.length))
    }
}
