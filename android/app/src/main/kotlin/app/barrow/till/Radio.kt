package app.barrow.till

import kotlin.concurrent.thread

/**
 * Bluetooth LE, which the core uses by itself. What it needs of Android it finds by the app's classes, so a thread of
 * the app has to begin it once. Nothing is sent, and no permission is needed for that.
 */
object Radio {
    /** Begins it, away from the screen's thread. Where it can't be begun, the core says that Bluetooth is off. */
    fun prepare() {
        thread(name = "barrow-radio") {
            System.loadLibrary("barrow_ffi")
            begin()
        }
    }

    @JvmStatic
    private external fun begin(): Boolean
}
