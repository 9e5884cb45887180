//! A market day as commands: everything that a person does at a stall, in an order that leaves nothing out.
#![allow(clippy::unwrap_used, dead_code, reason = "each test file uses its part")]

pub mod stall;

use barrow_kernel::approval::Approval;
use barrow_kernel::cart::{GivenDiscount, LineId};
use barrow_kernel::catalogue::{Face, ItemDraft, ItemKind, Price, Trade};
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::ledger::Account;
use barrow_kernel::money::Currency;
use barrow_kernel::price::Discount;
use barrow_kernel::quantity::Unit;
use barrow_kernel::shift::CashCount;
use barrow_kernel::stock::{CountLine, MovementKind, MovementLine};
use barrow_log::id::{CartId, CommandId, ItemId, PaymentId, SaleId, TaxId, TenderId};
use barrow_till::setup::{CARD_TERMINAL, CASH, Setup, VOUCHER};

/// Where the time of the first command lies, in milliseconds since 1970: 1 May 2026, 06:00.
pub const MORNING_MS: i64 = 1_777_615_200_000;
/// Numbers the items; one of each kind that is traded differently.
const BREAD: ItemId = ItemId::from_number(0x501);
const CHEESE: ItemId = ItemId::from_number(0x502);
const JUICE: ItemId = ItemId::from_number(0x503);
const BOTTLE: ItemId = ItemId::from_number(0x504);
const MISC: ItemId = ItemId::from_number(0x505);

/// What happens at the stall.
#[derive(Clone, Debug)]
pub enum Act {
    /// A person does something.
    Do(CommandId, Box<Command>),
    /// The taps so far are made durable, as the till does by itself within 50 ms.
    Flush,
    /// The till is closed and opened again.
    Reopen,
}

/// Writes a day down, numbering its commands.
#[derive(Default)]
pub struct Day {
    pub acts: Vec<Act>,
    commands: u128,
    carts: u128,
}

/// The shop of the day: Denmark rounds cash and has one rate.
pub fn setup() -> Setup {
    Setup {
        name: "Stall".into(),
        country: "DK".into(),
        currency: None,
        till: None,
        utc_offset_minutes: 120,
        language: None,
    }
}

/// Writes a day with this many rounds of sales; two closings of the till lie between.
pub fn market_day(rounds: usize) -> Vec<Act> {
    let mut day = Day::default();
    day.open();
    for round in 0..rounds {
        day.round(round);
        if round == rounds / 2 {
            day.acts.push(Act::Reopen);
        }
    }
    day.close();
    day.acts.push(Act::Reopen);
    day.evening();
    day.acts
}

impl Day {
    fn act(&mut self, command: Command) -> CommandId {
        self.commands += 1;
        let id = CommandId::from_number(0x1000 + self.commands);
        self.acts.push(Act::Do(id, Box::new(command)));
        id
    }

    pub fn cart(&mut self) -> CartId {
        self.carts += 1;
        CartId::from_number(0x2000 + self.carts)
    }

    /// Adds goods to a cart.
    pub fn add(&mut self, cart: CartId, lines: Vec<LineDraft>) {
        self.act(Command::AddLines {
            cart,
            lines,
            approval: None,
        });
    }

    /// Takes a payment, the whole rest where no amount is given.
    pub fn pay(&mut self, cart: CartId, tender: TenderId, amount_minor: Option<i64>) -> CommandId {
        self.act(Command::Tender {
            cart,
            tender,
            amount_minor,
            given_minor: None,
            reference: None,
        })
    }

    /// Opens the shift, imports goods, takes a delivery and counts.
    pub fn open(&mut self) {
        let float = CashCount::amount(50_000);
        self.act(Command::OpenShift {
            cash_box: None,
            float,
        });
        self.act(Command::PutItems { items: items() });
        let delivered = |item, quantity: i32| MovementLine {
            item: ItemRef::Id(item),
            quantity: quantity.into(),
        };
        self.act(Command::MoveStock {
            location: None,
            movement: MovementKind::Delivery,
            lines: vec![
                delivered(BREAD, 400),
                delivered(CHEESE, 90),
                delivered(JUICE, 300),
            ],
            reason: None,
        });
        let lines = vec![CountLine {
            item: ItemRef::Id(BREAD),
            counted: 398.into(),
        }];
        self.act(Command::CountStock {
            location: None,
            lines,
        });
    }

    /// Sells in every way there is.
    pub fn round(&mut self, round: usize) {
        let bread = self.sale_in_cash(round);
        self.split_sale();
        if round.is_multiple_of(2) {
            self.refund(bread);
        }
        if round.is_multiple_of(3) {
            self.second_thoughts();
        }
        match round % 4 {
            0 => drop(self.act(Command::PayOut {
                cash_box: None,
                amount_minor: 2_500,
                reason: "Pitch fee".into(),
            })),
            1 => drop(self.act(Command::PayIn {
                cash_box: None,
                amount_minor: 1_000,
                reason: "Change from the bank".into(),
            })),
            2 => drop(self.act(Command::SafeDrop {
                cash_box: None,
                amount_minor: 3_000,
            })),
            _ => drop(self.act(Command::Adjust {
                debit: Account::BadDebt,
                credit: Account::Receivable,
                amount_minor: 700,
                approval: Some(Approval {
                    by: "Owner".into(),
                    reason: "Never paid".into(),
                }),
            })),
        }
    }

    /// Taps, changes a quantity, voids a line, pays in cash; the taps are sometimes committed before.
    fn sale_in_cash(&mut self, round: usize) -> CommandId {
        let cart = self.cart();
        self.add(cart, vec![line(BREAD, "2"), line(CHEESE, "0.345")]);
        self.add(cart, vec![line(JUICE, "3")]);
        if round % 2 == 1 {
            self.acts.push(Act::Flush);
        }
        self.act(Command::SetQuantity {
            cart,
            line: LineId::new(0, 1),
            quantity: 3.into(),
        });
        self.act(Command::VoidLine {
            cart,
            line: LineId::new(0, 2),
        });
        let discount = GivenDiscount {
            discount: Discount::Amount(150),
            reason: Some("Yesterday's".into()),
        };
        self.act(Command::DiscountLine {
            cart,
            line: LineId::new(0, 1),
            discounts: vec![discount],
        });
        self.pay(cart, CASH, None)
    }

    /// Pays a part by voucher, gives it back, pays it again, the rest by card; then the card was cash after all.
    fn split_sale(&mut self) {
        let cart = self.cart();
        self.add(cart, vec![line(CHEESE, "1.2"), open_price("47.5")]);
        let voucher = self.pay(cart, VOUCHER, Some(2_000));
        self.act(Command::ReversePayment {
            cart,
            payment: PaymentId(voucher.0),
        });
        self.pay(cart, VOUCHER, Some(1_500));
        let done = self.pay(cart, CARD_TERMINAL, None);
        self.act(Command::CorrectTender {
            sale: SaleId(done.0),
            payment: PaymentId(done.0),
            tender: CASH,
            reason: "Wrong key".into(),
        });
    }

    /// Takes one piece of a sale back.
    fn refund(&mut self, sale: CommandId) {
        let cart = self.cart();
        let line = barrow_kernel::command::ReturnDraft {
            line: LineId::new(0, 1),
            quantity: Some(1.into()),
            resaleable: None,
        };
        self.act(Command::AddReturns {
            cart,
            sale: SaleId(sale.0),
            lines: vec![line],
            reason: None,
        });
        self.pay(cart, CASH, None);
    }

    /// Parks a cart and takes it up again, gives another one up, leaves one open.
    fn second_thoughts(&mut self) {
        let (first, second, left) = (self.cart(), self.cart(), self.cart());
        self.add(first, vec![line(BREAD, "1")]);
        self.act(Command::Park {
            cart: first,
            name: Some("Red scarf".into()),
        });
        self.add(second, vec![line(JUICE, "1")]);
        self.act(Command::VoidCart {
            cart: second,
            reason: Some("Changed his mind".into()),
        });
        self.act(Command::Resume { cart: first });
        self.pay(first, CASH, None);
        self.add(left, vec![line(JUICE, "2")]);
        self.pay(left, VOUCHER, Some(500));
    }

    /// Counts the goods and the cash, and closes the shift.
    pub fn close(&mut self) {
        let lines = vec![CountLine {
            item: ItemRef::Id(JUICE),
            counted: 120.into(),
        }];
        self.act(Command::CountStock {
            location: None,
            lines,
        });
        self.act(Command::CloseShift {
            cash_box: None,
            counted: CashCount::amount(60_000),
            blind: true,
            note: Some("Rain".into()),
        });
    }

    /// Sells once more in a shift that opens by itself, and leaves a cart with taps.
    fn evening(&mut self) {
        self.sale_in_cash(0);
        let cart = self.cart();
        self.add(cart, vec![line(BREAD, "1")]);
        self.act(Command::SetNote {
            cart,
            line: None,
            note: Some("Calls back".into()),
        });
    }
}

/// One line of a quantity of an item.
pub fn line(item: ItemId, quantity: &str) -> LineDraft {
    LineDraft {
        quantity: Some(quantity.parse().unwrap()),
        ..LineDraft::of(ItemRef::Id(item))
    }
}

/// One bread: the smallest sale there is.
pub fn bread() -> LineDraft {
    line(BREAD, "1")
}

fn open_price(price: &str) -> LineDraft {
    LineDraft {
        unit_price: Some(price.parse().unwrap()),
        ..LineDraft::of(ItemRef::Id(MISC))
    }
}

/// The goods: plain, weighed, with a deposit, the deposit, and a department key.
fn items() -> Vec<ItemDraft> {
    let item = |id, name: &str, price: &str, trade: Trade| ItemDraft {
        id,
        face: Some(Face {
            sku: name.to_uppercase(),
            name: name.into(),
            ..Face::default()
        }),
        price: Some(Price {
            unit_price: price.parse().unwrap(),
            currency: Currency::iso("DKK").unwrap(),
            taxes: vec![TaxId::from_number(0x100)],
        }),
        trade: Some(trade),
        archived: None,
        sold_out: None,
        add_codes: Vec::new(),
        remove_codes: Vec::new(),
    };
    let plain = Trade::default();
    let weighed = Trade {
        kind: ItemKind::Weighed,
        unit: Unit::Kilogram,
        ..Trade::default()
    };
    let bottled = Trade {
        deposits: vec![BOTTLE],
        ..Trade::default()
    };
    let deposit = Trade {
        kind: ItemKind::Deposit,
        tracked: false,
        ..Trade::default()
    };
    let department = Trade {
        kind: ItemKind::Department,
        tracked: false,
        ..Trade::default()
    };
    let more = (0..20).map(|n| {
        item(
            ItemId::from_number(0x600 + n),
            &format!("Thing {n}"),
            "9.95",
            plain.clone(),
        )
    });
    [
        item(BOTTLE, "Bottle", "1.5", deposit),
        item(BREAD, "Bread", "32.5", plain.clone()),
        item(CHEESE, "Cheese", "189.9", weighed),
        item(JUICE, "Juice", "18", bottled),
        item(MISC, "Misc", "0", department),
    ]
    .into_iter()
    .chain(more)
    .collect()
}
