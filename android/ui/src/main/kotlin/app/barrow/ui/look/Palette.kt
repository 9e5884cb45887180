package app.barrow.ui.look

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.Color

/** The colour roles of one theme. [lineWidthDp] is how wide a border is drawn in it. */
@Immutable
data class Palette(
    val ground: Color,
    val surface: Color,
    val ink: Color,
    val ink2: Color,
    val line: Color,
    val hair: Color,
    val action: Color,
    val onAction: Color,
    val accent: Color,
    val onAccent: Color,
    val bubbleRing: Color,
    val safe: Color,
    val attention: Color,
    val trouble: Color,
    val onTrouble: Color,
    val info: Color,
    val lineWidthDp: Float = 1.5f,
    val tileForm: TileForm = TileForm.Ground,
)

/** What carries a tile's colour: its ground, its edge on the dark surface, or its edge on white with a black border. */
enum class TileForm { Ground, Surface, Outlined }

/** A tile's two colours: the light [ground] and the dark [edge]. */
@Immutable
data class TileColour(val ground: Color, val edge: Color)

val LightPalette = Palette(
    ground = Color(0xFFFFF9EE), surface = Color(0xFFFFFFFF), ink = Color(0xFF13232B), ink2 = Color(0xFF44575F),
    line = Color(0xFF66787F), hair = Color(0xFFE9E0CF), action = Color(0xFF0A4A54), onAction = Color(0xFFFFFFFF),
    accent = Color(0xFFFFC53A), onAccent = Color(0xFF13232B), bubbleRing = Color(0xFF13232B), safe = Color(0xFF2D5F0E),
    attention = Color(0xFF7F4400), trouble = Color(0xFFA11C17), onTrouble = Color(0xFFFFFFFF), info = Color(0xFF4A2F86),
)

val DarkPalette = Palette(
    ground = Color(0xFF0D171B), surface = Color(0xFF16252B), ink = Color(0xFFFBF3E4), ink2 = Color(0xFFB9C9CE),
    line = Color(0xFF768B92), hair = Color(0xFF22343B), action = Color(0xFF8ADBE5), onAction = Color(0xFF00343B),
    accent = Color(0xFFFFC53A), onAccent = Color(0xFF13232B), bubbleRing = Color(0xFF0D171B), safe = Color(0xFFA9DB8C),
    attention = Color(0xFFFFC178), trouble = Color(0xFFFFB4AB), onTrouble = Color(0xFF5C0905), info = Color(0xFFCFBEFF),
    tileForm = TileForm.Surface,
)

val SunlightPalette = Palette(
    ground = Color(0xFFFFFFFF), surface = Color(0xFFFFFFFF), ink = Color(0xFF000000), ink2 = Color(0xFF1F1F1F),
    line = Color(0xFF000000), hair = Color(0xFF000000), action = Color(0xFF000000), onAction = Color(0xFFFFFFFF),
    accent = Color(0xFFFFD60A), onAccent = Color(0xFF000000), bubbleRing = Color(0xFF000000), safe = Color(0xFF1D4A00),
    attention = Color(0xFF5E3200), trouble = Color(0xFF8C0000), onTrouble = Color(0xFFFFFFFF), info = Color(0xFF2E1470),
    lineWidthDp = 2f, tileForm = TileForm.Outlined,
)

/** The twelve tile colours, by the names that items carry. */
val TileColours: Map<String, TileColour> = mapOf(
    "tomato" to TileColour(Color(0xFFFBD5CF), Color(0xFF8F1D14)),
    "carrot" to TileColour(Color(0xFFFFDDB8), Color(0xFF7A3B00)),
    "lemon" to TileColour(Color(0xFFFFF0A8), Color(0xFF5C4700)),
    "lettuce" to TileColour(Color(0xFFE2F2B5), Color(0xFF3B5200)),
    "leaf" to TileColour(Color(0xFFCDEBD3), Color(0xFF12512C)),
    "mint" to TileColour(Color(0xFFC6EFEA), Color(0xFF00504A)),
    "sky" to TileColour(Color(0xFFCFE6FA), Color(0xFF0B4570)),
    "blueberry" to TileColour(Color(0xFFDAD9FB), Color(0xFF30308A)),
    "plum" to TileColour(Color(0xFFF1D3EA), Color(0xFF651753)),
    "rhubarb" to TileColour(Color(0xFFFFD3E0), Color(0xFF86123F)),
    "cocoa" to TileColour(Color(0xFFEBDACB), Color(0xFF5A3216)),
    "stone" to TileColour(Color(0xFFE4E1DC), Color(0xFF45403A)),
)

/** The tile colour of that name; stone for a name that is none of the twelve. */
fun tileColour(name: String): TileColour = TileColours[name] ?: TileColours.getValue("stone")
