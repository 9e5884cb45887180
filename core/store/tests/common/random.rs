//! Random commands, read from a few words of chance.

use super::*;
use barrow_kernel::approval::Approval;
use barrow_kernel::cart::GivenDiscount;
use barrow_kernel::ledger::Account;
use barrow_kernel::price::Discount;
use barrow_kernel::shift::CashCount;
use barrow_kernel::stock::{CountLine, MovementKind, MovementLine};

/// Makes a command from a few words of chance; many of them are rejected.
pub fn random_command(till: &mut Till, words: [u32; 4]) -> Command {
    let [kind, a, b, c] = words.map(|word| word as usize);
    let carts: Vec<CartId> = till.state.carts.keys().copied().collect();
    let fresh = CartId::from_number(till.fresh());
    let cart = carts.get(a % (carts.len() + 1)).copied().unwrap_or(fresh);
    let known = carts.get(a % carts.len().max(1)).copied().unwrap_or(fresh);
    let number = 1 + (b % 6) as u128;
    let quantity = qty(["1", "2", "0.5", "-1", "12", "3.125"][c % 6]);
    let sale = till.sales.get(a % till.sales.len().max(1)).copied();
    let approval = Some(Approval {
        by: "Ada".into(),
        reason: "regular".into(),
    });
    let lines = |count: usize| {
        let line = |index: usize| LineDraft {
            quantity: Some(if index == 0 { quantity } else { Quantity::ONE }),
            merge: c.is_multiple_of(2),
            ..LineDraft::of(ItemRef::Id(item(1 + ((b + index) % 6) as u128)))
        };
        (0..count).map(line).collect()
    };
    match kind % 22 {
        0..=4 => Command::AddLines {
            cart,
            lines: lines(1 + c % 3),
            approval,
        },
        5..=7 => pay(known, if b.is_multiple_of(3) { VOUCHER } else { CASH }, None),
        8 => pay(known, VOUCHER, Some(1 + (c % 300) as i64)),
        9 => Command::VoidCart {
            cart: known,
            reason: None,
        },
        10 => Command::PutItems {
            items: vec![draft(number, ["Bun", "Cake", "Tea"][c % 3], "2.00")],
        },
        11 => Command::PutItems {
            items: vec![ItemDraft {
                archived: Some(a.is_multiple_of(2)),
                sold_out: Some(c.is_multiple_of(2)),
                add_codes: vec![format!("X{}", c % 5)],
                remove_codes: vec![format!("X{}", a % 5)],
                ..change(number)
            }],
        },
        12 => Command::OpenShift {
            cash_box: None,
            float: CashCount::amount(5_000),
        },
        13 => Command::CloseShift {
            cash_box: None,
            counted: CashCount::amount((c % 9_000) as i64),
            blind: false,
            note: None,
        },
        14 => Command::PayIn {
            cash_box: None,
            amount_minor: 1 + (c % 900) as i64,
            reason: "change".into(),
        },
        15 => Command::MoveStock {
            location: b.is_multiple_of(2).then_some(VAN),
            movement: MovementKind::Delivery,
            lines: vec![MovementLine {
                item: ItemRef::Id(item(number)),
                quantity: qty("24"),
            }],
            reason: None,
        },
        16 => Command::CountStock {
            location: None,
            lines: vec![CountLine {
                item: ItemRef::Id(item(number)),
                counted: qty(["0", "7", "3.5"][c % 3]),
            }],
        },
        17 | 18 => Command::AddReturns {
            cart,
            sale: sale.unwrap_or_default(),
            lines: Vec::new(),
            reason: None,
        },
        19 => Command::Park {
            cart: known,
            name: Some("Kim".into()),
        },
        20 => Command::DiscountCart {
            cart: known,
            discounts: vec![GivenDiscount {
                discount: Discount::Amount(50),
                reason: None,
            }],
        },
        _ => Command::Adjust {
            debit: Account::BadDebt,
            credit: Account::Receivable,
            amount_minor: 1 + (c % 500) as i64,
            approval,
        },
    }
}
