package app.barrow.ui.model

import app.barrow.core.Command
import app.barrow.core.Shop
import app.barrow.core.ShopView
import app.barrow.core.Tax
import app.barrow.core.TenderKind
import app.barrow.core.Topic
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What Set-up shows: the shop as it is typed, and what this device prefers. */
data class SetUpState(
    val view: ShopView? = null,
    val taxes: List<Tax> = emptyList(),
    val tenders: List<TenderKind> = emptyList(),
    val name: String = "",
    val header: String = "",
    val footer: String = "",
    val receiptLanguage: String = "",
    val settings: Settings = Settings(),
    /** Tells that the device can be kept in this app. */
    val canPin: Boolean = false,
    val pinned: Boolean = false,
) {
    /** The shop as it would be saved; null before it is known. */
    val wanted: Shop? get() = view?.shop?.copy(
        name = name.trim(), header = header.receiptLines(), footer = footer.receiptLines(), language = receiptLanguage,
    )

    /** Tells whether there is something to save. */
    val changed: Boolean get() = wanted != null && wanted != view?.shop && name.isNotBlank()
}

private fun String.receiptLines() = lines().map(String::trimEnd).dropLastWhile(String::isEmpty)

/** What a person does on Set-up. */
sealed interface SetUpEvent {
    data class Name(val text: String) : SetUpEvent
    data class Header(val text: String) : SetUpEvent
    data class Footer(val text: String) : SetUpEvent
    data class ReceiptLanguage(val code: String) : SetUpEvent
    data object Save : SetUpEvent

    /** Shows a tender on Charge, or hides it. */
    data class Tender(val tender: TenderKind, val shown: Boolean) : SetUpEvent
    data class Prefer(val with: (Settings) -> Settings) : SetUpEvent

    /** Keeps the device in this app, or lets it go. */
    data class Pin(val on: Boolean) : SetUpEvent
    data object Back : SetUpEvent
}

/** Shop, receipt, payment, and what this device prefers. */
class SetUpModel(private val seat: Seat, scope: CoroutineScope, private val settings: SettingsKeeper) {
    private val held = MutableStateFlow(SetUpState(canPin = seat.device.canPin, pinned = seat.device.pinned))

    /** Tells what to show. */
    val state: StateFlow<SetUpState> = held

    init {
        seat.watch(scope, Topic.CATALOGUE) {
            val view = seat.till.ask { shop() }
            val taxes = seat.till.ask { taxes() }
            val tenders = seat.till.ask { tenders() }
            held.update { (if (it.changed) it else it.filled(view)).copy(view = view, taxes = taxes, tenders = tenders) }
        }
        scope.launch { settings.now.collect { now -> held.update { it.copy(settings = now) } } }
    }

    private fun SetUpState.filled(view: ShopView) = copy(
        name = view.shop.name, header = view.shop.header.joinToString("\n"),
        footer = view.shop.footer.joinToString("\n"), receiptLanguage = view.shop.language,
    )

    /** Does what the person wants. */
    fun on(event: SetUpEvent) {
        when (event) {
            is SetUpEvent.Name -> held.update { it.copy(name = event.text) }
            is SetUpEvent.Header -> held.update { it.copy(header = event.text) }
            is SetUpEvent.Footer -> held.update { it.copy(footer = event.text) }
            is SetUpEvent.ReceiptLanguage -> held.update { it.copy(receiptLanguage = event.code) }
            SetUpEvent.Save -> held.value.run { if (changed) wanted?.let { seat.send(Command.PutShop(it)) } }
            is SetUpEvent.Tender -> seat.send(Command.PutTenders(listOf(event.tender.copy(archived = !event.shown))))
            is SetUpEvent.Prefer -> settings.change(event.with)
            is SetUpEvent.Pin -> {
                seat.device.pin(event.on)
                held.update { it.copy(pinned = seat.device.pinned) }
            }
            SetUpEvent.Back -> seat.go.back()
        }
    }
}
