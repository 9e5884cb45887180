package app.barrow.till

import android.Manifest
import android.app.Activity
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Build
import android.provider.Settings
import androidx.core.content.edit

/** What a person may be asked to allow. Selling needs none of it. */
enum class Wish {
    /** Reading codes. */
    Camera,

    /** Printers over Bluetooth: finding them, and writing to them. */
    Printers,

    /** Other tills and printers on the same network. */
    Neighbours,
    ;

    /** What Android of this phone calls it; nothing where it does not ask. */
    val names: List<String>
        get() = when (this) {
            Camera -> listOf(Manifest.permission.CAMERA)
            Printers ->
                if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) listOf(Manifest.permission.BLUETOOTH_SCAN, Manifest.permission.BLUETOOTH_CONNECT)
                // Before Android 12 whoever listens for Bluetooth might learn where the phone is, so that was asked for.
                else listOf(Manifest.permission.ACCESS_FINE_LOCATION)
            Neighbours -> if (Build.VERSION.SDK_INT >= 37) listOf("android.permission.ACCESS_LOCAL_NETWORK") else emptyList()
        }
}

/** A wish on this phone. */
class PhonePermission(
    private val window: Activity,
    private val wish: Wish,
    private val question: Question<Array<String>, Map<String, Boolean>>,
) : Permission.Phone {
    private val preferences = window.getSharedPreferences("permissions", Context.MODE_PRIVATE)

    override fun allowed() = wish.names.all { window.checkSelfPermission(it) == PackageManager.PERMISSION_GRANTED }

    override fun wouldAskAgain() = wish.names.any(window::shouldShowRequestPermissionRationale)

    override var asked: Boolean
        get() = wish.names.any { preferences.getBoolean(it, false) }
        set(value) = preferences.edit { wish.names.forEach { putBoolean(it, value) } }

    override suspend fun ask() = question.ask(wish.names.toTypedArray())?.values?.all { it } ?: false

    override fun openSettings() =
        window.startActivity(Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", window.packageName, null)))
}
