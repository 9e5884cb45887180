//! A cart priced: the kernel's figures under the caller's ids.

use super::answer::{self, ExactLine, ExactTax, LineTax, Payment, Pieces, Quote, Terms};
use super::request::{Basket, Line, Reduction, TEXT_CHARS, Tender};
use super::taxes::Taxes;
use super::value::{Minor, Object};
use crate::output::Failure;
use barrow_kernel::cash::{CashDue, CashRounding, cash_due, change_suggestions, make_change};
use barrow_kernel::catalogue::TenderClass;
use barrow_kernel::country::{self, CountryPack};
use barrow_kernel::limits;
use barrow_kernel::money::Currency;
use barrow_kernel::price::{self, Discount, LineInput, PriceError, PricePolicy, Priced, PricedLine};
use barrow_kernel::quantity::UnitPrice;
use barrow_kernel::tax::{Tax, adapt_price};
use barrow_kernel::tender::cover;

/// Prices a cart and works out its tenders.
pub fn quote(basket: &Basket) -> Result<Quote, Failure> {
    let pack = find_pack(basket.country.as_deref())?;
    let terms = terms(basket, pack)?;
    let taxes = Taxes::new(&basket.taxes, pack)?;
    let policy = PricePolicy {
        tax_policy: terms.tax_policy,
        rounding: terms.rounding,
        tax_rounding: terms.tax_rounding,
    };
    let goods = prepare(basket, &taxes, &terms)?;
    let inputs: Vec<LineInput<'_>> = goods.iter().map(Goods::input).collect();
    let cart: Vec<Discount> = basket.discounts.iter().map(|given| discount(given)).collect();
    let priced = price::price(terms.currency, &policy, &inputs, &cart).map_err(|fault| refusal(&fault))?;
    let exact = if basket.exact {
        price::exact_lines(terms.currency, &policy, &inputs, &cart).map_err(|fault| refusal(&fault))?
    } else {
        Vec::new()
    };
    let mut exact = exact.into_iter();
    let lines = goods.iter().zip(&priced.lines);
    let lines = lines.map(|(goods, priced)| show_line(goods, priced, exact.next(), &taxes));
    let lines = lines.collect();
    settle(basket, terms, lines, &priced, &taxes)
}

fn find_pack(code: Option<&str>) -> Result<Option<&'static CountryPack>, Failure> {
    let Some(code) = code else { return Ok(None) };
    let pack = country::pack(code).ok_or_else(|| {
        let known: Vec<&str> = country::all().iter().map(|pack| pack.code.as_str()).collect();
        let message = format!(
            "There is no country pack of this code. Known: {}.",
            known.join(", ")
        );
        Failure::field("country", message)
    })?;
    Ok(Some(pack))
}

/// Fills in what the document leaves to its country, or to the defaults of every shop.
fn terms(basket: &Basket, pack: Option<&CountryPack>) -> Result<Terms, Failure> {
    let Some(currency) = basket.currency.or(pack.map(|pack| pack.currency)) else {
        return Err(Failure::field(
            "currency",
            "Name a currency such as EUR, or a country that has one.",
        ));
    };
    // Coins and their rounding belong to a currency, not to a place.
    let coins = pack.filter(|pack| pack.currency == currency);
    let cash_rounding = match &basket.cash_rounding {
        Some(rule) => Some(rule.rule("cash_rounding")?),
        None => coins.and_then(|pack| pack.cash_rounding),
    };
    let denominations = match (&basket.denominations, coins) {
        (Some(own), _) => own_denominations(own, "denominations")?,
        (None, Some(pack)) => pack.denominations.clone(),
        (None, None) => country::generic(currency).denominations,
    };
    Ok(Terms {
        currency,
        digits: currency.digits,
        tax_policy: basket
            .tax_policy
            .or(pack.map(|pack| pack.tax_policy))
            .unwrap_or_default(),
        rounding: basket.rounding,
        tax_rounding: basket.tax_rounding,
        cash_rounding,
        denominations,
    })
}

/// Checks a list of coins and notes.
pub fn own_denominations(own: &[Minor], field: &str) -> Result<Vec<i64>, Failure> {
    if own.len() > limits::SETTINGS {
        let message = format!("There are at most {} coins and notes.", limits::SETTINGS);
        return Err(Failure::field(field, message));
    }
    if let Some(place) = own.iter().position(|piece| piece.0 < 1) {
        let message = "A coin or note is worth 1 minor unit or more.";
        return Err(Failure::field(format!("{field}[{place}]"), message));
    }
    Ok(own.iter().map(|piece| piece.0).collect())
}

/// A line ready to price.
struct Goods<'a> {
    line: &'a Line,
    unit_price: UnitPrice,
    discounts: Vec<Discount>,
    taxes: Vec<Tax>,
    discountable: bool,
}

impl Goods<'_> {
    fn input(&self) -> LineInput<'_> {
        LineInput {
            quantity: self.line.quantity,
            unit_price: self.unit_price,
            amount_minor: self.line.amount_minor.map(|amount| amount.0),
            offer_minor: self.line.offer_minor.map_or(0, |offer| offer.0),
            discounts: &self.discounts,
            taxes: &self.taxes,
            discountable: self.discountable,
        }
    }
}

const fn discount(given: &Reduction) -> Discount {
    match given {
        Reduction::Percent(rate) => Discount::Percent(*rate),
        Reduction::AmountMinor(minor) => Discount::Amount(minor.0),
    }
}

/// Checks the lines, finds their taxes and switches those that are to be switched.
fn prepare<'a>(basket: &'a Basket, taxes: &Taxes, terms: &Terms) -> Result<Vec<Goods<'a>>, Failure> {
    if basket.lines.len() > price::MAX_LINES {
        let message = format!("A document has at most {} lines.", price::MAX_LINES);
        return Err(Failure::field("lines", message));
    }
    let switch = basket.switch.as_ref().map(|switch| {
        let from = taxes.find(&switch.from, "switch.from")?;
        let to = taxes.find(&switch.to, "switch.to")?;
        let mut ids: Vec<&str> = switch.from.iter().map(String::as_str).collect();
        ids.sort_unstable();
        Ok::<_, Failure>((ids, from, to))
    });
    let switch = switch.transpose()?;
    let prepare = |(place, line): (usize, &'a Object<Line>)| {
        check_line(line, place)?;
        let mut goods = Goods {
            line,
            unit_price: line.unit_price.unwrap_or_default(),
            discounts: line.discounts.iter().map(|given| discount(given)).collect(),
            taxes: taxes.find(&line.taxes, &format!("lines[{place}].taxes"))?,
            discountable: line.discountable.unwrap_or(!line.deposit),
        };
        if let Some((ids, from, to)) = &switch {
            let mut own: Vec<&str> = line.taxes.iter().map(String::as_str).collect();
            own.sort_unstable();
            if own == *ids {
                goods.unit_price = adapt_price(goods.unit_price, from, to, terms.digits, terms.rounding)
                    .map_err(|fault| {
                        Failure::field(format!("lines[{place}].unit_price"), fault.to_string())
                    })?;
                goods.taxes.clone_from(to);
            }
        }
        Ok(goods)
    };
    basket.lines.iter().enumerate().map(prepare).collect()
}

fn check_line(line: &Line, place: usize) -> Result<(), Failure> {
    let field = |name: &str| format!("lines[{place}].{name}");
    for (name, text) in [("id", &line.id), ("name", &line.name)] {
        if text
            .as_ref()
            .is_some_and(|text| text.chars().count() > TEXT_CHARS)
        {
            let message = format!("A text has at most {TEXT_CHARS} characters.");
            return Err(Failure::field(field(name), message));
        }
    }
    if line.unit_price.is_none() && line.amount_minor.is_none() {
        return Err(Failure::field(
            field("unit_price"),
            "A line has a unit price, or an amount that is the fact.",
        ));
    }
    if line.deposit && line.discountable == Some(true) {
        return Err(Failure::field(
            field("discountable"),
            "A deposit is never discounted: leave \"discountable\" out.",
        ));
    }
    Ok(())
}

/// Says which line or discount the kernel refused.
fn refusal(fault: &PriceError) -> Failure {
    let line = |line: &Option<usize>, rest: &str| match line {
        Some(place) => format!("lines[{place}]{rest}"),
        None => rest.trim_start_matches('.').to_owned(),
    };
    let field = match fault {
        PriceError::TooManyLines => "lines".to_owned(),
        PriceError::Currency => "currency".to_owned(),
        PriceError::TooManyDiscounts { line: at } | PriceError::Discount { line: at } => {
            line(at, ".discounts")
        }
        PriceError::Offer { line: at } => line(&Some(*at), ".offer_minor"),
        PriceError::Tax { line: at, .. } => line(&Some(*at), ".taxes"),
        PriceError::Rounding { line: at, .. } => line(at, ""),
    };
    let message = fault.to_string();
    if field.is_empty() {
        Failure::invalid(message)
    } else {
        Failure::field(field, message)
    }
}

/// Shows a line with its figures.
fn show_line(
    goods: &Goods<'_>,
    priced: &PricedLine,
    exact: Option<price::ExactLine>,
    taxes: &Taxes,
) -> answer::Line {
    let mut exacts = exact
        .as_ref()
        .map(|exact| exact.taxes.iter())
        .into_iter()
        .flatten();
    let show_tax = |tax: &price::LineTax| LineTax {
        tax: taxes.name(tax.tax).to_owned(),
        base_minor: tax.base_minor,
        amount_minor: tax.amount_minor,
        exact: exacts.next().map(|exact| ExactTax {
            base_exact: exact.base,
            amount_exact: exact.amount,
        }),
    };
    let shown = priced.taxes.iter().map(show_tax).collect();
    answer::Line {
        id: goods.line.id.clone(),
        name: goods.line.name.clone(),
        quantity: goods.line.quantity,
        unit_price: goods.unit_price,
        extended_minor: priced.extended_minor,
        offer_minor: priced.offer_minor,
        line_percent_minor: priced.line_percent_minor,
        cart_percent_minor: priced.cart_percent_minor,
        line_amount_minor: priced.line_amount_minor,
        cart_amount_minor: priced.cart_amount_minor,
        net_minor: priced.net_minor,
        base_minor: priced.base_minor,
        tax_minor: priced.tax_minor,
        total_minor: priced.total_minor,
        exact: exact.as_ref().map(|exact| ExactLine {
            net_exact: exact.net,
            base_exact: exact.base,
            tax_exact: exact.tax,
            total_exact: exact.total,
        }),
        taxes: shown,
    }
}

/// Takes the tenders in order and puts the answer together.
fn settle(
    basket: &Basket,
    terms: Terms,
    lines: Vec<answer::Line>,
    priced: &Priced,
    taxes: &Taxes,
) -> Result<Quote, Failure> {
    let rule = terms.cash_rounding;
    let (payments, open_minor) = pay(&basket.tenders, priced.total_minor, rule.as_ref())?;
    let change_minor = payments.last().map_or(0, |last| last.change_minor);
    let open_cash_due = due(open_minor, rule.as_ref(), terms.currency)?;
    let pieces = make_change(change_minor, &terms.denominations).into_iter();
    let total = |total: &price::TaxTotal| answer::TaxTotal {
        tax: taxes.name(total.tax).to_owned(),
        name: total.name.clone(),
        group: total.group.clone(),
        class: total.class,
        rate: total.rate,
        base_minor: total.base_minor,
        amount_minor: total.amount_minor,
    };
    Ok(Quote {
        lines,
        taxes: priced.taxes.iter().map(total).collect(),
        discount_minor: priced.discount_minor,
        base_minor: priced.base_minor,
        tax_minor: priced.tax_minor,
        total_minor: priced.total_minor,
        cash_due: due(priced.total_minor, rule.as_ref(), terms.currency)?,
        payments,
        change_minor,
        change_pieces: pieces
            .map(|(denomination_minor, count)| Pieces {
                denomination_minor,
                count,
            })
            .collect(),
        open_minor,
        suggestions_minor: change_suggestions(open_cash_due.rounded_minor, &terms.denominations),
        open_cash_due,
        terms,
    })
}

/// Works out what is due in cash, rounded to the smallest unit where no rule rounds it further.
fn due(minor: i64, rule: Option<&CashRounding>, currency: Currency) -> Result<CashDue, Failure> {
    let Some(rule) = rule else {
        return Ok(CashDue {
            exact_minor: minor,
            rounded_minor: minor,
            difference_minor: 0,
        });
    };
    cash_due(minor, rule).map_err(|fault| {
        let message = format!(
            "{} in {currency} can't be rounded for cash: {fault}.",
            currency.format(minor)
        );
        Failure::field("cash_rounding", message)
    })
}

/// Takes the tenders in order, each from what the one before left open.
fn pay(
    tenders: &[Object<Tender>],
    total: i64,
    rule: Option<&CashRounding>,
) -> Result<(Vec<Payment>, i64), Failure> {
    if tenders.len() > limits::PAYMENTS {
        let message = format!("A cart has at most {} payments.", limits::PAYMENTS);
        return Err(Failure::field("tenders", message));
    }
    let mut open = total;
    let mut payments = Vec::with_capacity(tenders.len());
    for (place, tender) in tenders.iter().enumerate() {
        let at = |message: String| Failure::field(format!("tenders[{place}]"), message);
        if place > 0 && open == 0 {
            return Err(at("Everything is paid already: leave this tender out.".to_owned()));
        }
        let (name, class, amount, given) = match &**tender {
            Tender::Cash(cash) => ("Cash", TenderClass::Cash, cash.amount_minor, cash.given_minor),
            Tender::Custom(custom) => (
                custom.name.as_str(),
                TenderClass::Custom,
                custom.amount_minor,
                None,
            ),
        };
        if name.is_empty() || name.chars().count() > TEXT_CHARS {
            return Err(at(format!(
                "The name of a tender has 1 to {TEXT_CHARS} characters."
            )));
        }
        let minor = |amount: Option<Minor>| amount.map(|amount| amount.0);
        let covered =
            cover(class, open, rule, minor(amount), minor(given)).map_err(|why| at(why.to_string()))?;
        open = open
            .checked_sub(covered.amount_minor)
            .ok_or_else(|| at("The amount is too large.".to_owned()))?;
        payments.push(Payment {
            name: name.to_owned(),
            amount_minor: covered.amount_minor,
            rounding_minor: covered.rounding_minor,
            given_minor: covered.given_minor,
            change_minor: covered.change_minor,
        });
    }
    Ok((payments, open))
}
