package app.barrow.ui.office

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.unit.dp
import app.barrow.core.Command
import app.barrow.core.ItemRef
import app.barrow.core.LineDraft
import app.barrow.core.TenderClass
import app.barrow.ui.model.PAGE_ROWS
import app.barrow.ui.model.ReceiptsModel
import app.barrow.ui.picture.Framed
import app.barrow.ui.picture.Frames
import app.barrow.ui.screen.ReceiptsScreen
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test

/** Receipts in this test; -Dbarrow.receipts=10000 for the figure of the plan. */
private val RECEIPTS = Integer.getInteger("barrow.receipts", 1_000)

/** A long list of receipts scrolls from end to end, and only the pages around the screen stay in memory. */
class ManyReceiptsTest {
    @get:Rule
    val rule = createComposeRule()

    @Test
    fun theListScrollsByPages() = Desk().use { desk ->
        trade(desk)
        val model = ReceiptsModel(desk.seat, desk.scope)
        rule.setContent {
            val state by model.state.collectAsState()
            Box(Modifier.requiredSize(360.dp, 760.dp)) { Framed(Frames.phone) { ReceiptsScreen(state, model::on) } }
        }
        var most = 0
        var place = 0
        do {
            rule.waitUntil(30_000) { model.state.value.rows.run { this[place] != null } }
            most = maxOf(most, model.state.value.rows.held)
            val rows = model.state.value.rows
            val last = rows.complete && place >= rows.count - 1
            place = minOf(place + 40, rows.count - 1)
            rule.onNode(hasScrollToIndexAction()).performScrollToIndex(place)
            rule.waitForIdle()
        } while (!last)
        assertEquals(RECEIPTS, model.state.value.rows.count)
        assertTrue("$most rows were in memory", most <= 5 * PAGE_ROWS)
        rule.onNode(hasScrollToIndexAction()).performScrollToIndex(0)
        // Sales of the same millisecond lie in the order of their ids, so the newest need not bear the last number.
        val newest = desk.wait { desk.till.ask { sales(null, 1u) } }.sales.single()
        rule.waitUntil(30_000) { model.state.value.rows[0] == newest }
    }

    /** Sells as fast as the core takes it: sales of several carts share a commit. */
    private fun trade(desk: Desk) = desk.wait {
        val cash = desk.till.ask { tenders() }.first { it.`class` == TenderClass.CASH }.id
        for (bunch in (1..RECEIPTS).chunked(100)) {
            coroutineScope {
                bunch.map {
                    async {
                        val cart = desk.till.newId()
                        desk.till.send(Command.AddLines(cart, listOf(LineDraft(ItemRef.Sku("LA-HONEY")))))
                        desk.till.send(Command.Tender(cart, cash))
                    }
                }.awaitAll()
            }
        }
    }
}
