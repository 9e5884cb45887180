package app.barrow.bench

import app.barrow.core.Command
import app.barrow.core.ItemRef
import app.barrow.core.LineDraft
import app.barrow.ui.app.Route
import java.util.UUID
import kotlinx.coroutines.runBlocking
import org.jetbrains.skia.IRect

/** The sample stall's cash. */
private val CASH = UUID(0, 1)

/** Memory and frames while the list of 10,000 receipts goes by from the newest to the oldest. */
fun receipts(till: OpenTill) {
    val stage = till.stage
    val sales = sell(till, 10_000)
    ui { till.selling.seat.go.go(Route.Receipts) }
    stage.frames(60)
    val (first, drawn) = used() to stage.frames.size
    stage.hurried = true
    var (most, turns) = 0L to 0
    do {
        val before = stage.pixels(WINDOW)
        repeat(500) {
            stage.scroll(LIST, 12f)
            stage.frames(1)
        }
        turns += 500
        most = maxOf(most, used())
        stage.frames(60)
    } while (!stage.pixels(WINDOW).contentEquals(before))
    tell(
        "receipts", "sales" to sales, "turns" to turns, "first_mb" to mb(first), "most_mb" to mb(most), "last_mb" to mb(used()),
        "frame_ms" to percentiles(stage.frames.drop(drawn)),
    )
}

private val WINDOW = IRect.makeLTRB(0, 0, 1280, 800)

/** Memory after 100 and after 1,000 sales by tapping: a quick key, Charge, Exact. */
fun heap(till: OpenTill) {
    val (stage, selling) = till.stage to till.selling
    stage.hurried = true
    val marks = mutableMapOf<Int, Long>()
    for (sale in 1..1_000) {
        stage.tap(PIECES[sale % PIECES.size])
        check(stage.until { !selling.cart.state.value.empty }) { "sale $sale: the tap did nothing" }
        // The sheet of the last sale goes down first, over the key.
        stage.frames(20)
        // Sell leads to Charge, and the same place there takes exact cash once the core told how much.
        val paid = { selling.cart.state.value.empty && selling.seat.go.stack.value.last() == Route.Sell }
        repeat(100) {
            if (!ui { paid().also { if (!it) stage.tap(CHARGE) } }) stage.frames(10)
        }
        check(stage.until(paid)) { "sale $sale was not paid" }
        stage.frames(2)
        if (sale == 100 || sale == 1_000) marks[sale] = used()
    }
    tell("heap", "after_100_mb" to mb(marks.getValue(100)), "after_1000_mb" to mb(marks.getValue(1_000)))
}

/** Makes sales of one line in exact cash, straight over the core; returns how many there are. */
private fun sell(till: OpenTill, count: Int): Int = runBlocking {
    val client = till.selling.seat.till
    val item = client.ask { search("lemon", 1u) }.first().item
    repeat(count) {
        val cart = client.newId()
        client.send(Command.AddLines(cart, listOf(LineDraft(item = ItemRef.Id(item), oversell = true))))
        client.send(Command.Tender(cart, CASH))
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

private fun mb(bytes: Long) = tenths(bytes / 1e6)
