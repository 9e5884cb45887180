package app.barrow.ui.look

import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.platform.Font

/** Loads the fonts of resources/font on a desktop. */
fun desktopFaces(): Faces = Faces(
    text = FontFamily(font("text-450", 400), font("text-600", 600), font("text-700", 700), font("text-800", 800)),
    figure = FontFamily(font("figure-800", 800)),
    mono = FontFamily(font("mono-500", 500)),
    emoji = FontFamily(font("emoji-500", 500)),
)

private fun font(name: String, weight: Int) =
    Font("barrow-$name", { Faces::class.java.getResourceAsStream("/font/$name.ttf").use { it!!.readBytes() } }, FontWeight(weight))
