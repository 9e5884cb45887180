package app.barrow.ui.screen

import androidx.compose.runtime.Composable
import app.barrow.core.UnitOfMeasure
import app.barrow.ui.look.Look
import java.math.BigDecimal

/** The short word of the unit that the keys of Weigh type: grams for kilograms, the unit itself where it has no smaller one. */
@Composable
fun UnitOfMeasure.smallWord(): String = when (this) {
    is UnitOfMeasure.Kilogram -> Look.words.text("common.unit.g")
    is UnitOfMeasure.Litre -> Look.words.text("common.unit.ml")
    is UnitOfMeasure.Metre -> "cm"
    else -> word()
}

/** The short word of a unit beside a figure; nothing for pieces. */
@Composable
fun UnitOfMeasure.word(): String = when (this) {
    is UnitOfMeasure.Each -> ""
    is UnitOfMeasure.Kilogram -> Look.words.text("common.unit.kg")
    is UnitOfMeasure.Gram -> Look.words.text("common.unit.g")
    is UnitOfMeasure.Litre -> Look.words.text("common.unit.l")
    is UnitOfMeasure.Millilitre -> Look.words.text("common.unit.ml")
    is UnitOfMeasure.Metre -> Look.words.text("common.unit.m")
    is UnitOfMeasure.Hour -> Look.words.text("common.unit.h")
    is UnitOfMeasure.Own -> v1
}

/** What a price is for: "kg", "100 g"; null for a piece. */
@Composable
fun priceFor(unit: UnitOfMeasure, per: BigDecimal): String? {
    val word = unit.word()
    val many = per.compareTo(BigDecimal.ONE) != 0
    return if (many) "${Look.figures.quantity(per)} $word".trim() else word.ifEmpty { null }
}

/** How much of something: "1.234 kg", "3". */
@Composable
fun amountOf(quantity: BigDecimal, unit: UnitOfMeasure): String {
    val word = unit.word()
    return if (word.isEmpty()) Look.figures.quantity(quantity) else Look.figures.measure(quantity, word)
}
