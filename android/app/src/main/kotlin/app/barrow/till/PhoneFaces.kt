package app.barrow.till

import android.content.res.AssetManager
import androidx.compose.ui.text.font.Font
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import app.barrow.ui.look.Faces

/** Loads the fonts of the screens out of the app's assets. */
fun phoneFaces(assets: AssetManager): Faces {
    fun font(name: String, weight: Int) = Font("font/$name.ttf", assets, FontWeight(weight))
    return Faces(
        text = FontFamily(font("text-450", 400), font("text-600", 600), font("text-700", 700), font("text-800", 800)),
        figure = FontFamily(font("figure-800", 800)),
        mono = FontFamily(font("mono-500", 500)),
        emoji = FontFamily(font("emoji-500", 500)),
    )
}
