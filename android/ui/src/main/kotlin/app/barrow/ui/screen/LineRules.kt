package app.barrow.ui.screen

import app.barrow.core.ItemKind
import app.barrow.core.LineView

/** Tells that a line has steppers: pieces that are sold, or deposits that come back without a sale. */
val LineView.canStep: Boolean
    get() = parent == null && kind != ItemKind.WEIGHED && !derived && (!returned || kind == ItemKind.DEPOSIT)

/** Tells that a line may get another price. */
val LineView.canHaggle: Boolean get() = !returned && parent == null && !derived && kind != ItemKind.DEPOSIT

/** Tells that a line may get a discount. */
val LineView.canDiscount: Boolean get() = !returned && kind != ItemKind.DEPOSIT
