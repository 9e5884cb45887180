//! The same invoices at once and line by line: the results must be equal.

use super::books::Books;
use super::invoice::Act;
use super::seller::Seller;
use super::source::{Catalogue, Source};
use crate::output::Failure;
use barrow_kernel::sale::Sale;
use barrow_till::Till;

/// Sells the first `count` sales twice in a shop of their own and notes every difference.
pub fn compare(
    till: Till,
    catalogue: &Catalogue,
    source: Source,
    count: usize,
    books: &mut Books,
) -> Result<(), Failure> {
    let mut seller = Seller::new(till, catalogue)?;
    let mut invoices = catalogue.invoices(source);
    while books.twice < count
        && let Some(invoice) = invoices.next()?
    {
        if invoice.act != Act::Sale {
            continue;
        }
        let one = seller.sell_at_once(&invoice)?;
        let two = seller.sell_line_by_line(&invoice)?;
        if differ(one, two) {
            books.problems.push(format!(
                "invoice {} differs when it is sold line by line",
                invoice.number
            ));
        }
        books.twice += 1;
    }
    Ok(())
}

/// Tells whether two sales of one invoice differ in anything but their ids, numbers and running sums.
fn differ(one: Option<Sale>, two: Option<Sale>) -> bool {
    let (Some(one), Some(mut two)) = (one, two) else {
        return true;
    };
    two.id = one.id;
    two.cart = one.cart;
    two.number = one.number.clone();
    two.perpetual_minor = one.perpetual_minor;
    for (payment, first) in two.payments.iter_mut().zip(&one.payments) {
        payment.id = first.id;
    }
    one != two
}
