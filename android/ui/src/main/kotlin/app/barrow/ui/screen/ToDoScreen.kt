package app.barrow.ui.screen

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.barrow.ui.look.Icons
import app.barrow.ui.model.ToDoEvent
import app.barrow.ui.model.ToDoState
import app.barrow.ui.part.ListRow

/** What wants settling, each with what happened. */
@Composable
fun ToDoScreen(state: ToDoState, on: (ToDoEvent) -> Unit) =
    OfficePage(say("toDo.title"), { on(ToDoEvent.Back) }, scrolls = false) {
        if (state.rows.complete && state.rows.count == 0) return@OfficePage Empty(say("toDo.empty"))
        PagedList(state.rows, { first, last -> on(ToDoEvent.Shown(first, last)) }, Modifier.weight(1f)) {
            ListRow(it.title, icon = Icons.WarningCircle, sub = it.text)
        }
    }
