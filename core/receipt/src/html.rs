//! The HTML back-end: one self-contained page without scripts or anything to load.

use crate::code::{Code, Symbol};
use crate::document::{Align, Block, Direction, Document, Row, TaxTable};
use crate::picture::Picture;
use std::fmt::Write as _;

/// Paper and ink of the design's palette, with the cut corner of a market label.
const STYLE: &str = include_str!("receipt.css");

/// Draws a document as one HTML page: readable on a phone, printable, light or dark as the reader has it.
///
/// All text is escaped, the page loads nothing and its policy forbids scripts.
pub fn to_html(document: &Document) -> String {
    let direction = match document.direction {
        Direction::LeftToRight => "ltr",
        Direction::RightToLeft => "rtl",
    };
    let mut page = Page { html: String::new() };
    page.raw("<!DOCTYPE html>\n");
    page.raw(&format!(
        "<html lang=\"{}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n",
        Escaped(document.language.as_str())
    ));
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.element("title", "", document.title.as_str());
    page.raw(&format!(
        "<style>\n{STYLE}</style>\n</head>\n<body>\n<main class=\"paper\">\n"
    ));
    page.blocks(&document.blocks);
    page.raw("</main>\n</body>\n</html>\n");
    page.html
}

struct Page {
    html: String,
}

impl Page {
    fn raw(&mut self, markup: &str) {
        self.html.push_str(markup);
    }

    /// Adds an element that holds text; an empty class is left out.
    fn element(&mut self, name: &str, class: &str, text: &str) {
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{class}\"")
        };
        // Writing to memory can't fail.
        let _ = writeln!(self.html, "<{name}{class}>{}</{name}>", Escaped(text));
    }

    fn blocks(&mut self, blocks: &[Block]) {
        let mut rest = blocks;
        while let Some((block, after)) = rest.split_first() {
            rest = after;
            match block {
                Block::Title(text) => self.element("h1", "", text.as_str()),
                Block::Heading(text) => self.element("h2", "", text.as_str()),
                Block::Mark(text) => {
                    let _ = writeln!(
                        self.html,
                        "<p class=\"mark\"><strong>{}</strong></p>",
                        Escaped(text.as_str())
                    );
                }
                Block::Text { text, align } => self.element("p", align_class(*align), text.as_str()),
                Block::Row(_) | Block::Total(_) => {
                    let is_row = |block: &&Block| matches!(block, Block::Row(_) | Block::Total(_));
                    let (rows, others) = after.split_at(after.iter().take_while(is_row).count());
                    self.rows(block, rows);
                    rest = others;
                }
                Block::Taxes(table) => self.taxes(table),
                Block::Code(code) => self.picture(&code.modules(), code.content(), code_class(code)),
                Block::Picture(picture) => self.picture(picture, "", "picture"),
                Block::Rule => self.raw("<hr>\n"),
                Block::Space => self.raw("<div class=\"space\"></div>\n"),
            }
        }
    }

    /// Draws rows that follow each other as one table.
    fn rows(&mut self, first: &Block, others: &[Block]) {
        self.raw("<table class=\"rows\">\n<tbody>\n");
        for block in std::iter::once(first).chain(others) {
            match block {
                Block::Row(row) => self.row(row, &format!("level{}", row.level.min(3))),
                Block::Total(row) => self.row(row, "total"),
                _ => {}
            }
        }
        self.raw("</tbody>\n</table>\n");
    }

    fn row(&mut self, row: &Row, class: &str) {
        let (label, amount) = (Escaped(row.label.as_str()), Escaped(row.amount.as_str()));
        let _ = if row.amount.is_empty() {
            writeln!(
                self.html,
                "<tr class=\"{class}\"><th scope=\"row\" colspan=\"2\"><bdi>{label}</bdi></th></tr>"
            )
        } else {
            writeln!(
                self.html,
                "<tr class=\"{class}\"><th scope=\"row\"><bdi>{label}</bdi></th>\
                 <td><bdi dir=\"ltr\">{amount}</bdi></td></tr>"
            )
        };
    }

    /// Draws ink as one path; what a picture says is read out and shown below it.
    fn picture(&mut self, picture: &Picture, says: &str, class: &str) {
        let (width, height) = (picture.width(), picture.height());
        // Bars are one row of modules that fills what the style gives it.
        let aspect = if class == "bars" { "none" } else { "xMidYMid" };
        let read_out = match says.is_empty() {
            true => "aria-hidden=\"true\"".to_owned(),
            false => format!("role=\"img\" aria-label=\"{}\"", Escaped(says)),
        };
        let _ = writeln!(
            self.html,
            "<figure class=\"{class}\">\n<svg viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"{aspect}\" {read_out}>\
             <path d=\"{}\"></path></svg>",
            path(picture)
        );
        if !says.is_empty() {
            self.element("figcaption", "", says);
        }
        self.raw("</figure>\n");
    }

    fn taxes(&mut self, table: &TaxTable) {
        self.raw("<table class=\"taxes\">\n<thead>\n<tr>");
        for head in &table.heads {
            let _ = write!(self.html, "<th scope=\"col\">{}</th>", Escaped(head.as_str()));
        }
        self.raw("</tr>\n</thead>\n<tbody>\n");
        for row in &table.rows {
            let _ = write!(
                self.html,
                "<tr><th scope=\"row\"><bdi>{}</bdi></th>",
                Escaped(row.name.as_str())
            );
            let _ = write!(self.html, "<td>{}</td>", Escaped(row.rate.as_str()));
            for cell in [&row.base, &row.tax, &row.gross] {
                let _ = write!(
                    self.html,
                    "<td><bdi dir=\"ltr\">{}</bdi></td>",
                    Escaped(cell.as_str())
                );
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table>\n");
    }
}

/// Writes runs of ink as rectangles of an SVG path.
fn path(picture: &Picture) -> String {
    let mut path = String::new();
    for y in 0..picture.height() {
        let mut x = 0;
        while x < picture.width() {
            let run = (x..picture.width()).take_while(|x| picture.is_ink(*x, y)).count();
            if run > 0 {
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += u32::try_from(run)
                .unwrap_or(u32::MAX)
                .saturating_add(1)
                .min(picture.width());
        }
    }
    path
}

fn code_class(code: &Code) -> &'static str {
    match code.symbol() {
        Symbol::Qr => "qr",
        _ => "bars",
    }
}

fn align_class(align: Align) -> &'static str {
    match align {
        Align::Start => "",
        Align::Centre => "centre",
        Align::End => "end",
    }
}

/// Writes text with everything escaped that means something in HTML, in elements and attributes alike.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Row;
    use crate::words::Language;

    #[test]
    fn a_page_has_its_language_and_loads_nothing() {
        let mut document = Document::new(&Language::of("ar-EG"), "a < b");
        document.row("<img src=x onerror=\"alert('1')\">", "9.28");
        document.push(Block::Total(Row::new("المجموع", "9.28")));
        document.push(Block::Rule);
        document.row("after", "1.00");
        let html = to_html(&document);
        assert!(html.contains("<html lang=\"ar-EG\" dir=\"rtl\">"));
        assert!(html.contains("<title>a &lt; b</title>"));
        assert!(html.contains("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;"));
        assert!(html.contains("<tr class=\"total\">"));
        assert_eq!(
            html.matches("<table").count(),
            2,
            "rows that follow each other share a table"
        );
        for loading in [
            "<script", "<link", "<img", "url(", "@import", "http://", "https://",
        ] {
            assert!(!html.contains(loading), "{loading}");
        }
    }
}
