package app.barrow.ui.words

import app.barrow.core.Currency
import java.math.BigDecimal
import java.time.ZoneId
import java.util.Locale
import org.junit.Assert.assertEquals
import org.junit.Test

/** Figures as people of different places read them; only the point moves. */
class FiguresTest {
    private val euro = Currency("EUR", 2u)
    private val yen = Currency("JPY", 0u)
    private val dinar = Currency("KWD", 3u)
    private val irish = of("en-IE")
    private val german = of("de-DE")

    @Test
    fun moneyHasTheDigitsOfItsCurrency() {
        assertEquals("22.31", irish.money(2231, euro))
        assertEquals("22,31", german.money(2231, euro))
        assertEquals("2,231", irish.money(2231, yen))
        assertEquals("2.231", irish.money(2231, dinar))
        assertEquals("0.00", irish.money(0, euro))
        assertEquals("0.05", irish.money(5, euro))
        assertEquals("\u200E\u22124.00", irish.money(-400, euro))
        assertEquals("\u200E+4.00", irish.signedMoney(400, euro))
    }

    @Test
    fun theLargestAmountsKeepEveryDigit() {
        assertEquals("92,233,720,368,547,758.07", irish.money(Long.MAX_VALUE, euro))
        assertEquals("\u200E\u221292,233,720,368,547,758.08", irish.money(Long.MIN_VALUE, euro))
    }

    @Test
    fun frenchGroupsWithASpaceThatOurFontsHave() = assertEquals("1\u00A0234,50", of("fr-FR").money(123450, euro))

    @Test
    fun figuresOfAnArabicPlaceAreItsOwn() = assertEquals("٢٢٫٣١", of("ar-EG").money(2231, euro))

    @Test
    fun piecesCarryTheirValue() {
        assertEquals(listOf("50", "2", "50c", "1c"), listOf(5000L, 200, 50, 1).map { irish.piece(it, euro) })
        assertEquals("1,000", irish.piece(1000, yen))
        assertEquals("0.50", irish.piece(50, Currency("CHF", 2u)))
    }

    @Test
    fun quantitiesAndMeasures() {
        assertEquals("2", irish.quantity(BigDecimal("2.000")))
        assertEquals("0.5", irish.quantity(BigDecimal("0.5")))
        assertEquals("1.234\u00A0kg", irish.measure(BigDecimal("1.234"), "kg"))
        assertEquals("0,500\u00A0kg", german.measure(BigDecimal("0.5"), "kg"))
        assertEquals("3.49", irish.unitPrice(BigDecimal("3.49"), euro))
        assertEquals("0.0499", irish.unitPrice(BigDecimal("0.0499"), euro))
        assertEquals("44\u00A0%", irish.percent(437))
        assertEquals("1,114", irish.whole(1114))
    }

    @Test
    fun timesAreOfTheShop() {
        val moment = 1_788_611_460_000 // 5 September 2026, 14:31 in Berlin
        assertEquals("14:31", german.time(moment))
        assertEquals("Sat 5 September", irish.day(moment))
        assertEquals("Samstag", german.weekday(20_701))
        assertEquals("Sat 5 September", irish.dayOf(20_701))
    }

    private fun of(tag: String) = Figures(Locale.forLanguageTag(tag), ZoneId.of("Europe/Berlin"))
}
