package app.barrow.desktop

import java.io.File

/** What the window was started with. */
data class Arguments(
    /** Keeps shop, secrets and settings below this folder. */
    val folder: File? = null,
    /** Founds the sample stall when there is no till yet. */
    val sample: Boolean = false,
    /** Writes the first picture of the ready window to this file and ends. */
    val shot: File? = null,
) {
    companion object {
        /** The words that can be said, for people. */
        const val USAGE = "usage: barrow-window [--folder FOLDER] [--sample] [--shot FILE.png]"

        /** Reads the words; null when one is not understood. */
        fun read(words: List<String>): Arguments? {
            var arguments = Arguments()
            val left = words.iterator()
            while (left.hasNext()) {
                arguments = when (left.next()) {
                    "--folder" -> arguments.copy(folder = left.file() ?: return null)
                    "--shot" -> arguments.copy(shot = left.file() ?: return null)
                    "--sample" -> arguments.copy(sample = true)
                    else -> return null
                }
            }
            return arguments
        }

        private fun Iterator<String>.file() = if (hasNext()) File(next()) else null
    }
}
