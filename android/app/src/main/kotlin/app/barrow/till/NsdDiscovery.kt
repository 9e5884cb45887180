package app.barrow.till

import android.net.nsd.NsdManager
import android.net.nsd.NsdServiceInfo
import app.barrow.core.DiscoveryEar
import app.barrow.core.DiscoveryException
import app.barrow.core.LocalDiscovery
import java.net.Inet6Address
import java.net.InetAddress
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** The kind of service, as Android writes it. */
private const val SERVICE = "_barrow._tcp"

/** How long Android may take to begin something. */
private const val BEGIN_SECONDS = 5L

/** Lends Android's own way to find devices near by: it answers also while other apps look, and sleeps when nobody does. */
class NsdDiscovery(private val nsd: NsdManager) : LocalDiscovery {
    private var advert: Advert? = null
    private var search: NsdSearch? = null

    @Synchronized
    override fun advertise(name: String, port: UShort) {
        advert?.let { withdraw(it.name) }
        val info = NsdServiceInfo().apply {
            serviceName = name
            serviceType = SERVICE
            setPort(port.toInt())
        }
        val begun = Advert(name)
        nsd.registerService(info, NsdManager.PROTOCOL_DNS_SD, begun)
        begun.started.orThrow()
        advert = begun
    }

    @Synchronized
    override fun withdraw(name: String) {
        val ended = advert?.takeIf { it.name == name } ?: return
        advert = null
        nsd.unregisterService(ended)
    }

    @Synchronized
    override fun search(ear: DiscoveryEar) {
        stopSearch()
        val begun = NsdSearch(nsd, ear)
        nsd.discoverServices(SERVICE, NsdManager.PROTOCOL_DNS_SD, begun)
        begun.started.orThrow()
        search = begun
    }

    @Synchronized
    override fun stopSearch() {
        search?.let(nsd::stopServiceDiscovery)
        search = null
    }

    @Synchronized
    override fun end() {
        stopSearch()
        advert?.let { withdraw(it.name) }
    }

    private class Advert(val name: String) : NsdManager.RegistrationListener {
        val started = CompletableFuture<Unit>()

        override fun onServiceRegistered(info: NsdServiceInfo) {
            started.complete(Unit)
        }

        override fun onRegistrationFailed(info: NsdServiceInfo, code: Int) {
            started.completeExceptionally(refused(code))
        }

        override fun onServiceUnregistered(info: NsdServiceInfo) = Unit

        override fun onUnregistrationFailed(info: NsdServiceInfo, code: Int) = Unit
    }
}

/** One search. Android resolves one name at a time, so names wait for their turn. */
private class NsdSearch(private val nsd: NsdManager, private val ear: DiscoveryEar) : NsdManager.DiscoveryListener {
    val started = CompletableFuture<Unit>()
    private val waiting = LinkedHashMap<String, NsdServiceInfo>()
    private var resolving = false

    override fun onDiscoveryStarted(kind: String) {
        started.complete(Unit)
    }

    override fun onStartDiscoveryFailed(kind: String, code: Int) {
        started.completeExceptionally(refused(code))
    }

    override fun onDiscoveryStopped(kind: String) = Unit

    override fun onStopDiscoveryFailed(kind: String, code: Int) = Unit

    @Synchronized
    override fun onServiceFound(info: NsdServiceInfo) {
        // A neighbour may invent names; there are never more on the list than hints are kept.
        if (waiting.size >= WAITING_MAX) return
        waiting[info.serviceName] = info
        next()
    }

    @Synchronized
    override fun onServiceLost(info: NsdServiceInfo) {
        waiting.remove(info.serviceName)
        ear.gone(info.serviceName)
    }

    // What came after it tells all addresses, and is there from Android 14 only.
    @Suppress("DEPRECATION")
    private fun next() {
        if (resolving) return
        val (name, info) = waiting.entries.firstOrNull() ?: return
        waiting.remove(name)
        resolving = true
        nsd.resolveService(info, Resolved(name))
    }

    @Synchronized
    private fun done() {
        resolving = false
        next()
    }

    private inner class Resolved(private val name: String) : NsdManager.ResolveListener {
        @Suppress("DEPRECATION")
        override fun onServiceResolved(info: NsdServiceInfo) {
            info.host?.let { ear.found(name, listOf(textOf(it)), info.port.toUShort()) }
            done()
        }

        override fun onResolveFailed(info: NsdServiceInfo, code: Int) = done()
    }

    private companion object {
        const val WAITING_MAX = 64
    }
}

/** Writes an address as the core reads it: that of one link with the number of the link. */
internal fun textOf(address: InetAddress): String {
    val plain = address.hostAddress.orEmpty().substringBefore('%')
    return if (address is Inet6Address && address.isLinkLocalAddress) "$plain%${address.scopeId}" else plain
}

private fun refused(code: Int) = DiscoveryException.Failed("Android refused with code $code")

private fun CompletableFuture<Unit>.orThrow() {
    try {
        get(BEGIN_SECONDS, TimeUnit.SECONDS)
    } catch (fault: ExecutionException) {
        throw fault.cause ?: fault
    } catch (fault: TimeoutException) {
        throw DiscoveryException.Failed("Android did not answer")
    }
}
