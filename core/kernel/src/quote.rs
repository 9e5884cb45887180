//! What a line would come to before anybody adds it: a weight on a scale, a price that is being typed.

use crate::cart::Weighing;
use crate::carting;
use crate::command::LineDraft;
use crate::context::{Context, Permission, World};
use crate::quantity::{Quantity, UnitPrice};
use crate::rejection::Rejection;
use crate::state::{self, State};
use crate::view::CartView;
use barrow_log::id::{CartId, CashBoxId, CommandId, LocationId};
use barrow_log::stream::StreamId;
use serde::{Deserialize, Serialize};

/// What a line would come to in a cart of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Gives the quantity: net of tare, or derived from an amount.
    pub quantity: Quantity,
    /// Tells how the weight is found.
    pub weighing: Option<Weighing>,
    /// Gives the price of one unit.
    pub unit_price: UnitPrice,
    /// Gives what is to be paid, with its deposits and taxes, in minor units.
    pub total_minor: i64,
}

/// Works out what a line would come to at a place: the same rules as for a line that is added, and nothing is kept.
///
/// # Errors
/// What adding the line would be rejected for.
pub fn quote(world: &dyn World, location: LocationId, draft: &LineDraft) -> Result<Quote, Rejection> {
    let nobody = Context {
        now_ms: 0,
        command: CommandId::from_number(0),
        who: None,
        till: String::new(),
        location,
        cash_box: CashBoxId::from_number(0),
        series: String::new(),
        book: StreamId([0; 16]),
        book_head: None,
        permissions: [Permission::Sell].into(),
    };
    let cart = CartId::from_number(0);
    // Whether there is enough is asked when the line is added.
    let mut draft = draft.clone();
    draft.oversell = true;
    let mut state = State::default();
    for event in carting::add_lines(&state, world, &nobody, cart, &[draft], &None)? {
        state::apply(&mut state, &event);
    }
    let view = CartView::of(state.open_cart(cart)?, world, 0)?;
    let line = view
        .lines
        .into_iter()
        .next()
        .ok_or_else(|| Rejection::missing("lines", "name at least one"))?;
    Ok(Quote {
        quantity: line.quantity,
        weighing: line.weighing,
        unit_price: line.unit_price,
        total_minor: view.totals.total_minor,
    })
}
