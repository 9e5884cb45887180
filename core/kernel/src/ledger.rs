//! The ledger: double entry in minor units. Debits are positive, credits negative, and every set of
//! postings sums to zero.

use crate::rejection::Rejection;
use barrow_log::id::{CashBoxId, TaxId, TenderId};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Names an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Cash that lies in one cash box (asset).
    #[n(0)]
    CashBox(#[n(0)] CashBoxId),
    /// What another kind of tender owes the shop until it arrives: card, voucher, transfer (asset).
    #[n(1)]
    Tender(#[n(0)] TenderId),
    /// Cash outside the boxes: safe, bank, the owner's pocket (asset).
    #[n(2)]
    Safe,
    /// Sales without tax, by report group of the tax (income).
    #[n(3)]
    Sales(#[n(0)] String),
    /// Tax collected for the state (liability).
    #[n(4)]
    Tax(#[n(0)] TaxId),
    /// Deposits taken on bottles, cups and crates (liability).
    #[n(5)]
    Deposits,
    /// Payments on carts that are still open (liability).
    #[n(6)]
    PartPayments,
    /// Differences from rounding cash.
    #[n(7)]
    Rounding,
    /// Differences between counted and expected cash.
    #[n(8)]
    OverShort,
    /// Money paid into a box for another reason than a sale, by reason account (income or liability).
    #[n(9)]
    PaidIn(#[n(0)] String),
    /// Money paid out of a box, by reason account: pitch fee, petty cash (expense).
    #[n(10)]
    PaidOut(#[n(0)] String),
    /// What customers owe on account (asset).
    #[n(11)]
    Receivable,
    /// Debts given up, or recovered (expense).
    #[n(12)]
    BadDebt,
    /// Tips held for staff (liability).
    #[n(13)]
    Tips,
    /// Gift cards sold and not yet spent (liability).
    #[n(14)]
    GiftCards,
    /// Store credit given and not yet spent (liability).
    #[n(15)]
    StoreCredit,
}

impl Account {
    /// Returns the name that reports show.
    pub fn label(&self) -> String {
        match self {
            Self::CashBox(_) => "Cash box".into(),
            Self::Tender(_) => "Tender".into(),
            Self::Safe => "Safe".into(),
            Self::Sales(group) => format!("Sales {group}"),
            Self::Tax(_) => "Tax".into(),
            Self::Deposits => "Deposits held".into(),
            Self::PartPayments => "Part payments".into(),
            Self::Rounding => "Cash rounding".into(),
            Self::OverShort => "Over and short".into(),
            Self::PaidIn(reason) => format!("Paid in: {reason}"),
            Self::PaidOut(reason) => format!("Paid out: {reason}"),
            Self::Receivable => "Receivable".into(),
            Self::BadDebt => "Bad debt".into(),
            Self::Tips => "Tips".into(),
            Self::GiftCards => "Gift cards".into(),
            Self::StoreCredit => "Store credit".into(),
        }
    }
}

/// One side of an entry: a positive amount is a debit, a negative one a credit, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Posting {
    /// Names the account.
    #[n(0)]
    pub account: Account,
    /// Gives the amount in minor units; debit positive, credit negative.
    #[n(1)]
    pub amount_minor: i64,
}

/// Collects postings, adding up those of one account and leaving out what is zero.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    postings: Vec<(Account, i128)>,
}

impl Entry {
    /// Adds a debit (or, when negative, a credit) in minor units.
    pub fn debit(&mut self, account: Account, amount_minor: i64) -> &mut Self {
        self.add(account, i128::from(amount_minor))
    }

    /// Adds a credit in minor units.
    pub fn credit(&mut self, account: Account, amount_minor: i64) -> &mut Self {
        self.add(account, -i128::from(amount_minor))
    }

    fn add(&mut self, account: Account, amount: i128) -> &mut Self {
        match self.postings.iter_mut().find(|(known, _)| *known == account) {
            Some((_, sum)) => *sum += amount,
            None => self.postings.push((account, amount)),
        }
        self
    }

    /// Returns the postings.
    ///
    /// # Errors
    /// When an amount leaves 64 bits, which only figures from elsewhere that nobody would book can cause.
    ///
    /// # Panics
    /// When debits and credits differ: that is a fault of the kernel, and no such entry may be written.
    pub fn close(self) -> Result<Vec<Posting>, Rejection> {
        let sum: i128 = self.postings.iter().map(|(_, amount)| amount).sum();
        assert!(sum == 0, "debits and credits differ: {:?}", self.postings);
        let posting = |(account, amount)| {
            i64::try_from(amount)
                .map(|amount_minor| Posting {
                    account,
                    amount_minor,
                })
                .map_err(|_| Rejection::range("amount", amount, "it is too large for the ledger"))
        };
        let postings = self.postings.into_iter().filter(|(_, amount)| *amount != 0);
        postings.map(posting).collect()
    }
}

/// Tells whether debits equal credits.
pub fn balanced(postings: &[Posting]) -> bool {
    postings
        .iter()
        .map(|posting| i128::from(posting.amount_minor))
        .sum::<i128>()
        == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_adds_up_by_account_and_drops_zeros() {
        let mut entry = Entry::default();
        entry
            .debit(Account::Safe, 5)
            .debit(Account::Safe, 3)
            .credit(Account::Rounding, 8)
            .debit(Account::Tips, 0);
        let postings = entry.close().unwrap();
        assert_eq!(postings.len(), 2);
        assert!(balanced(&postings));
    }

    #[test]
    #[should_panic(expected = "debits and credits differ")]
    fn an_entry_that_does_not_balance_is_a_fault() {
        let mut entry = Entry::default();
        entry.debit(Account::Safe, 5);
        let _ = entry.close();
    }
}
