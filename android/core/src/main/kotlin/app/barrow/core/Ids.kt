package app.barrow.core

import java.security.SecureRandom
import java.util.UUID
import java.util.concurrent.atomic.AtomicLong

private val chance = SecureRandom()

/** The time and the count that the newest id bears: milliseconds since 1970 in the upper 52 bits, a count below. */
private val newest = AtomicLong()

/**
 * Makes an id whose order is the order of making (UUIDv7, RFC 9562 section 5.7), also within a millisecond: the
 * twelve bits after the time count up (section 6.2, method 1).
 */
fun timeOrderedId(): UUID {
    val now = System.currentTimeMillis() shl 12
    val count = newest.updateAndGet { last -> maxOf(now, last + 1) }
    return timeOrderedId(count, chance.nextLong())
}

/** Builds the id of a time with its count, and of chance. */
internal fun timeOrderedId(count: Long, random: Long): UUID = UUID(
    (count and 0xfffL.inv() shl 4) or 0x7000L or (count and 0xfffL),
    Long.MIN_VALUE or (random and 0x3fff_ffff_ffff_ffffL),
)
