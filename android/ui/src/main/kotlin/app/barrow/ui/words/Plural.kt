package app.barrow.ui.words

/** Which form of a word goes with a whole number, by the rules of CLDR for the languages of the screens. */
fun pluralForm(language: String, number: Long): String {
    val size = if (number < 0) -number else number
    return when (language) {
        "ar" -> arabicForm(size)
        "fr" -> if (size <= 1) "one" else millions(size)
        "es" -> if (size == 1L) "one" else millions(size)
        else -> if (size == 1L) "one" else "other"
    }
}

private fun millions(size: Long) = if (size != 0L && size % 1_000_000 == 0L) "many" else "other"

private fun arabicForm(size: Long): String = when {
    size <= 2 -> listOf("zero", "one", "two")[size.toInt()]
    size % 100 in 3..10 -> "few"
    size % 100 in 11..99 -> "many"
    else -> "other"
}
