//! Reading CSV as shops have it: RFC 4180 with or without a byte order mark, with commas, semicolons or tabs.
//!
//! Rows come one by one, so a file of any length takes little memory. A row that is wrong is told with its line and
//! column; the reader goes on with the next one.

use super::Fault;
use csv::StringRecord;
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Limits the text of one row: longer ones come from a quote that is never closed.
const ROW_BYTES: usize = 1 << 16;
/// Looks at this much of the file to find its separator.
const LOOK_BYTES: usize = 1 << 16;

/// What is wrong with one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Gives the line of the file, from 1.
    pub line: u64,
    /// Names the column; empty when the whole row is wrong.
    pub column: String,
    /// Tells what is wrong and what to write instead.
    #[serde(rename = "reason")]
    pub text: String,
}

impl Problem {
    /// Builds a problem.
    pub fn new(line: u64, column: &str, text: impl Into<String>) -> Self {
        Self {
            line,
            column: column.into(),
            text: text.into(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column.is_empty() {
            true => write!(f, "line {}: {}", self.line, self.text),
            false => write!(f, "line {}, {}: {}", self.line, self.column, self.text),
        }
    }
}

/// Where a CSV comes from; it can be opened again and again.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// A file.
    File(&'a Path),
    /// Bytes in memory: what came through a pipe or was picked in a dialog, or what the program brings along.
    Text(&'a [u8]),
}

impl<'a> Source<'a> {
    /// Returns the length in bytes, for showing progress.
    pub fn length(&self) -> u64 {
        match self {
            Self::File(path) => std::fs::metadata(path).map_or(0, |meta| meta.len()),
            Self::Text(bytes) => bytes.len() as u64,
        }
    }

    /// Opens it at the header.
    ///
    /// # Errors
    /// [`Fault::File`] when it can't be read or holds no header.
    pub fn open(&self) -> Result<Sheet<'a>, Fault> {
        let reader: Box<dyn Read + 'a> = match *self {
            Self::Text(bytes) => Box::new(bytes),
            Self::File(path) => {
                let missing = |fault: io::Error| format!("{} can't be read: {fault}.", path.display());
                if path.is_dir() {
                    return Err(Fault::File(format!(
                        "{} is a folder, not a CSV file.",
                        path.display()
                    )));
                }
                Box::new(File::open(path).map_err(missing).map_err(Fault::File)?)
            }
        };
        Sheet::new(reader).map_err(Fault::File)
    }
}

/// An open CSV.
pub struct Sheet<'a> {
    header: Vec<String>,
    reader: csv::Reader<Box<dyn Read + 'a>>,
    record: StringRecord,
    late: u64,
}

impl<'a> Sheet<'a> {
    fn new(reader: Box<dyn Read + 'a>) -> Result<Self, String> {
        let mut buffered = BufReader::with_capacity(LOOK_BYTES, reader);
        let head = fill(&mut buffered)?;
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            return Err("The file is in UTF-16. Save it as CSV UTF-8.".into());
        }
        if head.starts_with(&[b'P', b'K', 3, 4]) {
            return Err("The file is a spreadsheet, not CSV. Save it as CSV UTF-8.".into());
        }
        let mark = if head.starts_with(&[0xef, 0xbb, 0xbf]) {
            3
        } else {
            0
        };
        let (separator, late) = separator(&head[mark..]);
        buffered.consume(mark);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(false)
            .from_reader(Box::new(buffered) as Box<dyn Read + 'a>);
        let mut record = StringRecord::new();
        let found = reader
            .read_record(&mut record)
            .map_err(|fault| format!("The header can't be read: {}.", plain(&fault)))?;
        if !found {
            return Err("The file is empty. Its first line must name the columns.".into());
        }
        let header: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
        Ok(Self {
            header,
            reader,
            record,
            late,
        })
    }

    /// Returns the names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Returns how many bytes were read, for showing progress.
    pub fn bytes(&self) -> u64 {
        self.reader.position().byte()
    }

    /// Reads the next row; a wrong one is told, and the reader goes on after it.
    pub fn next_row(&mut self) -> Option<Result<Row<'_>, Problem>> {
        let before = self.reader.position().line();
        match self.reader.read_record(&mut self.record) {
            Ok(false) => None,
            Err(fault) => {
                let line = fault.position().map_or(before, csv::Position::line) + self.late;
                Some(Err(Problem::new(line, "", plain(&fault))))
            }
            Ok(true) => {
                let line = self.record.position().map_or(before, csv::Position::line) + self.late;
                Some(self.check(line).map(|()| Row {
                    line,
                    header: &self.header,
                    record: &self.record,
                }))
            }
        }
    }

    fn check(&self, line: u64) -> Result<(), Problem> {
        if self.record.as_slice().len() > ROW_BYTES {
            let reason = "the row is too long; most likely a quotation mark is never closed";
            return Err(Problem::new(line, "", reason));
        }
        let (fields, columns) = (self.record.len(), self.header.len());
        if fields == columns {
            return Ok(());
        }
        Err(Problem::new(
            line,
            "",
            format!("it has {fields} fields, the header has {columns}; text with a separator needs quotes"),
        ))
    }
}

/// One row with as many fields as the header.
pub struct Row<'a> {
    /// Gives its line in the file, from 1.
    pub line: u64,
    header: &'a [String],
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// Returns the text of a column, without blanks around it.
    pub fn at(&self, column: usize) -> &'a str {
        self.record.get(column).unwrap_or_default().trim()
    }

    /// Returns the name of a column as the file writes it.
    pub fn name(&self, column: usize) -> &'a str {
        self.header.get(column).map_or("", String::as_str)
    }

    /// Builds a problem in a column.
    pub fn problem(&self, column: usize, reason: impl Into<String>) -> Problem {
        Problem::new(self.line, self.name(column), reason)
    }
}

/// Fills the buffer as far as the first lines go and returns it.
fn fill<R: Read>(reader: &mut BufReader<R>) -> Result<Vec<u8>, String> {
    reader
        .fill_buf()
        .map(<[u8]>::to_vec)
        .map_err(|fault| format!("The file can't be read: {fault}."))
}

/// Finds the separator of the header: the one that stands there most often outside quotes. Beside it stands what
/// the reader's line numbers are late by: it ends a row at CR and counts the LF with the next one.
fn separator(head: &[u8]) -> (u8, u64) {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let (mut quoted, mut late) = (false, 0);
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                late = u64::from(*byte == b'\r');
                break;
            }
            byte if !quoted => {
                if let Some(found) = counts.iter_mut().find(|(separator, _)| separator == byte) {
                    found.1 += 1;
                }
            }
            _ => {}
        }
    }
    // Of equal counts the last wins: a name may hold a comma, and hardly a tab.
    let most = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .max_by_key(|(_, count)| *count);
    (most.map_or(b',', |(separator, _)| *separator), late)
}

/// Says a fault of the CSV library in words for people.
fn plain(fault: &csv::Error) -> String {
    match fault.kind() {
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8 text; save the file as CSV UTF-8".into(),
        csv::ErrorKind::Io(fault) => format!("it can't be read: {fault}"),
        _ => fault.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = Result<(u64, Vec<String>), Problem>;

    fn rows(text: &[u8]) -> (Vec<String>, Vec<Read>) {
        let source = Source::Text(text);
        let mut sheet = source.open().unwrap();
        let header = sheet.header().to_vec();
        let mut rows = Vec::new();
        while let Some(row) = sheet.next_row() {
            rows.push(row.map(|row| {
                (
                    row.line,
                    (0..header.len()).map(|at| row.at(at).to_owned()).collect(),
                )
            }));
        }
        (header, rows)
    }

    #[test]
    fn marks_quotes_line_ends_and_separators_are_understood() {
        let (header, read) = rows(b"\xef\xbb\xbfsku;name\r\nA;\"Tea; green\"\r\nB;\"say \"\"hi\"\"\"\r\n");
        assert_eq!(header, ["sku", "name"]);
        assert_eq!(read[0], Ok((2, vec!["A".into(), "Tea; green".into()])));
        assert_eq!(read[1], Ok((3, vec!["B".into(), "say \"hi\"".into()])));
        assert_eq!(
            rows(b"sku\tname, short\nA\tTea\n").1[0],
            Ok((2, vec!["A".into(), "Tea".into()]))
        );
        assert_eq!(
            rows(b"sku,name\nA,\"two\nlines\"\nB,Tea\n").1[1]
                .as_ref()
                .unwrap()
                .0,
            4
        );
        assert_eq!(rows(b"sku\nA\n").1.len(), 1);
        let lines =
            |text: &[u8]| -> Vec<u64> { rows(text).1.iter().map(|row| row.as_ref().unwrap().0).collect() };
        assert_eq!(lines(b"sku,name\r\nA,\"two\r\nlines\"\r\nB,x\r\n"), [2, 4]);
        assert_eq!(lines(b"sku,name\nA,x\nB,y"), [2, 3]);
    }

    #[test]
    fn a_bad_row_is_told_and_the_next_one_is_read() {
        let (_, read) = rows(b"sku,name\nA\nB,Tea\nC,\xff\nD,Mint\n");
        assert_eq!(read[0].as_ref().unwrap_err().line, 2);
        assert!(read[1].is_ok());
        let bad = read[2].as_ref().unwrap_err();
        assert_eq!(bad.line, 4);
        assert!(bad.text.contains("UTF-8"));
        assert!(read[3].is_ok());
    }

    #[test]
    fn what_is_no_csv_is_told() {
        let told = |bytes: &[u8]| Source::Text(bytes).open().err().unwrap().to_string();
        assert!(told(b"").contains("empty"));
        assert!(told(b"\xff\xfes\0k\0u\0").contains("UTF-16"));
        assert!(told(b"PK\x03\x04rest").contains("spreadsheet"));
        let mut open = b"sku,name\nA,\"".to_vec();
        open.extend(vec![b'x'; ROW_BYTES * 2]);
        assert!(
            rows(&open).1[0]
                .as_ref()
                .unwrap_err()
                .text
                .contains("quotation mark")
        );
    }
}
