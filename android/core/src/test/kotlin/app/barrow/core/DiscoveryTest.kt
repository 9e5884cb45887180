package app.barrow.core

import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertTrue
import org.junit.Test

/** A way to find devices near by, written in Kotlin. */
class DiscoveryTest {
    /** A network in memory. */
    private class Air {
        val adverts = ConcurrentHashMap<String, UShort>()
        val ears = ConcurrentHashMap.newKeySet<DiscoveryEar>()
    }

    private open class Phone(private val air: Air) : LocalDiscovery {
        private var ear: DiscoveryEar? = null

        override fun advertise(name: String, port: UShort) {
            air.adverts[name] = port
            air.ears.forEach { tell(it, name, port) }
        }

        override fun withdraw(name: String) {
            air.adverts.remove(name)
            air.ears.forEach { it.gone(name) }
        }

        override fun search(ear: DiscoveryEar) {
            this.ear = ear
            air.ears += ear
            air.adverts.forEach { (name, port) -> tell(ear, name, port) }
        }

        override fun stopSearch() {
            ear?.let(air.ears::remove)
        }

        override fun end() = stopSearch()

        open fun tell(ear: DiscoveryEar, name: String, port: UShort) = ear.found(name, listOf("no address", "10.0.0.7", "fe80::7%3"), port)
    }

    private fun laws(one: LocalDiscovery, two: LocalDiscovery) = runCatching { runBlocking { checkLocalDiscovery(one, two) } }

    @Test
    fun itKeepsTheLawsOfDiscovery() {
        val air = Air()
        laws(Phone(air), Phone(air)).getOrThrow()
    }

    @Test
    fun oneThatIsNeverToldOfWhoLeavesIsFound() {
        val air = Air()
        val forgets = object : Phone(air) {
            override fun withdraw(name: String) = Unit
        }
        val fault = laws(forgets, Phone(air)).exceptionOrNull()
        assertTrue("$fault", fault is TillException.Device && "is gone" in fault.why)
    }

    @Test
    fun oneThatRefusesIsTold() {
        val refuses = object : Phone(Air()) {
            override fun search(ear: DiscoveryEar) = throw DiscoveryException.Failed("the network is off")
        }
        val fault = laws(Phone(Air()), refuses).exceptionOrNull()
        assertTrue("$fault", fault is TillException.Device && "the network is off" in fault.why)
    }
}
