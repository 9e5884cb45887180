package app.barrow.bench

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.mutableStateOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import app.barrow.core.Command
import app.barrow.core.ItemRef
import app.barrow.core.LineDraft
import app.barrow.core.Tile
import app.barrow.ui.screen.SellEvent
import kotlin.random.Random
import kotlinx.coroutines.runBlocking

/** The first ones of so many are not counted: Java still gets warm. */
private const val WARM = 100

/** From a tap on a quick key to the new total drawn; beside it the core alone, and a bare box that changes its colour. */
fun tap(till: OpenTill) {
    val stage = till.stage
    val times = (0 until WARM + 600).mapNotNull { n ->
        stage.frames(Random.nextInt(1, 4))
        stage.untilDrawn(CHARGE_PART) { stage.tap(PIECES[n % PIECES.size]) }.takeIf { n >= WARM }
    }
    tell(
        "tap", "taps" to times.size, "ms" to percentiles(times), "frame_ms" to percentiles(stage.frames),
        "core_ms" to percentiles(core(till)), "bare_ms" to percentiles(bare()),
    )
}

/** From the command of a tap to its outcome, without the screens. */
private fun core(till: OpenTill): List<Double> = runBlocking {
    val client = till.selling.seat.till
    val item = client.ask { search("lemon", 1u) }.first().item
    val cart = client.newId()
    List(300) {
        val start = System.nanoTime()
        client.send(Command.AddLines(cart, listOf(LineDraft(item = ItemRef.Id(item), merge = true, oversell = true))))
        (System.nanoTime() - start) / 1e6
    }.drop(WARM)
}

/** From a change of colour to the box drawn in it: the least that any tap takes on this machine now. */
private fun bare(): List<Double> {
    val colour = mutableStateOf(Color.Red)
    return Stage { Box(Modifier.fillMaxSize().background(colour.value)) }.use { stage ->
        List(WARM + 100) {
            stage.frames(Random.nextInt(1, 4))
            stage.untilDrawn(CHARGE_PART) { ui { colour.value = if (colour.value == Color.Red) Color.Blue else Color.Red } }
        }.drop(WARM).filterNotNull()
    }
}

/** From a letter of a search to its results drawn, for words of the catalogue; beside it the core alone. */
fun keys(till: OpenTill) {
    val (stage, sell) = till.stage to till.selling.sell
    val times = words(till).flatMapIndexed { n, word ->
        ui { sell.on(SellEvent.Search(null)) }
        stage.frames(3)
        word.indices.mapNotNull { at ->
            stage.frames(Random.nextInt(1, 4))
            val right = { search(till, word.take(at + 1)) == sell.state.value.found }
            stage.untilDrawn(TILES_PART, right) { ui { sell.on(SellEvent.Letter(word[at])) } }.takeIf { n >= WARM_WORDS }
        }
    }
    val alone = words(till).drop(WARM_WORDS).flatMap { word -> word.indices.map { at -> timed { search(till, word.take(at + 1)) } } }
    tell("search", "letters" to times.size, "ms" to percentiles(times), "frame_ms" to percentiles(stage.frames), "core_ms" to percentiles(alone))
}

/** The first ones of so many words are not counted. */
private const val WARM_WORDS = 8

/** Lists words that goods bear, of five or six letters, up to three for each first letter. */
private fun words(till: OpenTill): List<String> = ('a'..'z').flatMap { first ->
    search(till, "$first").flatMap { it.name.lowercase().split(' ') }
        .filter { word -> word.startsWith(first) && word.length in 5..6 && word.all { it in 'a'..'z' } }.distinct().take(3)
}.shuffled(Random(1))

private fun search(till: OpenTill, words: String): List<Tile> = runBlocking { till.selling.seat.till.ask { search(words, 30u) } }

private fun timed(act: () -> Unit): Double {
    val start = System.nanoTime()
    act()
    return (System.nanoTime() - start) / 1e6
}
