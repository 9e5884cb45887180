package app.barrow.desktop

import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Test

class PlacesTest {
    private fun places(system: String, vararg environment: Pair<String, String>) = Places.choose(null, environment.toMap()::get, system)

    @Test
    fun aNamedFolderHoldsAllThree() {
        val places = Places.choose(File("/stall"), { "/elsewhere" }, "Linux")
        assertEquals(Places(File("/stall/shop"), File("/stall/keys"), File("/stall/settings.properties")), places)
    }

    @Test
    fun linuxNamesThemByItsStandardFolders() {
        val usual = places("Linux", "HOME" to "/home/ann")
        assertEquals(File("/home/ann/.local/share/barrow"), usual.shop)
        assertEquals(File("/home/ann/.local/state/barrow/keys"), usual.keys)
        assertEquals(File("/home/ann/.config/barrow/window.properties"), usual.settings)
        val set = places("Linux", "HOME" to "/home/ann", "XDG_DATA_HOME" to "/data", "XDG_STATE_HOME" to "/state", "XDG_CONFIG_HOME" to "")
        assertEquals(File("/data/barrow"), set.shop)
        assertEquals(File("/state/barrow/keys"), set.keys)
        assertEquals(File("/home/ann/.config/barrow/window.properties"), set.settings)
    }

    @Test
    fun otherSystemsHaveTheirOwn() {
        assertEquals(File("/Users/ann/Library/Application Support/barrow"), places("Mac OS X", "HOME" to "/Users/ann").shop)
        val windows = places("Windows 11", "APPDATA" to "/roaming", "LOCALAPPDATA" to "/local")
        assertEquals(File("/roaming/barrow"), windows.shop)
        assertEquals(File("/local/barrow/keys"), windows.keys)
    }

    @Test
    fun theCommandLinesOwnWordsHold() {
        val places = places("Linux", "HOME" to "/home/ann", "BARROW_FOLDER" to "/shop", "BARROW_KEYS" to "/keys")
        assertEquals(Places(File("/shop"), File("/keys"), File("/home/ann/.config/barrow/window.properties")), places)
    }
}
