package app.barrow.core

import java.io.File
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized

/**
 * The stories of `tests/scenarios`: one test for each file. The story is told by the same runner as in Rust, but every
 * command, outcome and rejection passes through Kotlin as typed values.
 */
@RunWith(Parameterized::class)
class ScenarioTest(private val file: File) {
    @Test
    fun storyHolds() = runBlocking<Unit> {
        val sent = AtomicInteger()
        val faults = runStory(file.readText(), teller { till, id, command -> till.dispatch(id, command).also { sent.incrementAndGet() } })
        assertEquals(faults.joinToString("\n"), 0, faults.size)
        assertTrue("nothing passed through Kotlin", sent.get() > 0)
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun stories(): List<File> = scenarioFiles()
    }
}

/** A value that goes wrong in Kotlin must be told: the stories look at what Kotlin hands over, and at nothing else. */
class TellerTest {
    private val basket = scenarioFiles().first { it.name == "golden_f_reference_basket.json" }.readText()

    private fun faults(teller: Teller) = runBlocking { runStory(basket, teller) }

    @Test
    fun anOutcomeThatChangesInKotlinIsFound() {
        val faults = faults(teller { till, id, command ->
            val outcome = till.dispatch(id, command)
            when (val view = outcome.view) {
                is View.Cart -> outcome.copy(view = View.Cart(view.v1.copy(totals = view.v1.totals.copy(totalMinor = view.v1.totals.totalMinor + 1))))
                else -> outcome
            }
        })
        assertTrue("$faults", faults.any { "total_minor is 2232, expected 2231" in it })
    }

    @Test
    fun aCommandThatChangesInKotlinIsFound() {
        val faults = faults(teller { till, id, command ->
            till.dispatch(id, if (command is Command.AddLines) command.copy(lines = command.lines.drop(1)) else command)
        })
        assertTrue("$faults", faults.isNotEmpty())
    }

    @Test
    fun everyFaultKeepsItsWords() {
        val faults = listOf(TillException.NotSaved("planted", FaultKind.OTHER), TillException.Unavailable("planted", FaultKind.OTHER), TillException.Device("planted"))
        for (fault in faults) assertTrue("$fault", faults(teller { _, _, _ -> throw fault }).any { fault.text() in it })
        assertTrue(faults(teller { _, _, _ -> throw TillException.Closed() }).any { "This till is closed" in it })
    }

    @Test
    fun aRejectionKeepsItsFields() {
        val faults = faults(teller { _, _, _ -> throw TillException.Rejected(Rejection.NeedsApproval(act = "planted")) })
        assertTrue("$faults", faults.any { "planted" in it })
    }
}

/** Sends a story's commands from Kotlin. */
private fun teller(send: suspend (Till, CommandId, Command) -> Outcome) = object : Teller {
    // On a thread of its own: JNA can't leave the story's thread while it is called back on it a second time.
    override fun send(till: Till, id: CommandId, command: Command): Outcome = runBlocking(Dispatchers.IO) { send(till, id, command) }
}

/** Finds the stories in the repository above the module. */
private fun scenarioFiles(): List<File> {
    val above = generateSequence(File("").absoluteFile) { it.parentFile }
    val folder = above.map { File(it, "tests/scenarios") }.first { it.isDirectory }
    val files = folder.listFiles { _, name -> name.endsWith(".json") && name != "scenario.schema.json" }.orEmpty()
    return files.sorted().also { check(it.size >= 70) { "only ${it.size} stories in $folder" } }
}
