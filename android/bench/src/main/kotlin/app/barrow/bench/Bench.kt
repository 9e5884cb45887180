package app.barrow.bench

import java.io.File
import java.lang.management.ManagementFactory
import kotlin.system.exitProcess

/**
 * Measures the window over the real core and prints a line of JSON. `start` needs the words that start the window's
 * Java, up to its class path.
 * usage: Bench FOLDER tap|keys|receipts|heap|start [JAVA WORD...]
 */
fun main(words: Array<String>) {
    val (place, measure) = words
    val folder = File(place)
    when (measure) {
        "tap" -> OpenTill(folder).use(::tap)
        "keys" -> OpenTill(folder).use(::keys)
        "receipts" -> OpenTill(folder).use(::receipts)
        "heap" -> OpenTill(folder).use(::heap)
        "start" -> start(folder, words.drop(2))
        else -> error("there is no measure $measure")
    }
    exitProcess(0)
}

/** Prints what was measured, with the load of the machine, which others may share. */
fun tell(measure: String, vararg values: Pair<String, Any>) {
    fun json(value: Any): String =
        if (value is Map<*, *>) value.entries.joinToString(", ", "{", "}") { "\"${it.key}\": ${it.value}" } else "$value"
    val all = values.toList() + ("load" to tenths(ManagementFactory.getOperatingSystemMXBean().systemLoadAverage))
    println(all.joinToString(", ", "{\"w\": \"window-$measure\", ", "}") { (name, value) -> "\"$name\": ${json(value)}" })
}

/** Sums up times in milliseconds. */
fun percentiles(times: List<Double>): Map<String, Double> {
    val sorted = times.sorted()
    fun at(share: Double) = sorted[(sorted.size * share).toInt().coerceAtMost(sorted.size - 1)]
    return mapOf("p50" to at(0.5), "p95" to at(0.95), "p99" to at(0.99)).mapValues { tenths(it.value) }
}

/** Rounds for the table. */
fun tenths(figure: Double): Double = Math.round(figure * 10) / 10.0
