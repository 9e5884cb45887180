package app.barrow.till

import android.Manifest
import android.app.Activity
import android.app.Application
import android.bluetooth.BluetoothAdapter
import android.bluetooth.BluetoothDevice
import android.bluetooth.BluetoothManager
import android.hardware.usb.UsbConstants
import android.hardware.usb.UsbDevice
import android.hardware.usb.UsbEndpoint
import android.hardware.usb.UsbInterface
import android.hardware.usb.UsbManager
import android.os.Build
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import app.barrow.core.PipeException
import java.util.UUID
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.util.ReflectionHelpers

private const val ADDRESS = "AA:BB:CC:DD:EE:01"

/** Ways to printers, over an Android that is played on the JVM. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], manifest = Config.NONE, application = Application::class)
class PrinterTest {
    private val context get() = RuntimeEnvironment.getApplication()
    private val radio get() = checkNotNull(context.getSystemService(BluetoothManager::class.java)).adapter

    @Test
    fun `what a person is asked depends on the Android`() {
        assertEquals(listOf(Manifest.permission.BLUETOOTH_SCAN, Manifest.permission.BLUETOOTH_CONNECT), Wish.Printers.names)
        assertEquals("the network is free", emptyList<String>(), Wish.Neighbours.names)
        on(30) { assertEquals(listOf(Manifest.permission.ACCESS_FINE_LOCATION), Wish.Printers.names) }
        on(37) { assertEquals(listOf("android.permission.ACCESS_LOCAL_NETWORK"), Wish.Neighbours.names) }
    }

    private fun on(sdk: Int, look: () -> Unit) {
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", sdk)
        try {
            look()
        } finally {
            ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", 35)
        }
    }

    @Test
    fun `a wish is granted when all of it is`() {
        val window = Robolectric.buildActivity(Activity::class.java).setup().get()
        val printers = PhonePermission(window, Wish.Printers, Question(RequestMultiplePermissions()))
        assertFalse(printers.allowed())
        shadowOf(context).grantPermissions(Manifest.permission.BLUETOOTH_SCAN)
        assertFalse("half of it is not enough", printers.allowed())
        shadowOf(context).grantPermissions(Manifest.permission.BLUETOOTH_CONNECT)
        assertTrue(printers.allowed())
        assertTrue("nothing to ask is allowed", PhonePermission(window, Wish.Neighbours, Question(RequestMultiplePermissions())).allowed())
        assertFalse(printers.asked)
        printers.asked = true
        assertTrue(PhonePermission(window, Wish.Printers, Question(RequestMultiplePermissions())).asked)
    }

    @Test
    fun `a Classic printer gets its bytes and is heard`() {
        shadowOf(context).grantPermissions(Manifest.permission.BLUETOOTH_CONNECT)
        shadowOf(radio).setState(BluetoothAdapter.STATE_ON)
        val printer = radio.getRemoteDevice(ADDRESS)
        shadowOf(printer).setBondState(BluetoothDevice.BOND_BONDED)
        val pipe = sppPipe(context, ADDRESS)
        pipe.open(1_000u)
        assertEquals(5u, pipe.write("paper".toByteArray(), 1_000u))
        val socket = shadowOf(printer.createRfcommSocketToServiceRecord(UUID.fromString("00001101-0000-1000-8000-00805F9B34FB")))
        val arrived = ByteArray(5)
        assertEquals(5, socket.outputStreamSink.read(arrived))
        assertArrayEquals("paper".toByteArray(), arrived)
        socket.inputStreamFeeder.apply { write(byteArrayOf(0x12, 0x16)) }.flush()
        assertArrayEquals(byteArrayOf(0x12), pipe.read(1u, 2_000u))
        assertArrayEquals(byteArrayOf(0x16), pipe.read(9u, 2_000u))
        pipe.close(100u)
        assertThrows(PipeException.Broken::class.java) { pipe.write(byteArrayOf(1), 100u) }
    }

    @Test
    fun `each trouble with a Classic printer has its name`() {
        shadowOf(radio).setState(BluetoothAdapter.STATE_OFF)
        assertThrows(PipeException.Off::class.java) { sppPipe(context, ADDRESS).open(100u) }
        shadowOf(radio).setState(BluetoothAdapter.STATE_ON)
        assertThrows(PipeException.NotFound::class.java) { sppPipe(context, "no address").open(100u) }
        shadowOf(context).grantPermissions(Manifest.permission.BLUETOOTH_CONNECT)
        shadowOf(radio.getRemoteDevice(ADDRESS)).setBondState(BluetoothDevice.BOND_NONE)
        assertThrows("never paired", PipeException.NotFound::class.java) { sppPipe(context, ADDRESS).open(100u) }
    }

    private fun usb(kind: Int): UsbDevice {
        val out = UsbEndpoint::class.java.getConstructor(Int::class.java, Int::class.java, Int::class.java, Int::class.java)
            .newInstance(UsbConstants.USB_DIR_OUT or 1, UsbConstants.USB_ENDPOINT_XFER_BULK, 64, 0)
        val face = made(UsbInterface::class.java, 0, 0, "", kind, 1, 2)
        call(face, "setEndpoints", arrayOf<android.os.Parcelable>(out))
        val configuration = made(Class.forName("android.hardware.usb.UsbConfiguration"), 1, "", 0, 0)
        call(configuration, "setInterfaces", arrayOf<android.os.Parcelable>(face))
        val configurations = java.lang.reflect.Array.newInstance(configuration.javaClass, 1).also { java.lang.reflect.Array.set(it, 0, configuration) }
        return made(
            UsbDevice::class.java,
            "/dev/bus/usb/001/002", 1, 2, 0, 0, 0, "Maker", "Printer", "1", configurations, nobody("android.hardware.usb.IUsbSerialReader"), false, false, false, false, false,
        )
    }

    /** Makes what only Android makes: by the constructor with as many values. */
    private fun <T : Any> made(kind: Class<T>, vararg values: Any?): T {
        val constructor = kind.declaredConstructors.single { it.parameterCount == values.size }
        constructor.isAccessible = true
        return kind.cast(constructor.newInstance(*values))!!
    }

    /** Stands in for somebody who is never asked. */
    private fun nobody(name: String): Any {
        val kind = Class.forName(name)
        return java.lang.reflect.Proxy.newProxyInstance(kind.classLoader, arrayOf(kind)) { _, method, _ -> error("$method was asked for") }
    }

    private fun call(on: Any, name: String, value: Any) {
        on.javaClass.declaredMethods.single { it.name == name }.apply { isAccessible = true }.invoke(on, value)
    }

    @Test
    fun `a printer at the USB port gets whole packets`() {
        val manager = checkNotNull(context.getSystemService(UsbManager::class.java))
        val printer = usb(UsbConstants.USB_CLASS_PRINTER)
        val pipe = UsbPipe(manager, printer)
        assertThrows("not plugged in", PipeException.NotFound::class.java) { pipe.open(100u) }
        shadowOf(manager).addOrUpdateUsbDevice(printer, false)
        assertThrows(PipeException.NotAllowed::class.java) { pipe.open(100u) }
        shadowOf(manager).addOrUpdateUsbDevice(printer, true)
        pipe.open(100u)
        assertEquals("one packet", 64u, pipe.write(ByteArray(200), 100u))
        assertEquals(7u, pipe.write(ByteArray(7), 100u))
        assertEquals("it says nothing", 0, pipe.read(9u, 1u).size)
        shadowOf(manager).removeUsbDevice(printer)
        assertThrows("unplugged", PipeException.Broken::class.java) { pipe.read(9u, 1u) }
        pipe.close(100u)
        assertThrows(PipeException.Broken::class.java) { pipe.write(byteArrayOf(1), 100u) }
    }

    @Test
    fun `what is no printer is none`() {
        assertNull(usbOutlet(usb(UsbConstants.USB_CLASS_MASS_STORAGE)))
        assertEquals(64, usbOutlet(usb(UsbConstants.USB_CLASS_PRINTER))?.out?.maxPacketSize)
    }
}
