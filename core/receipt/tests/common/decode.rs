//! A strict reader of ESC/POS: it knows the commands that Barrow may send and nothing else, and what the paper shows.

use barrow_receipt::{Profile, Symbol};

/// What came out of the printer.
#[derive(Debug, PartialEq, Eq)]
pub enum Printed {
    /// Letters of one line, with their size (1 or 2 columns each).
    Text { text: String, wide: bool },
    /// A code that the printer drew.
    Code(Symbol, String),
    /// Rows of dots.
    Dots { wide: usize, tall: usize, ink: u64 },
    /// The end: cut, or fed to the edge.
    End,
}

struct Reader<'a> {
    rest: &'a [u8],
    profile: &'a Profile,
    page: Option<u8>,
    size: u8,
    line: String,
    columns: usize,
    qr: Option<String>,
    line_dots: bool,
    printed: Vec<Printed>,
}

/// Reads what a printer of this profile would print.
pub fn decode(bytes: &[u8], profile: &Profile) -> Result<Vec<Printed>, String> {
    let mut reader = Reader {
        rest: bytes,
        profile,
        page: None,
        size: 0,
        line: String::new(),
        columns: 0,
        qr: None,
        line_dots: false,
        printed: Vec::new(),
    };
    if reader.take(2)? != [0x1b, b'@'] {
        return Err("it does not begin with a reset".into());
    }
    if profile.double_byte && reader.take(2)? != [0x1c, b'.'] {
        return Err("two bytes are still one character".into());
    }
    while !reader.rest.is_empty() {
        if reader.printed.last() == Some(&Printed::End) {
            return Err("something follows the end".into());
        }
        let at = bytes.len() - reader.rest.len();
        reader.step().map_err(|fault| format!("byte {at}: {fault}"))?;
    }
    match reader.printed.last() {
        Some(Printed::End) => Ok(reader.printed),
        _ => Err("it never ends".into()),
    }
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (head, rest) = self.rest.split_at_checked(count).ok_or("it is cut off")?;
        self.rest = rest;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    fn step(&mut self) -> Result<(), String> {
        match self.byte()? {
            b'\n' => self.end_line(),
            0x1b => self.escape(),
            0x1d => self.group(),
            byte @ 0x20..=0x7e => self.letter(char::from(byte)),
            byte @ 0x80.. => {
                let page = self.page.ok_or("a letter beyond ASCII before any page")?;
                let (_, page) = self
                    .profile
                    .pages
                    .iter()
                    .find(|(number, _)| *number == page)
                    .ok_or("no such page")?;
                let letter = ('\u{a0}'..='\u{ffff}').find(|c| page.byte(*c) == Some(byte));
                self.letter(letter.ok_or_else(|| format!("{byte:02x} is nothing in {}", page.name()))?)
            }
            byte => Err(format!("{byte:02x} means nothing")),
        }
    }

    fn letter(&mut self, letter: char) -> Result<(), String> {
        self.line.push(letter);
        self.columns += if self.size & 0x10 != 0 { 2 } else { 1 };
        match self.columns <= self.profile.columns {
            true => Ok(()),
            false => Err(format!("{:?} is wider than the paper", self.line)),
        }
    }

    fn end_line(&mut self) -> Result<(), String> {
        if !std::mem::take(&mut self.line_dots) {
            let text = std::mem::take(&mut self.line);
            self.printed.push(Printed::Text {
                text,
                wide: self.size & 0x10 != 0,
            });
        }
        self.columns = 0;
        Ok(())
    }

    /// Refuses what printers obey only at the beginning of a line.
    fn at_beginning(&self) -> Result<(), String> {
        if self.line.is_empty() {
            Ok(())
        } else {
            Err(format!("in the middle of {:?}", self.line))
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.byte()? {
            b'E' => self.one_of(&[0, 1]).map(drop),
            b'a' => self.at_beginning().and_then(|()| self.one_of(&[0, 1]).map(drop)),
            b't' => {
                let page = self.byte()?;
                self.page = Some(page);
                let known = self.profile.pages.iter().any(|(number, _)| *number == page);
                if known {
                    Ok(())
                } else {
                    Err(format!("no page {page}"))
                }
            }
            b'd' => {
                self.at_beginning()?;
                self.byte()?;
                self.printed.push(Printed::End);
                Ok(())
            }
            b'3' => self.one_of(&[24]).map(drop),
            b'2' => Ok(()),
            b'*' => self.column_dots(),
            byte => Err(format!("ESC {byte:02x} is not known")),
        }
    }

    fn column_dots(&mut self) -> Result<(), String> {
        self.at_beginning()?;
        self.one_of(&[33])?;
        let wide = usize::from(self.byte()?) + 256 * usize::from(self.byte()?);
        let dots = self.take(wide * 3)?;
        self.line_dots = true;
        self.push_dots(wide, 24, dots)
    }

    fn push_dots(&mut self, wide: usize, tall: usize, dots: &[u8]) -> Result<(), String> {
        let ink = dots.iter().map(|byte| u64::from(byte.count_ones())).sum();
        self.printed.push(Printed::Dots { wide, tall, ink });
        match wide <= self.profile.dots.next_multiple_of(8) as usize && wide > 0 && tall > 0 {
            true => Ok(()),
            false => Err(format!("{wide} x {tall} dots")),
        }
    }

    fn group(&mut self) -> Result<(), String> {
        match self.byte()? {
            b'!' => {
                self.size = self.one_of(&[0x00, 0x01, 0x11])?;
                Ok(())
            }
            b'V' => {
                self.at_beginning()?;
                self.one_of(&[65, 66])?;
                self.one_of(&[0])?;
                self.printed.push(Printed::End);
                Ok(())
            }
            b'v' => {
                self.at_beginning()?;
                if self.take(2)? != [b'0', 0] {
                    return Err("not GS v 0 in its normal size".into());
                }
                let wide = usize::from(self.byte()?) + 256 * usize::from(self.byte()?);
                let tall = usize::from(self.byte()?) + 256 * usize::from(self.byte()?);
                let dots = self.take(wide * tall)?;
                self.push_dots(wide * 8, tall, dots)
            }
            b'h' | b'w' => match self.byte()? {
                0 => Err("a size of nothing".into()),
                _ => Ok(()),
            },
            b'H' => self.one_of(&[2]).map(drop),
            b'f' => self.one_of(&[0]).map(drop),
            b'k' => self.bars(),
            b'(' => self.qr(),
            byte => Err(format!("GS {byte:02x} is not known")),
        }
    }

    fn bars(&mut self) -> Result<(), String> {
        self.at_beginning()?;
        let kind = self.byte()?;
        let length = usize::from(self.byte()?);
        let content = String::from_utf8(self.take(length)?.to_vec()).map_err(|fault| fault.to_string())?;
        let (symbol, content) = match kind {
            65 => (Symbol::UpcA, content),
            67 => (Symbol::Ean13, content),
            68 => (Symbol::Ean8, content),
            73 => (
                Symbol::Code128,
                content.strip_prefix("{B").ok_or("no set")?.replace("{{", "{"),
            ),
            _ => return Err(format!("bars of kind {kind}")),
        };
        self.printed.push(Printed::Code(symbol, content));
        self.line_dots = true;
        Ok(())
    }

    fn qr(&mut self) -> Result<(), String> {
        self.at_beginning()?;
        self.one_of(b"k")?;
        let length = usize::from(self.byte()?) + 256 * usize::from(self.byte()?);
        match self.take(length)? {
            [b'1', b'A', b'2', 0] | [b'1', b'C', 1..=16] | [b'1', b'E', b'0'..=b'3'] => Ok(()),
            [b'1', b'P', b'0', content @ ..] => {
                self.qr = Some(String::from_utf8(content.to_vec()).map_err(|fault| fault.to_string())?);
                Ok(())
            }
            [b'1', b'Q', b'0'] => {
                let content = self.qr.take().ok_or("no QR code is stored")?;
                self.printed.push(Printed::Code(Symbol::Qr, content));
                self.line_dots = true;
                Ok(())
            }
            other => Err(format!("GS ( k {other:02x?}")),
        }
    }

    fn one_of(&mut self, allowed: &[u8]) -> Result<u8, String> {
        let byte = self.byte()?;
        match allowed.contains(&byte) {
            true => Ok(byte),
            false => Err(format!("{byte:02x} is none of {allowed:02x?}")),
        }
    }
}
