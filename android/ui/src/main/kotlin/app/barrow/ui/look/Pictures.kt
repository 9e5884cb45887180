package app.barrow.ui.look

/** The one-colour pictures of goods that our font has. */
object Pictures {
    /** Every emoji of the font, in the order of their code points. */
    val all: List<String> by lazy {
        Pictures::class.java.getResourceAsStream("/font/emoji-500.txt")!!.use { it.reader(Charsets.UTF_8).readText() }.trim().split(' ')
    }

    private val known by lazy { all.toHashSet() }

    /** Whether there is a picture for this emoji. */
    fun has(emoji: String): Boolean = emoji.isNotEmpty() && emoji.replace("\uFE0F", "") in known
}
