//! Input, bounded: a whole file, or line by line.

use crate::output::{Exit, Failure};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// One line of input, without its end.
pub enum Line<'a> {
    /// The line.
    Whole(&'a [u8]),
    /// It was longer than allowed and has been skipped.
    TooLong,
}

/// Reads lines of a bounded length.
pub struct Lines {
    reader: BufReader<Box<dyn Read>>,
    line: Vec<u8>,
    longest: usize,
}

/// Opens a file, `-` being the standard input.
fn open(file: &Path) -> Result<Box<dyn Read>, Failure> {
    if file == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    let file = File::open(file).map_err(|fault| {
        let exit = match fault.kind() {
            std::io::ErrorKind::NotFound => Exit::NotFound,
            _ => Exit::Invalid,
        };
        Failure::new(exit, format!("{} can't be read: {fault}.", file.display()))
    })?;
    Ok(Box::new(file))
}

fn unread(fault: std::io::Error) -> Failure {
    Failure::invalid(format!("The input can't be read: {fault}."))
}

/// Reads a whole file of at most `most` bytes, `-` being the standard input.
pub fn read_all(file: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte more than allowed tells that there is more.
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    open(file)?.take(bound).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() > most {
        return Err(Failure::invalid(format!(
            "The input is longer than {most} bytes."
        )));
    }
    Ok(bytes)
}

impl Lines {
    /// Opens a file, `-` being the standard input, for lines of at most `longest` bytes.
    pub fn open(file: &Path, longest: usize) -> Result<Self, Failure> {
        Ok(Self::new(open(file)?, longest))
    }

    fn new(reader: Box<dyn Read>, longest: usize) -> Self {
        Self {
            reader: BufReader::new(reader),
            line: Vec::new(),
            longest,
        }
    }

    /// Returns the next line, without `\n` and the `\r` before it; none at the end.
    pub fn next(&mut self) -> Result<Option<Line<'_>>, Failure> {
        self.line.clear();
        let mut too_long = false;
        loop {
            let part = self.reader.fill_buf().map_err(unread)?;
            if part.is_empty() {
                if self.line.is_empty() && !too_long {
                    return Ok(None);
                }
                break;
            }
            let end = part.iter().position(|byte| *byte == b'\n');
            let taken = end.unwrap_or(part.len());
            if self.line.len() + taken > self.longest {
                too_long = true;
                self.line.clear();
            } else if !too_long {
                self.line.extend_from_slice(&part[..taken]);
            }
            self.reader.consume(end.map_or(taken, |end| end + 1));
            if end.is_some() {
                break;
            }
        }
        if too_long {
            return Ok(Some(Line::TooLong));
        }
        let line = self.line.as_slice();
        Ok(Some(Line::Whole(line.strip_suffix(b"\r").unwrap_or(line))))
    }

    /// Tells whether the next line has not arrived yet, as far as is known.
    pub fn waits(&self) -> bool {
        !self.reader.buffer().contains(&b'\n')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static str, longest: usize) -> Vec<String> {
        let mut lines = Lines::new(Box::new(text.as_bytes()), longest);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push(match line {
                Line::Whole(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
                Line::TooLong => "too long".to_owned(),
            });
        }
        all
    }

    #[test]
    fn every_line_is_one_line() {
        assert_eq!(lines("a\r\n\nb\x1dc\nlast", 9), ["a", "", "b\x1dc", "last"]);
        assert_eq!(lines("a\n", 9), ["a"]);
        assert_eq!(lines("", 9), [""; 0]);
    }

    #[test]
    fn a_long_line_is_one_answer_and_the_next_is_whole() {
        assert_eq!(lines("1234567890\nok\n12345\n", 5), ["too long", "ok", "12345"]);
        assert_eq!(lines("1234567890", 5), ["too long"]);
    }
}
