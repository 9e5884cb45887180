package app.barrow.ui.look

import androidx.compose.foundation.LocalIndication
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.selection.LocalTextSelectionColors
import androidx.compose.foundation.text.selection.TextSelectionColors
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalFontFamilyResolver
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.text.TextMeasurer
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.LayoutDirection
import app.barrow.ui.words.Figures
import app.barrow.ui.words.Words

/** The three palettes. */
enum class Theme { Light, Dark, Sunlight }

/** How a person wants the screen. */
@Immutable
data class LookSetting(
    val theme: Theme = Theme.Light,
    /** Two columns, large gaps, and two touches closer than 90 ms count once. */
    val rain: Boolean = false,
    /** Makes text larger than the device's own setting does: 2 for 200 %. */
    val textScale: Float = 1f,
    val reducedMotion: Boolean = false,
    /** Mirrors the bar for the left hand. */
    val leftHand: Boolean = false,
)

/** Everything that a part needs to be drawn. */
@Immutable
class Looks(
    val setting: LookSetting,
    val palette: Palette,
    val type: Type,
    val measures: Measures,
    val motion: Motion,
    val words: Words,
    val figures: Figures,
    /** Lays out what is drawn rather than placed, and keeps the newest of it: a name seen before is not laid out again. */
    val measurer: TextMeasurer,
)

/** Keeps so many laid out texts: those of the tiles of some pages, and of a search and the one before. */
private const val TEXTS_KEPT = 512

private val LocalLooks = staticCompositionLocalOf<Looks> { error("drawn outside of BarrowLook") }

/** The look of the place where this is read: colours, type, measures, motion, words and figures. */
object Look {
    val setting: LookSetting @Composable @ReadOnlyComposable get() = LocalLooks.current.setting
    val palette: Palette @Composable @ReadOnlyComposable get() = LocalLooks.current.palette
    val type: Type @Composable @ReadOnlyComposable get() = LocalLooks.current.type
    val measures: Measures @Composable @ReadOnlyComposable get() = LocalLooks.current.measures
    val motion: Motion @Composable @ReadOnlyComposable get() = LocalLooks.current.motion
    val words: Words @Composable @ReadOnlyComposable get() = LocalLooks.current.words
    val figures: Figures @Composable @ReadOnlyComposable get() = LocalLooks.current.figures
    val measurer: TextMeasurer @Composable @ReadOnlyComposable get() = LocalLooks.current.measurer
}

/** Fills the window with the ground of the look and draws [content] in it, in the direction of the language. */
@Composable
fun BarrowLook(setting: LookSetting, faces: Faces, words: Words, figures: Figures, content: @Composable () -> Unit) {
    val palette = when (setting.theme) {
        Theme.Light -> LightPalette
        Theme.Dark -> DarkPalette
        Theme.Sunlight -> SunlightPalette
    }
    val outer = LocalDensity.current
    val density = remember(outer, setting.textScale) { Density(outer.density, outer.fontScale * setting.textScale) }
    val direction = if (words.rightToLeft) LayoutDirection.Rtl else LayoutDirection.Ltr
    BoxWithConstraints(Modifier.fillMaxSize().background(palette.ground)) {
        val measures = Measures(maxWidth >= WideFrom, density.fontScale, setting.rain, setting.theme == Theme.Sunlight)
        val fonts = LocalFontFamilyResolver.current
        val measurer = remember(fonts, density, direction) { TextMeasurer(fonts, density, direction, TEXTS_KEPT) }
        val looks = remember(setting, faces, words, figures, measures, measurer) {
            Looks(setting, palette, Type(faces, words.rightToLeft), measures, Motion(setting.reducedMotion), words, figures, measurer)
        }
        CompositionLocalProvider(LocalDensity provides density, LocalLayoutDirection provides direction, LocalLooks provides looks) {
            Material(palette, looks.type, content)
        }
    }
}

/** Material in our colours and type, so that whatever is used of it looks like the rest. */
@Composable
private fun Material(palette: Palette, type: Type, content: @Composable () -> Unit) {
    val scheme = remember(palette) { materialColours(palette) }
    val typography = remember(type) { materialType(type) }
    val corners = RoundedCornerShape(PlainShape.radius)
    MaterialTheme(scheme, Shapes(corners, corners, corners, corners, corners), typography) {
        CompositionLocalProvider(
            LocalContentColor provides palette.ink,
            LocalTextStyle provides type.text,
            LocalIndication provides PressIndication(PlainShape, palette.ink, palette.info),
            LocalTextSelectionColors provides TextSelectionColors(palette.action, palette.accent.copy(alpha = 0.6f)),
            content = content,
        )
    }
}

private fun materialColours(p: Palette): ColorScheme = lightColorScheme(
    primary = p.action, onPrimary = p.onAction, primaryContainer = p.accent, onPrimaryContainer = p.onAccent, inversePrimary = p.accent,
    secondary = p.action, onSecondary = p.onAction, secondaryContainer = p.accent, onSecondaryContainer = p.onAccent,
    tertiary = p.info, onTertiary = p.surface, tertiaryContainer = p.surface, onTertiaryContainer = p.info,
    background = p.ground, onBackground = p.ink, surface = p.surface, onSurface = p.ink, surfaceVariant = p.surface,
    onSurfaceVariant = p.ink2, surfaceTint = p.surface, inverseSurface = p.ink, inverseOnSurface = p.ground,
    error = p.trouble, onError = p.onTrouble, errorContainer = p.surface, onErrorContainer = p.trouble,
    outline = p.line, outlineVariant = p.hair, scrim = p.ink, surfaceBright = p.surface, surfaceDim = p.ground,
    surfaceContainer = p.surface, surfaceContainerHigh = p.surface, surfaceContainerHighest = p.surface,
    surfaceContainerLow = p.surface, surfaceContainerLowest = p.surface,
)

private fun materialType(t: Type) = Typography(
    displayLarge = t.figure, displayMedium = t.total, displaySmall = t.total, headlineLarge = t.title, headlineMedium = t.title,
    headlineSmall = t.title, titleLarge = t.action, titleMedium = t.name, titleSmall = t.key, bodyLarge = t.text, bodyMedium = t.text,
    bodySmall = t.small, labelLarge = t.key, labelMedium = t.key, labelSmall = t.small,
)
