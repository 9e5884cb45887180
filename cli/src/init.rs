//! `barrow init`: founds a shop. A name and a country are enough.

use crate::Frame;
use crate::output::{Exit, Failure, print};
use crate::place;
use crate::shop::Shop;
use barrow_kernel::country::{self, CountryPack};
use barrow_kernel::limits;
use barrow_kernel::money::Currency;
use barrow_store::Options;
use barrow_till::Till;
use barrow_till::goods::sample;
use barrow_till::setup::Setup;
use serde::Serialize;
use std::io::{BufRead, IsTerminal, Write};

/// Gives the name of a shop whose owner gave none.
const NAME: &str = "My stall";
/// Limits a typed answer.
const ANSWER_BYTES: u64 = 4 << 10;
/// Lists the recovery words in so many columns.
const WORD_COLUMNS: usize = 4;

/// Found a shop: its name and country are enough
#[derive(clap::Args)]
pub struct Args {
    /// The shop's name, first line of every receipt
    #[arg(long)]
    name: Option<String>,
    /// The country (two letters): it brings taxes, cash rounding, coins and scale labels
    #[arg(long, value_name = "CC")]
    country: Option<String>,
    /// The currency, where it is not the country's
    #[arg(long, value_name = "CUR")]
    currency: Option<String>,
    /// This till's name
    #[arg(long, value_name = "NAME")]
    till: Option<String>,
    /// What shop time is ahead of UTC, like +01:00 [default: this machine's]
    #[arg(long, value_name = "+HH:MM", allow_hyphen_values = true)]
    utc_offset: Option<String>,
    /// Fill it with the sample stall: 60 goods to try things with
    #[arg(long)]
    sample: bool,
    /// Ask nothing; take what is usual
    #[arg(long)]
    yes: bool,
}

/// What was founded.
#[derive(Serialize)]
struct Founded<'a> {
    name: &'a str,
    country: &'a str,
    currency: Currency,
    folder: String,
    keys: String,
    series: String,
    items: u64,
    recovery_words: Vec<&'static str>,
}

/// Founds a shop.
///
/// # Errors
/// When there is one already, a value is missing or wrong, or the folder can't be written.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    if place::holds_shop(&frame.folder) {
        let place = frame.folder.display();
        return Err(Failure::invalid(format!(
            "There is a shop in {place} already; nothing was changed. Sell with: barrow till. For another shop name \
             another folder: --folder DIR"
        )));
    }
    let setup = setup(args, frame)?;
    let pack = setup
        .pack()
        .map_err(|fault| Failure::field("country", fault.to_string()))?;
    let till = Till::found(&frame.folder, &setup, place::ports(), &Options::default());
    let shop = Shop::new(till.map_err(|fault| place::failure(&fault))?)?;
    let items = if args.sample {
        sample::load(shop.till())?
    } else {
        0
    };
    let words = shop
        .till()
        .organisation_key()
        .map(|key| key.words())
        .unwrap_or_default();
    let founded = Founded {
        name: &setup.name,
        country: &setup.country,
        currency: pack.currency,
        folder: frame.folder.display().to_string(),
        keys: place::keys().display().to_string(),
        series: "A".into(),
        items,
        recovery_words: words,
    };
    frame.output.answer(&founded, || text(&founded, &pack))?;
    Ok(Exit::Done)
}

/// Collects what is needed, asking for what is missing when somebody can answer.
fn setup(args: &Args, frame: &Frame) -> Result<Setup, Failure> {
    let asks = !args.yes && !args.sample && !frame.output.is_json() && std::io::stdin().is_terminal();
    let usual = |value: &str| args.sample.then(|| value.to_owned());
    let name = match args.name.clone().or_else(|| usual(sample::NAME)) {
        Some(name) => name,
        None if asks => ask("What is your shop called?", NAME)?,
        None if args.yes => NAME.into(),
        None => return Err(missing("--name \"My stall\"")),
    };
    let guess = country_of_language();
    let country = match args.country.clone().or_else(|| usual(sample::COUNTRY)) {
        Some(country) => country,
        None if asks => ask(
            "In which country do you sell? (two letters)",
            guess.as_deref().unwrap_or("DE"),
        )?,
        None => match guess.filter(|_| args.yes) {
            Some(country) => country,
            None => return Err(missing("--country DE")),
        },
    };
    let country = country.trim().to_uppercase();
    if country.len() != 2 || !country.bytes().all(|sign| sign.is_ascii_uppercase()) {
        return Err(Failure::field(
            "country",
            format!("{country} is not a country: write two letters, like DE."),
        ));
    }
    let unknown = country::pack(&country).is_none();
    let currency = match &args.currency {
        None if unknown && asks => Some(ask("In which currency? (three letters)", "EUR")?),
        currency => currency.clone(),
    };
    let currency = currency.map(|code| code.trim().to_uppercase());
    if let Some(code) = &currency {
        Currency::iso(code).map_err(|fault| Failure::field("currency", format!("{fault}.")))?;
    }
    let name = name.trim().to_owned();
    let plain = !name.is_empty() && !name.chars().any(char::is_control);
    if !plain || name.chars().count() > limits::NAME_CHARS as usize {
        let limit = limits::NAME_CHARS;
        return Err(Failure::field(
            "name",
            format!("A shop's name is plain text of 1 to {limit} characters."),
        ));
    }
    Ok(Setup {
        name,
        country,
        currency,
        till: args.till.clone(),
        utc_offset_minutes: args
            .utc_offset
            .as_deref()
            .map_or_else(|| Ok(machine_offset()), offset)?,
        language: None,
    })
}

fn missing(option: &str) -> Failure {
    Failure::new(
        Exit::Usage,
        format!("Nobody can be asked here. Add {option}, or --yes for what is usual."),
    )
}

fn ask(question: &str, usual: &str) -> Result<String, Failure> {
    print(&format!("{question} [{usual}] "))?;
    std::io::stdout().flush().map_err(crate::output::unwritten)?;
    let mut line = String::new();
    let unread = |fault: std::io::Error| Failure::invalid(format!("The answer can't be read: {fault}."));
    std::io::Read::take(std::io::stdin().lock(), ANSWER_BYTES)
        .read_line(&mut line)
        .map_err(unread)?;
    let line = line.trim();
    Ok(if line.is_empty() {
        usual.to_owned()
    } else {
        line.to_owned()
    })
}

/// Reads the country out of the language of the machine: "de_AT.UTF-8" is AT.
fn country_of_language() -> Option<String> {
    let language = ["LC_ALL", "LC_MONETARY", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))?;
    let country = language.split(['_', '.']).nth(1)?.to_uppercase();
    country::pack(&country).map(|pack| pack.code.clone())
}

/// Reads "+01:00", "-0330", "Z".
fn offset(text: &str) -> Result<i32, Failure> {
    let wrong = || {
        Failure::field(
            "utc-offset",
            format!("{text} is not an offset: write it like +01:00."),
        )
    };
    if text.eq_ignore_ascii_case("z") {
        return Ok(0);
    }
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        _ => return Err(wrong()),
    };
    let digits = digits.replace(':', "");
    if digits.len() != 4 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(wrong());
    }
    let number: i32 = digits.parse().map_err(|_| wrong())?;
    let (hours, minutes) = (number / 100, number % 100);
    if hours > 14 || minutes > 59 {
        return Err(wrong());
    }
    Ok(sign * (hours * 60 + minutes))
}

/// Asks the machine for its present offset; 0 where it does not tell.
fn machine_offset() -> i32 {
    let told = std::process::Command::new("date").arg("+%z").output().ok();
    told.and_then(|told| offset(String::from_utf8(told.stdout).ok()?.trim()).ok())
        .unwrap_or(0)
}

fn text(founded: &Founded<'_>, pack: &CountryPack) -> String {
    let prices = if pack.prices_include_tax {
        "with tax"
    } else {
        "without tax"
    };
    let mut out = format!(
        "{} is ready: prices in {} {prices}.",
        founded.name, founded.currency
    );
    if founded.items > 0 {
        out.push_str(&format!(" {} goods are on it.", founded.items));
    }
    out.push_str(&format!(
        "\nIts data lie in {}, its secrets in {}.\n",
        founded.folder, founded.keys
    ));
    if !pack.name.is_empty() && !pack.code.is_empty() {
        out.push_str(&format!(
            "{}: {} Rates are examples: have them checked.\n",
            pack.name, pack.status
        ));
    }
    out.push('\n');
    out.push_str(&frame_of(&founded.recovery_words));
    out.push_str(
        "With these words a backup opens on another device. Without them, or a passphrase, nobody can open it.\n\n\
         Next:\n  barrow till                     sell\n",
    );
    if founded.items == 0 {
        out.push_str("  barrow import items FILE.csv    bring your goods\n");
    }
    out.push_str("  barrow backup FOLDER --words    a copy in a safe place\n");
    out
}

/// Frames the recovery words so that they can be written down.
fn frame_of(words: &[&str]) -> String {
    let rows = words.len().div_ceil(WORD_COLUMNS);
    let cell = |at: usize| match words.get(at) {
        Some(word) => format!("{:>2} {word:<12}", at + 1),
        None => " ".repeat(15),
    };
    let width = WORD_COLUMNS * 15 + 2;
    let title = " Write these words down, on paper. They are shown once. ";
    let mut out = format!(
        "┌─{title}{}┐\n",
        "─".repeat(width.saturating_sub(title.len() + 1))
    );
    for row in 0..rows {
        let cells: Vec<String> = (0..WORD_COLUMNS)
            .map(|column| cell(row + column * rows))
            .collect();
        out.push_str(&format!("│  {}│\n", cells.concat()));
    }
    out + &format!("└{}┘\n", "─".repeat(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_as_people_write_them() {
        assert_eq!(offset("+01:00").unwrap(), 60);
        assert_eq!(offset("-0330").unwrap(), -210);
        assert_eq!(offset("Z").unwrap(), 0);
        for wrong in ["1", "+1", "+15:00", "+01:60", "", "+é1"] {
            assert!(offset(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_words_stand_in_a_frame() {
        let words = ["abandon"; 24];
        let frame = frame_of(&words);
        let widths: Vec<usize> = frame.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths.len(), 8);
        assert!(widths.iter().all(|width| *width == widths[0]), "{frame}");
    }
}
