package app.barrow.till

/** What stands on the screen while a permission is on its way. */
enum class Ask {
    /** Says why, and offers to allow it. The system's own question comes only after this. */
    Reason,

    /** It was refused for good: says where the phone's settings allow it. */
    Settings,
}

/** A permission, told first and asked after. Refused once is asked again the next time; refused for good never. */
class Permission(private val phone: Phone) {
    /** What the phone knows and does about one permission. */
    interface Phone {
        /** Tells whether it is allowed. */
        fun allowed(): Boolean

        /** Tells whether the system would still ask: false before the first question and after a refusal for good. */
        fun wouldAskAgain(): Boolean

        /** Tells whether the system was asked before; it outlives the process. */
        var asked: Boolean

        /** Lets the system ask; true when the person allows it. */
        suspend fun ask(): Boolean

        /** Opens the phone's settings of this app. */
        fun openSettings()
    }

    /**
     * Gets the permission. [tell] shows a sentence and returns whether the person wants to go on: true goes to the
     * system's question or to the phone's settings, false leaves everything as it is.
     */
    suspend fun get(tell: suspend (Ask) -> Boolean): Boolean {
        if (phone.allowed()) return true
        if (phone.asked && !phone.wouldAskAgain()) {
            if (tell(Ask.Settings)) phone.openSettings()
            return phone.allowed()
        }
        if (!tell(Ask.Reason)) return false
        phone.asked = true
        return phone.ask()
    }
}
