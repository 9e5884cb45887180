package app.barrow.till

import android.Manifest
import android.app.Activity
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.provider.Settings
import androidx.core.content.edit

/** The camera's permission on this phone. */
class CameraPermission(private val window: Activity, private val question: Question<String, Boolean>) : Permission.Phone {
    private val preferences = window.getSharedPreferences("permissions", Context.MODE_PRIVATE)

    override fun allowed() = window.checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED

    override fun wouldAskAgain() = window.shouldShowRequestPermissionRationale(Manifest.permission.CAMERA)

    override var asked: Boolean
        get() = preferences.getBoolean(Manifest.permission.CAMERA, false)
        set(value) = preferences.edit { putBoolean(Manifest.permission.CAMERA, value) }

    override suspend fun ask() = question.ask(Manifest.permission.CAMERA) ?: false

    override fun openSettings() =
        window.startActivity(Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", window.packageName, null)))
}
