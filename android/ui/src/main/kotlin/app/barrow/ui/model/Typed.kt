package app.barrow.ui.model

import java.math.BigDecimal

/** Most digits that a pad takes: more than the largest amount has. */
private const val MOST_DIGITS = 13

/** A figure while it is typed on a pad: digits and at most one point. "4" is four whole units, "4.5" is 4.50. */
data class Typed(val text: String = "") {
    /** Adds a digit or the point; what can't follow changes nothing. [places] are the digits allowed after the point. */
    fun plus(key: Char, places: Int): Typed = when {
        key == '.' -> if (places == 0 || '.' in text) this else Typed(text.ifEmpty { "0" } + ".")
        !key.isDigit() || text.count(Char::isDigit) >= MOST_DIGITS -> this
        '.' in text && text.substringAfter('.').length >= places -> this
        text == "0" -> Typed("$key")
        else -> Typed(text + key)
    }

    /** Takes the last sign away. */
    fun back() = Typed(text.dropLast(1))

    /** Gives the figure; null when nothing is typed. */
    val figure: BigDecimal? get() = text.removeSuffix(".").toBigDecimalOrNull()

    /** Gives the figure in minor units of a currency with that many digits. */
    fun minor(digits: UByte): Long? = figure?.movePointRight(digits.toInt())?.longValueExact()
}
