package app.barrow.ui.model

import app.barrow.core.TaskRow
import app.barrow.core.Topic
import app.barrow.ui.app.Seat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What To do shows. */
data class ToDoState(val rows: Rows<TaskRow> = Rows())

/** What a person does on To do. */
sealed interface ToDoEvent {
    data class Shown(val first: Int, val last: Int) : ToDoEvent
    data object Back : ToDoEvent
}

/** What wants settling. */
class ToDoModel(private val seat: Seat, private val scope: CoroutineScope) {
    private val held = MutableStateFlow(ToDoState())
    private val pages = Pages<Long, TaskRow> { after ->
        val rows = seat.till.ask { tasks(after ?: 0, PAGE_ROWS.toUInt()) }
        Page(rows, rows.lastOrNull()?.no.takeIf { rows.size == PAGE_ROWS })
    }

    /** Tells what to show. */
    val state: StateFlow<ToDoState> = held

    init {
        seat.watch(scope, Topic.STORAGE, Topic.SALES) { pages.again() }
        scope.launch { pages.rows.collect { rows -> held.update { it.copy(rows = rows) } } }
    }

    /** Does what the person wants. */
    fun on(event: ToDoEvent) {
        when (event) {
            is ToDoEvent.Shown -> {
                pages.want(event.first, event.last)
                seat.ask(scope) { pages.show() }
            }
            ToDoEvent.Back -> seat.go.back()
        }
    }
}
