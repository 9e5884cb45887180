package app.barrow.ui.office

import androidx.compose.ui.test.junit4.v2.createComposeRule
import app.barrow.core.FaultKind
import app.barrow.core.FoundRequest
import app.barrow.core.Setup
import app.barrow.core.TillClient
import app.barrow.core.TillException
import app.barrow.ui.CoreGuard
import app.barrow.ui.app.PickedFile
import app.barrow.ui.app.Start
import app.barrow.ui.app.Started
import app.barrow.ui.app.TillPlace
import app.barrow.ui.model.SettingsKeeper
import app.barrow.ui.picture.Framed
import app.barrow.ui.picture.Frames
import app.barrow.ui.screen.CantOpen
import java.io.File
import java.nio.file.Files
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test

/** Where SQLite keeps the schema's version in a database file: four bytes, highest first ("The Database Header"). */
private const val VERSION_AT = 60

/** The size of a page of the database, in bytes. */
private const val PAGE_BYTES = 4_096

private const val PASSPHRASE = "three words of mine"

/** The name of the database in the folder of a shop. */
private const val DATABASE = "barrow.db"

/** A till that can't be opened says what happened and what to do, and opens once the trouble is gone. */
class DoorTest {
    @get:Rule
    val rule = createComposeRule()
    private val folder: File = Files.createTempDirectory("door").toFile()
    private val shop = File(folder, "shop")
    private val keys = "$folder/keys"
    private val scope = CoroutineScope(SupervisorJob() + CoreGuard.drawing())
    private val device = DeskDevice()
    private val start = Start(TillPlace(shop.path, keys), device, scope, SettingsKeeper(HeldSettings()))
    private val hand = Hand(rule)

    @After
    fun end() {
        runBlocking { start.end() }
        scope.cancel()
        folder.deleteRecursively()
        CoreGuard.check()
    }

    private fun found(sample: Boolean = false) = runBlocking {
        TillClient.found(FoundRequest(shop.path, keys, Setup("Rosa", "DE", language = "en"), sample))
    }

    private fun shut(till: TillClient) = runBlocking { till.shut() }

    private fun database(): File {
        listOf("-wal", "-shm").forEach { File(shop, DATABASE + it).delete() }
        return File(shop, DATABASE)
    }

    private fun wait(wanted: (Started) -> Boolean) = runBlocking { withTimeout(30_000) { start.now.first(wanted) } }

    /** Opens the till and shows why it can't be. */
    private fun fault(): FaultKind {
        start.open()
        val failed = wait { it is Started.Failed || it is Started.Ready } as Started.Failed
        rule.setContent { Framed(Frames.phone) { CantOpen(start, failed) } }
        return (failed.fault as TillException.Unavailable).kind
    }

    @Test
    fun anotherWindowHasIt() {
        val till = found()
        assertEquals(FaultKind.IN_USE, fault())
        hand.sees("Close the other window, then try again.")
        shut(till)
        hand.tap("Try again")
        wait { it is Started.Ready }
    }

    @Test
    fun aNewerReleaseWroteIt() {
        shut(found())
        val database = database()
        val bytes = database.readBytes()
        bytes[VERSION_AT + 2] = 3
        database.writeBytes(bytes)
        assertEquals(FaultKind.NEWER, fault())
        hand.sees("Update Barrow on this device")
    }

    @Test
    fun itIsDamaged() {
        shut(found())
        database().writeBytes(ByteArray(8_192) { 7 })
        assertEquals(FaultKind.DAMAGED, fault())
        hand.sees("Nothing was deleted.")
        device.folder = "$folder/saved"
        hand.tap("Save what can be read")
        hand.sees("file is not a database")
        assertEquals("of nonsense nothing is left behind", emptyList<String>(), File("$folder/saved").list().orEmpty().toList())
    }

    @Test
    fun whatIsReadableIsSavedAndABackupTakesItsPlace() {
        val usb = "$folder/usb"
        val made = runBlocking {
            found(sample = true).run {
                sell(listOf("FR-STRAWB" to "1"))
                ask { backup(usb, PASSPHRASE) }.also {
                    sell(listOf("LA-HONEY" to "1"))
                    shut()
                }
            }
        }
        assertEquals(FaultKind.DAMAGED, spoilt())
        device.folder = "$folder/saved"
        hand.tap("Save what can be read")
        hand.sees("sales.csv")
        assertEquals("two sales under their names", 3, File("$folder/saved/sales.csv").readLines().size)
        device.file = PickedFile(File(made.file).name, made.file, ByteArray(0))
        hand.tap("Bring a backup back")
        hand.type("another passphrase")
        hand.tap("Bring it back")
        hand.sees("not the passphrase")
        hand.clear()
        hand.type(PASSPHRASE)
        hand.tap("Bring it back")
        rule.waitUntil(30_000) { start.now.value is Started.Ready }
        val ready = start.now.value as Started.Ready
        assertEquals("the one in the backup", 1, runBlocking { ready.seat.till.ask { sales(null, 9u) } }.sales.size)
        assertTrue("the damaged one is kept", File(shop, "damaged-1/$DATABASE").isFile)
    }

    /** Damages a page that the opening reads, and none of the sales. */
    private fun spoilt(): FaultKind {
        val database = database()
        val bytes = database.readBytes()
        // The schema keeps a table's first page in the byte before its text (SQLite, "Record Format").
        val page = bytes[String(bytes, Charsets.ISO_8859_1).indexOf("CREATE TABLE open_entity") - 1] - 1
        bytes.fill(7, PAGE_BYTES * page, PAGE_BYTES * (page + 1))
        database.writeBytes(bytes)
        return fault()
    }
}
