package app.barrow.desktop.bench

import androidx.compose.ui.geometry.Offset
import app.barrow.core.Command
import app.barrow.core.ItemRef
import app.barrow.core.LineDraft
import app.barrow.core.Tile
import app.barrow.ui.app.Route
import app.barrow.ui.screen.SellEvent
import java.io.File
import java.util.UUID
import kotlin.random.Random
import kotlin.system.exitProcess
import kotlinx.coroutines.runBlocking
import org.jetbrains.skia.IRect

/** Where the window at 1280 x 800 has its Charge key, its tiles and its cart. */
private val CHARGE = Offset(1125f, 744f)
private val CHARGE_PART = IRect.makeLTRB(992, 704, 1262, 784)
private val TILES_PART = IRect.makeLTRB(24, 96, 860, 792)

/** Tiles of the sample stall that go into the cart with one tap. */
private val PIECES = listOf(Offset(75f, 690f), Offset(235f, 350f), Offset(365f, 350f), Offset(75f, 520f))

/**
 * Measures the screens over the real core and prints one line of JSON for each measure.
 * usage: Bench FOLDER tap|keys|receipts|heap
 */
fun main(words: Array<String>) {
    val (folder, measure) = words
    Stage(File(folder)).use { stage ->
        when (measure) {
            "tap" -> tap(stage)
            "keys" -> keys(stage)
            "receipts" -> receipts(stage)
            "heap" -> heap(stage)
            else -> error("there is no measure $measure")
        }
    }
    exitProcess(0)
}

/** From a tap on a quick key to the new total drawn. */
private fun tap(stage: Stage) {
    val times = (0 until 700).mapNotNull { n ->
        stage.frames(Random.nextInt(1, 4))
        Thread.sleep(Random.nextLong(0, 17))
        stage.untilDrawn(CHARGE_PART) { stage.tap(PIECES[n % PIECES.size]) }.takeIf { n >= 100 }
    }
    tell("window-tap", "taps" to times.size, "ms" to percentiles(times), "frame_ms" to percentiles(stage.frames.map { it / 1e6 }))
}

/** From a letter of a search to its results drawn. */
private fun keys(stage: Stage) {
    val words = listOf("apple", "bread", "honey", "lemon", "olive", "paper", "sugar", "water")
    val times = mutableListOf<Double>()
    repeat(4) { round ->
        for (word in words) for (length in 1..word.length) {
            val typed = SellEvent.Search(word.take(length))
            val time = stage.untilDrawn(TILES_PART) { stage.ui { stage.selling.sell.on(typed) } }
            if (time != null && round > 0) times += time
        }
    }
    tell("window-search", "letters" to times.size, "ms" to percentiles(times))
}

/** Memory and frames while the list of receipts goes by from the newest to the oldest. */
private fun receipts(stage: Stage) {
    val sales = sell(stage, 10_000)
    stage.ui { stage.selling.seat.go.go(Route.Receipts) }
    stage.frames(60)
    val (first, drawn) = used() to stage.frames.size
    var (most, turns) = 0L to 0
    var before = byteArrayOf()
    while (turns < 20_000) {
        repeat(100) { stage.scroll(Offset(300f, 500f), 30f) ; stage.frame().close() }
        turns += 100
        most = maxOf(most, used())
        val now = stage.frame().use { it.encodeToData()!!.bytes }
        if (now.contentEquals(before)) break
        before = now
    }
    tell(
        "window-receipts", "sales" to sales, "turns" to turns, "first_mb" to mb(first), "most_mb" to mb(most), "last_mb" to mb(used()),
        "frame_ms" to percentiles(stage.frames.drop(drawn).map { it / 1e6 }),
    )
}

/** Memory after 100 and after 1,000 sales by tapping: a quick key, Charge, Exact. */
private fun heap(stage: Stage) {
    val marks = mutableMapOf<Int, Long>()
    for (sale in 1..1_000) {
        stage.tap(PIECES[sale % PIECES.size])
        check(stage.until { !stage.selling.cart.state.value.empty }) { "sale $sale: the tap did nothing" }
        // The sheet of the last sale goes down first, over the key.
        stage.frames(15)
        stage.tap(CHARGE)
        check(stage.until { stage.selling.seat.go.stack.value.last() == Route.Charge }) { "sale $sale is not charged" }
        stage.frames(10)
        stage.tap(CHARGE)
        check(stage.until { stage.selling.cart.state.value.run { empty && done != null } }) { "sale $sale was not paid" }
        stage.frames(2)
        if (sale == 100 || sale == 1_000) marks[sale] = used()
    }
    tell("window-heap", "after_100_mb" to mb(marks.getValue(100)), "after_1000_mb" to mb(marks.getValue(1_000)))
}

/** Makes sales of one line in exact cash, straight over the core; returns how many there are. */
private fun sell(stage: Stage, count: Int): Int = runBlocking {
    val till = stage.selling.seat.till
    val item: Tile = till.ask { search("lemon", 1u) }.first()
    repeat(count) {
        val cart = till.newId()
        till.send(Command.AddLines(cart, listOf(LineDraft(item = ItemRef.Id(item.item)))))
        till.send(Command.Tender(cart, UUID(0, 1)))
    }
    count
}

/** Returns the memory in use when nothing is left to collect, in bytes. */
private fun used(): Long {
    repeat(3) {
        System.gc()
        Thread.sleep(50)
    }
    return Runtime.getRuntime().run { totalMemory() - freeMemory() }
}

private fun mb(bytes: Long) = "%.1f".format(bytes / 1e6).toDouble()

private fun percentiles(times: List<Double>): Map<String, Double> {
    val sorted = times.sorted()
    fun at(share: Double) = sorted.getOrElse((sorted.size * share).toInt().coerceAtMost(sorted.size - 1)) { Double.NaN }
    return mapOf("p50" to at(0.5), "p95" to at(0.95), "p99" to at(0.99)).mapValues { "%.1f".format(it.value).toDouble() }
}

private fun tell(measure: String, vararg values: Pair<String, Any>) {
    fun json(value: Any): String = if (value is Map<*, *>) value.entries.joinToString(", ", "{", "}") { "\"${it.key}\": ${it.value}" } else "$value"
    println(values.joinToString(", ", "{\"w\": \"$measure\", ", "}") { (name, value) -> "\"$name\": ${json(value)}" })
}
