package app.barrow.till

import android.app.Application
import android.app.Notification
import android.content.ComponentName
import android.content.Intent
import android.content.pm.ServiceInfo
import android.net.nsd.NsdManager
import android.net.nsd.NsdServiceInfo
import app.barrow.core.DiscoveryEar
import app.barrow.core.DiscoveryException
import app.barrow.core.NoHandle
import java.net.Inet6Address
import java.net.InetAddress
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements

/** Android's discovery, played: it tells the listeners at once, as it does from its own thread. */
@Implements(NsdManager::class)
class PlayedNsd {
    @Implementation
    fun registerService(info: NsdServiceInfo, kind: Int, listener: NsdManager.RegistrationListener) {
        if (refuses) return listener.onRegistrationFailed(info, NsdManager.FAILURE_INTERNAL_ERROR)
        adverts += info
        listener.onServiceRegistered(info)
    }

    @Implementation
    fun unregisterService(listener: NsdManager.RegistrationListener) {
        adverts.removeAt(0)
    }

    @Implementation
    fun discoverServices(name: String, kind: Int, listener: NsdManager.DiscoveryListener) {
        seeker = listener
        listener.onDiscoveryStarted(name)
    }

    @Implementation
    fun stopServiceDiscovery(listener: NsdManager.DiscoveryListener) {
        seeker = null
    }

    @Implementation
    fun resolveService(info: NsdServiceInfo, listener: NsdManager.ResolveListener) {
        asked += info.serviceName to listener
    }

    companion object {
        val adverts = mutableListOf<NsdServiceInfo>()
        val asked = mutableListOf<Pair<String, NsdManager.ResolveListener>>()
        var seeker: NsdManager.DiscoveryListener? = null
        var refuses = false
    }
}

/** What a market needs of a phone: to find the others, and to stay awake for them. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], manifest = Config.NONE, application = Application::class, shadows = [PlayedNsd::class])
class MarketTest {
    private val context get() = RuntimeEnvironment.getApplication()
    private val discovery by lazy { NsdDiscovery(checkNotNull(context.getSystemService(NsdManager::class.java))) }

    private class Ear : DiscoveryEar(NoHandle) {
        val heard = mutableListOf<String>()

        override fun found(name: String, addresses: List<String>, port: UShort) {
            heard += "$name at $addresses, $port"
        }

        override fun gone(name: String) {
            heard += "$name is gone"
        }
    }

    @Before
    fun quiet() {
        PlayedNsd.adverts.clear()
        PlayedNsd.asked.clear()
        PlayedNsd.seeker = null
        PlayedNsd.refuses = false
    }

    private fun info(name: String) = NsdServiceInfo().apply { serviceName = name }

    @Suppress("DEPRECATION")
    private fun at(host: String) = NsdServiceInfo().apply {
        setHost(InetAddress.getByName(host))
        port = 7117
    }

    @Test
    fun `this phone is found by one name at a time`() {
        discovery.advertise("one", 7117u)
        discovery.advertise("two", 7118u)
        assertEquals(listOf("two" to 7118), PlayedNsd.adverts.map { it.serviceName to it.port })
        discovery.withdraw("one")
        assertEquals("a name that is not told any more is not taken back again", 1, PlayedNsd.adverts.size)
        discovery.end()
        assertTrue(PlayedNsd.adverts.isEmpty())
    }

    @Test
    fun `a phone that refuses says so`() {
        PlayedNsd.refuses = true
        val fault = assertThrows(DiscoveryException.Failed::class.java) { discovery.advertise("one", 7117u) }
        assertTrue(fault.why, "refused" in fault.why)
    }

    @Test
    fun `names are resolved one after the other, and leave`() {
        val ear = Ear()
        discovery.search(ear)
        val seeker = PlayedNsd.seeker!!
        listOf("a", "b", "c").forEach { seeker.onServiceFound(info(it)) }
        assertEquals(listOf("a"), PlayedNsd.asked.map { it.first })
        PlayedNsd.asked[0].second.onServiceResolved(at("10.0.0.7"))
        assertEquals(listOf("a", "b"), PlayedNsd.asked.map { it.first })
        seeker.onServiceLost(info("c"))
        PlayedNsd.asked[1].second.onResolveFailed(info("b"), NsdManager.FAILURE_INTERNAL_ERROR)
        assertEquals("one that left meanwhile is not asked for", 2, PlayedNsd.asked.size)
        assertEquals(listOf("a at [10.0.0.7], 7117", "c is gone"), ear.heard)
        discovery.stopSearch()
        assertEquals(null, PlayedNsd.seeker)
    }

    @Test
    fun `addresses are written as the core reads them`() {
        assertEquals("10.0.0.7", textOf(InetAddress.getByName("10.0.0.7")))
        val near = Inet6Address.getByAddress(null, InetAddress.getByName("fe80::7").address, 3)
        assertEquals("fe80:0:0:0:0:0:0:7%3", textOf(near))
    }

    @Test
    fun `while this phone hosts the market, its notice is shown in the person's language`() {
        shadowOf(context.packageManager).addOrUpdateService(ServiceInfo().apply {
            packageName = context.packageName
            name = LanHostService::class.java.name
            icon = android.R.drawable.ic_menu_share
        })
        assertTrue(LanHosting(context).begin("de"))
        val begun = shadowOf(context).nextStartedService
        assertEquals(ComponentName(context, LanHostService::class.java), begun.component)
        val service = Robolectric.buildService(LanHostService::class.java, begun).create().startCommand(0, 1)
        val notice = shadowOf(service.get()).lastForegroundNotification
        assertEquals("Dieses Telefon verbindet den Markt", notice.extras.getString(Notification.EXTRA_TITLE))
        service.destroy()
        LanHosting(context).end()
        assertEquals(begun.component, shadowOf(context).nextStoppedService?.component)
    }

    @Test
    fun `without a language the notice is English`() {
        shadowOf(context.packageManager).addOrUpdateService(ServiceInfo().apply {
            packageName = context.packageName
            name = LanHostService::class.java.name
            icon = android.R.drawable.ic_menu_share
        })
        val service = Robolectric.buildService(LanHostService::class.java, Intent()).create().startCommand(0, 1).get()
        assertEquals("This phone hosts the market", shadowOf(service).lastForegroundNotification.extras.getString(Notification.EXTRA_TITLE))
    }
}
