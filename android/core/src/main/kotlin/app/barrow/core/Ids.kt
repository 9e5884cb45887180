package app.barrow.core

import java.security.SecureRandom
import java.util.UUID

private val chance = SecureRandom()

/** Makes an id whose order is the order of making (UUIDv7, RFC 9562 section 5.7). */
fun timeOrderedId(): UUID = timeOrderedId(System.currentTimeMillis(), chance.nextLong(), chance.nextLong())

/** Builds the id of a time in milliseconds since 1970 and of chance. */
internal fun timeOrderedId(nowMs: Long, chanceA: Long, chanceB: Long): UUID = UUID(
    (nowMs shl 16) or 0x7000L or (chanceA and 0x0fffL),
    Long.MIN_VALUE or (chanceB and 0x3fff_ffff_ffff_ffffL),
)
