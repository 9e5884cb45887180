package app.barrow.till

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.Service
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo
import android.net.wifi.WifiManager
import android.os.Build
import android.os.IBinder
import app.barrow.ui.words.Words

private const val CHANNEL = "host"
private const val NOTICE = 1
private const val LANGUAGE = "language"

/** Keeps this phone awake enough to be where the tills of a market meet. */
interface Hosting {
    /** Begins; false when Android does not allow it now, which it does while the app is in front. */
    fun begin(language: String): Boolean

    /** Ends. */
    fun end()
}

/** [Hosting] by a service that Android lets live while its notice is shown. */
class LanHosting(private val context: Context) : Hosting {
    private val service get() = Intent(context, LanHostService::class.java)

    override fun begin(language: String): Boolean = try {
        context.startForegroundService(service.putExtra(LANGUAGE, language)) != null
    } catch (fault: IllegalStateException) {
        // Android's word for "not from the background".
        false
    }

    override fun end() {
        context.stopService(service)
    }
}

/** Does nothing itself: while it runs, Android keeps the process and the radio of the network. */
class LanHostService : Service() {
    private var wifi: WifiManager.WifiLock? = null

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        val notice = notice(Words.load(intent?.getStringExtra(LANGUAGE) ?: "en"))
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) startForeground(NOTICE, notice, ServiceInfo.FOREGROUND_SERVICE_TYPE_CONNECTED_DEVICE)
        else startForeground(NOTICE, notice)
        if (wifi == null) wifi = lock()?.apply { acquire() }
        // After the process ended there is no host to keep: the till begins again when it is opened.
        return START_NOT_STICKY
    }

    override fun onDestroy() {
        wifi?.takeIf { it.isHeld }?.release()
        super.onDestroy()
    }

    override fun onBind(intent: Intent?): IBinder? = null

    private fun lock(): WifiManager.WifiLock? {
        val radio = applicationContext.getSystemService(WifiManager::class.java) ?: return null
        // What came after it holds only while the screen is on, which a host's is not.
        @Suppress("DEPRECATION")
        return radio.createWifiLock(WifiManager.WIFI_MODE_FULL_HIGH_PERF, "barrow:host").apply { setReferenceCounted(false) }
    }

    private fun notice(words: Words): Notification {
        val channel = NotificationChannel(CHANNEL, words.text("app.host.channel"), NotificationManager.IMPORTANCE_LOW)
        getSystemService(NotificationManager::class.java)?.createNotificationChannel(channel)
        val open = PendingIntent.getActivity(this, 0, Intent(this, TillActivity::class.java), PendingIntent.FLAG_IMMUTABLE)
        return Notification.Builder(this, CHANNEL)
            .setSmallIcon(packageManager.getServiceInfo(ComponentName(this, LanHostService::class.java), 0).iconResource)
            .setContentTitle(words.text("app.host.title"))
            .setContentText(words.text("app.host.more"))
            .setContentIntent(open)
            .setOngoing(true)
            .build()
    }
}
