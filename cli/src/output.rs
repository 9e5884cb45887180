//! What the command says: plain words and tables for people, JSON for machines, and how it ends.

use serde::Serialize;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use unicode_width::UnicodeWidthStr;

/// How the command ends; the numbers are promised to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "subcommands without a store know only some of the ends")]
pub enum Exit {
    /// It did what was asked.
    Done = 0,
    /// The input was refused; the person can mend it.
    Invalid = 1,
    /// The command line was not understood.
    Usage = 2,
    /// `verify` found a problem.
    Problem = 3,
    /// The store can't be reached, is damaged or is full.
    Store = 4,
    /// What was asked for is not there.
    NotFound = 5,
}

impl Exit {
    /// Returns the word that stands for it in JSON.
    const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Invalid => "invalid",
            Self::Usage => "usage",
            Self::Problem => "problem",
            Self::Store => "store",
            Self::NotFound => "not_found",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a subcommand stopped: how it ends, where the fault lies, and a plain sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    exit: Exit,
    field: Option<String>,
    message: String,
}

/// A failure as JSON.
#[derive(Serialize)]
pub struct ErrorBody<'a> {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    message: &'a str,
}

/// A JSON document that holds nothing but a failure.
#[derive(Serialize)]
struct ErrorDocument<'a> {
    error: ErrorBody<'a>,
}

impl Failure {
    /// States a failure in a plain sentence: what happened and what to do.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            field: None,
            message: message.into(),
        }
    }

    /// States that the input was refused, and why.
    pub fn invalid(message: impl AsRef<str>) -> Self {
        Self::new(Exit::Invalid, sentence(message.as_ref()))
    }

    /// States that a field of the input was refused, and why.
    pub fn field(field: impl Into<String>, message: impl AsRef<str>) -> Self {
        Self {
            field: Some(field.into()),
            ..Self::invalid(message)
        }
    }

    /// Returns how the command ends.
    pub const fn exit(&self) -> Exit {
        self.exit
    }

    /// Returns the failure for a JSON document.
    pub fn body(&self) -> ErrorBody<'_> {
        ErrorBody {
            code: self.exit.code(),
            field: self.field.as_deref(),
            message: &self.message,
        }
    }

    /// Returns the failure for people.
    pub fn sentence(&self) -> String {
        match &self.field {
            Some(field) => format!("{field}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

/// Where a subcommand writes its answer.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    /// Writes for machines or for people.
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Tells whether machines read the answer.
    pub const fn is_json(self) -> bool {
        self.json
    }

    /// Writes one answer: the value as a line of JSON for machines, the text for people.
    pub fn answer(self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        if self.json { line(value) } else { print(&text()) }
    }

    /// Says why the command stopped and returns how it ends. Machines read it on the standard output, where they
    /// expect the answer; people on the standard error.
    pub fn failed(self, failure: &Failure) -> Exit {
        if failure.exit == Exit::Done {
            return Exit::Done;
        }
        let told = if self.json {
            line(&ErrorDocument {
                error: failure.body(),
            })
        } else {
            let text = format!("{}\n", shown(&failure.sentence()));
            std::io::stderr().write_all(text.as_bytes()).map_err(unwritten)
        };
        // A failure that can't be told is still the way the command ends.
        told.map_or(failure.exit, |()| failure.exit)
    }
}

/// Writes a value as one line of JSON.
pub fn line(value: &impl Serialize) -> Result<(), Failure> {
    let mut bytes = serde_json::to_vec(value)
        .map_err(|fault| Failure::invalid(format!("The answer can't be written as JSON: {fault}.")))?;
    bytes.push(b'\n');
    std::io::stdout().write_all(&bytes).map_err(unwritten)
}

/// Writes text.
pub fn print(text: &str) -> Result<(), Failure> {
    std::io::stdout().write_all(text.as_bytes()).map_err(unwritten)
}

/// Explains a failed write. A reader that went away (`| head`) has had enough, which is no fault.
pub fn unwritten(fault: std::io::Error) -> Failure {
    if fault.kind() == ErrorKind::BrokenPipe {
        return Failure::new(Exit::Done, "The reader of the answer has closed it.");
    }
    Failure::new(
        Exit::Store,
        format!("The answer could not be written ({fault}). Nothing was changed."),
    )
}

/// Makes text safe for a terminal: control characters are shown, never sent.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\u{1d}' => out.push_str("<GS>"),
            '\n' => out.push(sign),
            _ if sign.is_control() => out.extend(sign.escape_default()),
            _ => out.push(sign),
        }
    }
    out
}

/// Makes a sentence of what the kernel says of a fault: a capital in front, a full stop behind.
pub fn sentence(what: &str) -> String {
    let mut letters = what.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if what.ends_with('.') { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

/// On which side of its column a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// A table for people: columns as wide as their widest cell, two spaces apart.
#[derive(Clone, Debug)]
pub struct Table {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Starts a table with its headings.
    pub fn new(columns: &[(&str, Side)]) -> Self {
        Self {
            sides: columns.iter().map(|(_, side)| *side).collect(),
            rows: vec![columns.iter().map(|(name, _)| (*name).to_owned()).collect()],
        }
    }

    /// Adds a row; line breaks in a cell become spaces.
    pub fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let cell = |cell: T| shown(&cell.into()).replace('\n', " ");
        self.rows.push(cells.into_iter().map(cell).collect());
    }

    /// Lays the table out, one line a row.
    pub fn text(&self) -> String {
        let wide = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.sides.len()).map(wide).collect();
        let mut out = String::new();
        for row in &self.rows {
            let mut text = String::new();
            for ((cell, side), width) in row.iter().zip(&self.sides).zip(&widths) {
                let padding = " ".repeat(width - cell.width());
                match side {
                    Side::Left => text.extend([cell.as_str(), &padding]),
                    Side::Right => text.extend([padding.as_str(), cell]),
                }
                text.push_str("  ");
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_what_is_seen() {
        let mut table = Table::new(&[("Item", Side::Left), ("Price", Side::Right)]);
        table.row(["Äpfel 林檎", "9.28"]);
        table.row(["Bread\nrye", "12.00"]);
        assert_eq!(
            table.text(),
            "Item        Price\nÄpfel 林檎   9.28\nBread rye   12.00\n"
        );
    }

    #[test]
    fn a_code_sends_nothing_to_the_terminal() {
        assert_eq!(shown("\u{1b}[2J01\u{1d}x\t"), "\\u{1b}[2J01<GS>x\\t");
    }

    #[test]
    fn the_numbers_of_the_ends_are_promised() {
        let ends = [
            Exit::Done,
            Exit::Invalid,
            Exit::Usage,
            Exit::Problem,
            Exit::Store,
            Exit::NotFound,
        ];
        assert_eq!(ends.map(|end| end as u8), [0, 1, 2, 3, 4, 5]);
    }
}
