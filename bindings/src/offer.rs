//! What might be sold next: quotes, parts of a total, goods without a tile, the same once more.

use crate::error::TillError;
use crate::till::Till;
use crate::types::*;

#[uniffi::export]
impl Till {
    /// Works out what a line would come to, with nothing changed; rejected for what adding it would be.
    pub async fn quote(&self, line: LineDraft) -> Result<Quote, TillError> {
        self.ask(move |core| core.quote(&line)).await
    }

    /// Splits what is left of an open cart into equal parts in minor units, which sum to it.
    pub async fn split(&self, cart: CartId, parts: u32) -> Result<Vec<i64>, TillError> {
        self.ask(move |core| core.split(&cart, parts)).await
    }

    /// Tells what comes back of cash for what is left, or for a part of it in minor units, and what stays open.
    pub async fn cash_given(
        &self,
        cart: CartId,
        part_minor: Option<i64>,
        given_minor: i64,
    ) -> Result<CashGiven, TillError> {
        self.ask(move |core| core.cash_given(&cart, part_minor, given_minor))
            .await
    }

    /// Returns the item that a typed price without a tile sells, with what makes it where the shop has none yet; `name`
    /// is what a new one is called.
    pub async fn price_item(&self, name: String) -> Result<PriceItem, TillError> {
        self.ask(move |core| core.price_item(&name)).await
    }

    /// Lists what sells the goods of a finished sale once more, at today's prices.
    pub async fn same_again(&self, sale: SaleId) -> Result<Vec<LineDraft>, TillError> {
        self.ask(move |core| core.same_again(&sale)).await
    }
}
