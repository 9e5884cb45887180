package app.barrow.ui.words

import androidx.compose.runtime.Immutable
import app.barrow.core.Currency
import java.math.BigDecimal
import java.math.RoundingMode
import java.text.DecimalFormat
import java.text.NumberFormat
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import java.util.Locale

/**
 * Figures as a person of [locale] reads them: money, quantities, times of [zone]; the names of days and months are those
 * of the [reader]. It only shifts the decimal point; no figure is computed here. May be used from several threads.
 */
@Immutable
class Figures(private val locale: Locale, private val zone: ZoneId = ZoneId.systemDefault(), reader: Locale = locale) {
    /** Money without a sign of the currency: 2231 of a currency with 2 digits is "22.31". */
    fun money(minor: Long, currency: Currency): String {
        val digits = currency.digits.toInt()
        return number(BigDecimal.valueOf(minor, digits), digits, digits)
    }

    /** Money with a plus or minus before it, for what comes and goes. */
    fun signedMoney(minor: Long, currency: Currency): String =
        if (minor > 0) "$LEFT_TO_RIGHT+${money(minor, currency)}" else money(minor, currency)

    /** What stands on a note or coin: "50", and for the small ones "50c" where that is usual, else "0.50". */
    fun piece(minor: Long, currency: Currency): String {
        val value = BigDecimal.valueOf(minor, currency.digits.toInt())
        val small = SMALL_COIN[currency.code]
        return when {
            value.stripTrailingZeros().scale() <= 0 -> number(value, 0, 0)
            small != null && value < BigDecimal.ONE -> "${whole(minor)}$small"
            else -> money(minor, currency)
        }
    }

    /** A count or quantity with as many decimals as it has: "2", "0.5". */
    fun quantity(value: BigDecimal): String = number(value.stripTrailingZeros(), 0, MAX_DECIMALS)

    /** A weight or measure with three decimals, as scales show it, and its unit: "1.234 kg". */
    fun measure(value: BigDecimal, unit: String): String = "${number(value, 3, MAX_DECIMALS)}$NO_BREAK$unit"

    /** A unit price: at least the decimals of the currency, more where it has them. */
    fun unitPrice(value: BigDecimal, currency: Currency): String = number(value, currency.digits.toInt(), MAX_DECIMALS)

    /** A share in thousandths as whole per cents: 437 is "44 %". */
    fun percent(permille: Int): String =
        "${number(BigDecimal.valueOf(permille.toLong(), 1), 0, 0)}$NO_BREAK%"

    /** A whole number: "1,114". */
    fun whole(value: Long): String = number(BigDecimal.valueOf(value), 0, 0)

    /** The time of day of a moment in milliseconds since 1970: "14:31". */
    fun time(ms: Long): String = plain(times.format(Instant.ofEpochMilli(ms).atZone(zone)))

    /** The day of a moment in milliseconds since 1970: "Sat 5 September". */
    fun day(ms: Long): String = day(Instant.ofEpochMilli(ms).atZone(zone).toLocalDate())

    /** A day counted since 1970: "Sat 5 September". */
    fun dayOf(days: Long): String = day(LocalDate.ofEpochDay(days))

    /** The name of the weekday of a day counted since 1970: "Saturday". */
    fun weekday(days: Long): String = plain(weekdays.format(LocalDate.ofEpochDay(days)))

    /** Day and time of a moment: "5 Sept 2026, 14:31". */
    fun moment(ms: Long): String = plain(dates.format(Instant.ofEpochMilli(ms).atZone(zone))) + ", " + time(ms)

    /** The sign between whole and decimals. */
    val decimalPoint: Char get() = plainFormat.decimalFormatSymbols.decimalSeparator

    private fun day(date: LocalDate) = plain(days.format(date))

    private fun number(value: BigDecimal, least: Int, most: Int): String {
        val format = plainFormat.clone() as DecimalFormat
        format.minimumFractionDigits = least
        format.maximumFractionDigits = most
        return plain(format.format(value))
    }

    /** Our fonts have the plain no-break space, not its narrow sister. */
    private fun plain(text: String) = text.replace(NARROW_NO_BREAK, NO_BREAK)

    private val plainFormat = (NumberFormat.getNumberInstance(locale) as DecimalFormat).apply {
        negativePrefix = "$LEFT_TO_RIGHT$MINUS"
        negativeSuffix = ""
        roundingMode = RoundingMode.HALF_UP
    }
    private val times = DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT).withLocale(locale)
    private val days = DateTimeFormatter.ofPattern("EEE d MMMM", reader)
    private val weekdays = DateTimeFormatter.ofPattern("EEEE", reader)
    private val dates = DateTimeFormatter.ofPattern("d MMM y", reader)

    private companion object {
        const val MINUS = '\u2212'
        const val NO_BREAK = '\u00A0'
        const val NARROW_NO_BREAK = '\u202F'

        /** Keeps a sign before its number in a line that runs from right to left. */
        const val LEFT_TO_RIGHT = '\u200E'
        const val MAX_DECIMALS = 6
        val SMALL_COIN = listOf("EUR", "USD", "CAD", "AUD", "NZD").associateWith { "c" } + ("GBP" to "p")
    }
}
