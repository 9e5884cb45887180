package app.barrow.till

import android.annotation.SuppressLint
import android.bluetooth.BluetoothAdapter
import android.bluetooth.BluetoothDevice
import android.bluetooth.BluetoothManager
import android.bluetooth.BluetoothSocket
import android.content.Context
import app.barrow.core.BytePipe
import app.barrow.core.Line
import app.barrow.core.PipeException
import app.barrow.core.StreamPipe
import java.io.Closeable
import java.util.UUID

/** The serial port that printers of Classic Bluetooth offer. */
private val SERIAL_PORT = UUID.fromString("00001101-0000-1000-8000-00805F9B34FB")

/** Lends the way to a printer of Classic Bluetooth, which was paired in the settings of the phone. */
fun sppPipe(context: Context, address: String): BytePipe = StreamPipe { cutBy -> serialLine(context, address, cutBy) }

private fun serialLine(context: Context, address: String, cutBy: (Closeable) -> Unit): Line {
    val radio = context.getSystemService(BluetoothManager::class.java)?.adapter
    if (radio == null || !radio.isEnabled) throw PipeException.Off()
    if (!BluetoothAdapter.checkBluetoothAddress(address)) throw PipeException.NotFound()
    return try {
        connect(radio, radio.getRemoteDevice(address), cutBy)
    } catch (fault: SecurityException) {
        throw PipeException.NotAllowed()
    }
}

// Without the permission Android throws, and that is told as what it is.
@SuppressLint("MissingPermission")
private fun connect(radio: BluetoothAdapter, printer: BluetoothDevice, cutBy: (Closeable) -> Unit): Line {
    if (printer.bondState != BluetoothDevice.BOND_BONDED) throw PipeException.NotFound()
    // Two radios in one: while it searches, connections are slow and break. Where it may not be asked, it does not search for us.
    runCatching { radio.cancelDiscovery() }
    val socket = printer.createRfcommSocketToServiceRecord(SERIAL_PORT)
    cutBy(socket)
    socket.connect()
    return SerialLine(socket)
}

private class SerialLine(private val socket: BluetoothSocket) : Line {
    override val input = socket.inputStream
    override val output = socket.outputStream
    override fun close() = socket.close()
}
