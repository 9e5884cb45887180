//! Sells invoices through the till's one road, and keeps the books that are compared afterwards.

use super::books::{Books, Links, SoldLine};
use super::invoice::{Act, Invoice, RowKind};
use super::source::{Catalogue, Row};
use crate::output::Failure;
use crate::place;
use barrow_kernel::approval::Approval;
use barrow_kernel::cart::LineId;
use barrow_kernel::catalogue::{Face, ItemDraft, Price, Trade};
use barrow_kernel::command::{Command, ItemRef, LineDraft, ReturnDraft};
use barrow_kernel::ledger::Account;
use barrow_kernel::money::Currency;
use barrow_kernel::sale::Sale;
use barrow_kernel::shift::CashCount;
use barrow_kernel::stock::{MovementKind, MovementLine};
use barrow_log::id::{CartId, CommandId, ItemId, SaleId, TenderId};
use barrow_till::error::TillError;
use barrow_till::outcome::View;
use barrow_till::setup::{CARD_TERMINAL, CASH};
use barrow_till::{Pending, Till};
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

/// Limits the sales that wait for their commit: as many ops as one commit may hold, two to a sale.
const IN_FLIGHT: usize = 32;
/// Pays in cash up to this total, in minor units; above it by the separate card terminal.
const CASH_UP_TO: i64 = 10_000;
/// Numbers ids from here: above the fixed ids of a new shop.
const FIRST_ID: u128 = 1 << 64;

/// A sale that was handed over and whose answer is awaited.
struct InFlight {
    pending: Pending,
    customer: String,
}

/// The till and the books.
pub struct Seller {
    till: Till,
    next_id: u128,
    items: BTreeMap<String, ItemId>,
    prices: BTreeMap<String, barrow_kernel::quantity::UnitPrice>,
    day: Option<i64>,
    in_flight: VecDeque<InFlight>,
    links: Links,
    books: Books,
    started: Instant,
}

impl Seller {
    /// Imports the catalogue.
    #[allow(clippy::disallowed_methods, reason = "the replay measures how long it takes")]
    pub fn new(till: Till, catalogue: &Catalogue) -> Result<Self, Failure> {
        let mut seller = Self {
            till,
            next_id: FIRST_ID,
            items: BTreeMap::new(),
            prices: BTreeMap::new(),
            day: None,
            in_flight: VecDeque::new(),
            links: Links::default(),
            books: Books::new(catalogue.rows, catalogue.invoice_count()),
            started: Instant::now(),
        };
        seller.import(catalogue)?;
        seller.started = Instant::now();
        Ok(seller)
    }

    fn id(&mut self) -> u128 {
        self.next_id += 1;
        self.next_id
    }

    /// Hands a command over at a time and waits for its answer.
    fn run(&mut self, command: Command, at_ms: i64) -> Result<View, Failure> {
        let id = CommandId::from_number(self.id());
        Ok(self
            .till
            .submit_at(id, command, at_ms)
            .map_err(refused)?
            .wait()
            .map_err(refused)?
            .view)
    }

    fn import(&mut self, catalogue: &Catalogue) -> Result<(), Failure> {
        let currency = Currency::iso("GBP").map_err(|fault| Failure::invalid(fault.to_string()))?;
        let articles: Vec<_> = catalogue.articles.iter().collect();
        for part in articles.chunks(500) {
            let mut items = Vec::with_capacity(part.len());
            for (sku, article) in part {
                let id = ItemId::from_number(self.id());
                self.items.insert((*sku).clone(), id);
                self.prices.insert((*sku).clone(), article.price());
                let name = if article.name.is_empty() {
                    (*sku).clone()
                } else {
                    article.name.clone()
                };
                items.push(ItemDraft {
                    id,
                    face: Some(Face {
                        sku: (*sku).clone(),
                        name,
                        ..Face::default()
                    }),
                    price: Some(Price {
                        unit_price: article.price(),
                        currency,
                        taxes: Vec::new(),
                    }),
                    trade: Some(Trade::default()),
                    archived: None,
                    sold_out: None,
                    add_codes: Vec::new(),
                    remove_codes: Vec::new(),
                });
            }
            let id = CommandId::from_number(self.id());
            self.till
                .submit(id, Command::PutItems { items })
                .map_err(refused)?
                .wait()
                .map_err(refused)?;
        }
        Ok(())
    }

    /// Carries one invoice out.
    pub fn sell(&mut self, invoice: &Invoice) -> Result<(), Failure> {
        self.turn_the_day(invoice.at_ms)?;
        for row in &invoice.rows {
            self.books.exact.add(row);
        }
        match invoice.act {
            Act::Sale => self.sale(invoice),
            Act::Refund => self.refund(invoice),
            Act::WriteOff => self.write_off(invoice),
            Act::Adjustment => self.adjust(invoice),
        }
    }

    /// Closes the shift when a new day begins: a shift is a cash box's day.
    fn turn_the_day(&mut self, at_ms: i64) -> Result<(), Failure> {
        let day = at_ms.div_euclid(86_400_000);
        if self.day == Some(day) {
            return Ok(());
        }
        if self.day.is_some() {
            self.close_shift()?;
        }
        self.day = Some(day);
        self.run(
            Command::OpenShift {
                cash_box: None,
                float: CashCount::amount(20_000),
            },
            at_ms,
        )?;
        Ok(())
    }

    fn close_shift(&mut self) -> Result<(), Failure> {
        self.settle(0)?;
        let Some(shift) = self.till.shift(None).map_err(refused)? else {
            return Ok(());
        };
        let at_ms = self.books.last_ms;
        let counted = CashCount::amount(shift.totals.expected_minor.max(0));
        self.run(
            Command::CloseShift {
                cash_box: None,
                counted,
                blind: false,
                note: None,
            },
            at_ms,
        )?;
        self.books.shifts += 1;
        Ok(())
    }

    fn draft(&self, row: &Row) -> LineDraft {
        let item = self
            .items
            .get(&row.sku)
            .map_or_else(|| ItemRef::Sku(row.sku.clone()), |id| ItemRef::Id(*id));
        let mut draft = LineDraft::of(item);
        draft.quantity = Some(row.quantity);
        if self.prices.get(&row.sku) != Some(&row.price) {
            draft.unit_price = Some(row.price);
            draft.reason = Some("price on the invoice".into());
        }
        draft
    }

    /// One `AddLines` and one tender; many sales share a commit.
    fn sale(&mut self, invoice: &Invoice) -> Result<(), Failure> {
        for row in &invoice.rows {
            self.books.count(
                if row.price.is_zero() {
                    RowKind::Gift
                } else {
                    RowKind::Sold
                },
                row,
            );
        }
        let cart = CartId::from_number(self.id());
        let lines = invoice.rows.iter().map(|row| self.draft(row)).collect();
        let id = CommandId::from_number(self.id());
        let add = self
            .till
            .submit_at(
                id,
                Command::AddLines {
                    cart,
                    lines,
                    approval: None,
                },
                invoice.at_ms,
            )
            .map_err(refused)?;
        // A tap that is refused leaves its tender refused too: the tender's answer tells both.
        drop(add);
        let tender = self.tender(cart, invoice);
        let id = CommandId::from_number(self.id());
        let pending = self.till.submit_at(id, tender, invoice.at_ms).map_err(refused)?;
        let customer = invoice
            .rows
            .first()
            .map(|row| row.customer.clone())
            .unwrap_or_default();
        self.in_flight.push_back(InFlight { pending, customer });
        self.books.last_ms = invoice.at_ms;
        self.settle(IN_FLIGHT)
    }

    fn tender(&self, cart: CartId, invoice: &Invoice) -> Command {
        let tender = tender_for(invoice);
        Command::Tender {
            cart,
            tender,
            amount_minor: None,
            given_minor: None,
            reference: None,
        }
    }

    /// Waits until at most `left` sales are in flight.
    fn settle(&mut self, left: usize) -> Result<(), Failure> {
        while self.in_flight.len() > left {
            let Some(InFlight { pending, customer }) = self.in_flight.pop_front() else {
                break;
            };
            let outcome = pending.wait().map_err(refused)?;
            if !outcome.durable {
                self.books
                    .problems
                    .push("a sale was answered before it was durable".into());
            }
            if let View::Sale(sale) = outcome.view {
                self.keep(&sale, &customer);
            }
        }
        Ok(())
    }

    /// Notes what a finished document did.
    fn keep(&mut self, sale: &Sale, customer: &str) {
        self.books.add_sale(sale);
        if customer.is_empty() {
            return;
        }
        for line in sale.lines.iter().filter(|line| line.quantity.is_positive()) {
            let sold = SoldLine {
                sale: sale.id,
                line: line.id,
                left: line.quantity,
            };
            self.links.sold(customer, &line.goods.sku, line.unit_price, sold);
        }
    }

    /// Goods come back: linked to the customer's own earlier purchase at the same price where there is one.
    fn refund(&mut self, invoice: &Invoice) -> Result<(), Failure> {
        self.settle(0)?;
        let cart = CartId::from_number(self.id());
        let mut unlinked = Vec::new();
        let mut linked: BTreeMap<SaleId, Vec<ReturnDraft>> = BTreeMap::new();
        for row in &invoice.rows {
            match self.links.take(row) {
                Some((sale, line)) => {
                    self.books.count(RowKind::RefundLinked, row);
                    push(linked.entry(sale).or_default(), line, row);
                }
                None => {
                    self.books.count(RowKind::RefundUnlinked, row);
                    unlinked.push(self.draft(row));
                }
            }
        }
        let reason = Some(format!("cancellation {}", invoice.number));
        for (sale, lines) in linked {
            self.run(
                Command::AddReturns {
                    cart,
                    sale,
                    lines,
                    reason: reason.clone(),
                },
                invoice.at_ms,
            )?;
        }
        if !unlinked.is_empty() {
            let approval = approval("no purchase was found for this cancellation");
            self.run(
                Command::AddLines {
                    cart,
                    lines: unlinked,
                    approval,
                },
                invoice.at_ms,
            )?;
        }
        let tender = self.tender(cart, invoice);
        self.books.last_ms = invoice.at_ms;
        if let View::Sale(sale) = self.run(tender, invoice.at_ms)? {
            self.books.add_sale(&sale);
        }
        Ok(())
    }

    fn write_off(&mut self, invoice: &Invoice) -> Result<(), Failure> {
        let mut lines = Vec::with_capacity(invoice.rows.len());
        let mut why = String::new();
        for row in &invoice.rows {
            self.books.count(RowKind::WriteOff, row);
            self.books.move_stock(&row.sku, row.quantity);
            if why.is_empty() {
                why = row.description.trim().into();
            }
            let item = ItemRef::Sku(row.sku.clone());
            lines.push(MovementLine {
                item,
                quantity: row.quantity.negated(),
            });
        }
        let reason = Some(if why.is_empty() { "written off".into() } else { why });
        let command = Command::MoveStock {
            location: None,
            movement: MovementKind::Waste,
            lines,
            reason,
        };
        self.run(command, invoice.at_ms)?;
        Ok(())
    }

    fn adjust(&mut self, invoice: &Invoice) -> Result<(), Failure> {
        for row in &invoice.rows {
            self.books.count(RowKind::Adjustment, row);
            let minor = Books::minor(row)?;
            // A positive row is a debt that came in after all, a negative one a debt given up.
            let (debit, credit) = match minor > 0 {
                true => (Account::Receivable, Account::BadDebt),
                false => (Account::BadDebt, Account::Receivable),
            };
            let approval = approval(&row.description);
            let command = Command::Adjust {
                debit,
                credit,
                amount_minor: minor.abs(),
                approval,
            };
            self.run(command, invoice.at_ms)?;
            self.books.adjusted_minor += minor;
        }
        Ok(())
    }

    /// Closes the last shift and compares the books with the store.
    pub fn finish(mut self) -> Result<Books, Failure> {
        self.close_shift()?;
        self.books.seconds = self.started.elapsed().as_secs_f64();
        self.books.compare(&self.till, &self.items)?;
        self.books.verify(&self.till)?;
        self.books.check_rows();
        Ok(self.books)
    }

    /// Carries an invoice out line by line instead, and returns the sale.
    pub fn sell_line_by_line(&mut self, invoice: &Invoice) -> Result<Option<Sale>, Failure> {
        let cart = CartId::from_number(self.id());
        for row in &invoice.rows {
            let lines = vec![self.draft(row)];
            self.run(
                Command::AddLines {
                    cart,
                    lines,
                    approval: None,
                },
                invoice.at_ms,
            )?;
        }
        self.finished(cart, invoice)
    }

    /// Carries an invoice out with one `AddLines`, and returns the sale.
    pub fn sell_at_once(&mut self, invoice: &Invoice) -> Result<Option<Sale>, Failure> {
        let cart = CartId::from_number(self.id());
        let lines = invoice.rows.iter().map(|row| self.draft(row)).collect();
        self.run(
            Command::AddLines {
                cart,
                lines,
                approval: None,
            },
            invoice.at_ms,
        )?;
        self.finished(cart, invoice)
    }

    fn finished(&mut self, cart: CartId, invoice: &Invoice) -> Result<Option<Sale>, Failure> {
        let tender = self.tender(cart, invoice);
        Ok(match self.run(tender, invoice.at_ms)? {
            View::Sale(sale) => Some(sale),
            _ => None,
        })
    }
}

/// Turns the till's refusal into the command's.
pub(super) fn refused(fault: TillError) -> Failure {
    place::failure(&fault)
}

/// Adds a return to a list; two rows for the same sold line are one return.
fn push(lines: &mut Vec<ReturnDraft>, line: LineId, row: &Row) {
    let quantity = row.quantity.negated();
    if let Some(known) = lines.iter_mut().find(|known| known.line == line)
        && let Some(Ok(sum)) = known.quantity.map(|known| known.checked_add(quantity))
    {
        known.quantity = Some(sum);
        return;
    }
    lines.push(ReturnDraft {
        line,
        quantity: Some(quantity),
        resaleable: None,
    });
}

fn approval(reason: &str) -> Option<Approval> {
    Some(Approval {
        by: "owner".into(),
        reason: reason.into(),
    })
}

/// Small invoices are paid in cash, large ones and all refunds by card.
fn tender_for(invoice: &Invoice) -> TenderId {
    let total: i64 = invoice.rows.iter().filter_map(|row| Books::minor(row).ok()).sum();
    if (0..=CASH_UP_TO).contains(&total) {
        CASH
    } else {
        CARD_TERMINAL
    }
}
