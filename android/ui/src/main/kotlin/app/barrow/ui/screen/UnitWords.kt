package app.barrow.ui.screen

import androidx.compose.runtime.Composable
import app.barrow.core.Unit as GoodsUnit
import app.barrow.ui.look.Look
import java.math.BigDecimal

/** The short word of the unit that the keys of Weigh type: grams for kilograms, the unit itself where it has no smaller one. */
@Composable
fun GoodsUnit.smallWord(): String = when (this) {
    is GoodsUnit.Kilogram -> Look.words.text("common.unit.g")
    is GoodsUnit.Litre -> Look.words.text("common.unit.ml")
    is GoodsUnit.Metre -> "cm"
    else -> word()
}

/** The short word of a unit beside a figure; nothing for pieces. */
@Composable
fun GoodsUnit.word(): String = when (this) {
    is GoodsUnit.Each -> ""
    is GoodsUnit.Kilogram -> Look.words.text("common.unit.kg")
    is GoodsUnit.Gram -> Look.words.text("common.unit.g")
    is GoodsUnit.Litre -> Look.words.text("common.unit.l")
    is GoodsUnit.Millilitre -> Look.words.text("common.unit.ml")
    is GoodsUnit.Metre -> Look.words.text("common.unit.m")
    is GoodsUnit.Hour -> Look.words.text("common.unit.h")
    is GoodsUnit.Own -> v1
}

/** What a price is for: "kg", "100 g"; null for a piece. */
@Composable
fun priceFor(unit: GoodsUnit, per: BigDecimal): String? {
    val word = unit.word()
    val many = per.compareTo(BigDecimal.ONE) != 0
    return if (many) "${Look.figures.quantity(per)} $word".trim() else word.ifEmpty { null }
}

/** How much of something: "1.234 kg", "3". */
@Composable
fun amountOf(quantity: BigDecimal, unit: GoodsUnit): String {
    val word = unit.word()
    return if (word.isEmpty()) Look.figures.quantity(quantity) else Look.figures.measure(quantity, word)
}
