package app.barrow.till

import android.hardware.usb.UsbConstants
import android.hardware.usb.UsbDevice
import android.hardware.usb.UsbDeviceConnection
import android.hardware.usb.UsbEndpoint
import android.hardware.usb.UsbInterface
import android.hardware.usb.UsbManager
import app.barrow.core.BytePipe
import app.barrow.core.PipeException

/** What of a USB device prints: where to write, and where its answers come, if they do. */
class UsbOutlet(val face: UsbInterface, val out: UsbEndpoint, val back: UsbEndpoint?)

/** Finds what of a device prints; null when it is no printer. */
fun usbOutlet(device: UsbDevice): UsbOutlet? {
    for (face in List(device.interfaceCount, device::getInterface)) {
        if (face.interfaceClass != UsbConstants.USB_CLASS_PRINTER) continue
        val bulk = List(face.endpointCount, face::getEndpoint).filter { it.type == UsbConstants.USB_ENDPOINT_XFER_BULK }
        val out = bulk.find { it.direction == UsbConstants.USB_DIR_OUT } ?: continue
        return UsbOutlet(face, out, bulk.find { it.direction == UsbConstants.USB_DIR_IN })
    }
    return null
}

/** Lends the way to a printer at the USB port, which Android let this app use. */
class UsbPipe(private val usb: UsbManager, private val device: UsbDevice) : BytePipe {
    private var line: Pair<UsbDeviceConnection, UsbOutlet>? = null

    override fun open(patienceMs: UInt) {
        if (line != null) return
        val outlet = usbOutlet(device) ?: throw PipeException.NoPrinter()
        if (device.deviceName !in usb.deviceList) throw PipeException.NotFound()
        if (!usb.hasPermission(device)) throw PipeException.NotAllowed()
        val connection = usb.openDevice(device) ?: throw PipeException.Silent()
        // Android's own driver may hold it: it lets go.
        if (!connection.claimInterface(outlet.face, true)) {
            connection.close()
            throw PipeException.Silent()
        }
        line = connection to outlet
    }

    /** One packet at a time: the printer takes it whole, or, while it has no room, not at all. */
    override fun write(bytes: ByteArray, patienceMs: UInt): UInt {
        val (connection, outlet) = line ?: throw PipeException.Broken()
        val packet = minOf(bytes.size, outlet.out.maxPacketSize)
        val sent = connection.bulkTransfer(outlet.out, bytes, packet, wait(patienceMs))
        if (sent < 0 && gone()) throw PipeException.Broken()
        return sent.coerceAtLeast(0).toUInt()
    }

    override fun read(most: UInt, patienceMs: UInt): ByteArray {
        val (connection, outlet) = line ?: throw PipeException.Broken()
        val back = outlet.back
        if (back == null) {
            Thread.sleep(patienceMs.toLong())
            if (gone()) throw PipeException.Broken()
            return ByteArray(0)
        }
        // A packet that does not fit would be lost, so it is taken whole and what is too much is kept.
        if (kept.isEmpty()) {
            val packet = ByteArray(back.maxPacketSize)
            val count = connection.bulkTransfer(back, packet, packet.size, wait(patienceMs))
            if (count < 0 && gone()) throw PipeException.Broken()
            kept = packet.copyOf(count.coerceAtLeast(0))
        }
        val said = kept.copyOf(minOf(kept.size, most.toInt()))
        kept = kept.copyOfRange(said.size, kept.size)
        return said
    }

    override fun close(patienceMs: UInt) {
        val (connection, outlet) = line ?: return
        line = null
        kept = ByteArray(0)
        connection.releaseInterface(outlet.face)
        connection.close()
    }

    private var kept = ByteArray(0)

    private fun gone() = device.deviceName !in usb.deviceList

    /** Nought would mean without end. */
    private fun wait(patienceMs: UInt) = patienceMs.toInt().coerceAtLeast(1)
}
