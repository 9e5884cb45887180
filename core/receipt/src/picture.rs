//! Pictures of ink and paper: logos, codes, and lines drawn as dots.

use crate::profile::MAX_DOTS;

/// Tallest picture in dots: a metre of paper at 203 dots of an inch.
pub const MAX_HEIGHT: u32 = 8_192;

/// A picture of dots that are ink or paper, at most [`MAX_DOTS`] wide and [`MAX_HEIGHT`] tall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    /// Rows from the top, each of whole bytes, the leftmost dot in the highest bit; ink is 1.
    rows: Vec<u8>,
}

impl Picture {
    /// Makes a picture of blank paper; sizes beyond the bounds are taken to them.
    pub fn blank(width: u32, height: u32) -> Self {
        let (width, height) = (width.min(MAX_DOTS), height.min(MAX_HEIGHT));
        let rows = vec![0; width.div_ceil(8) as usize * height as usize];
        Self { width, height, rows }
    }

    /// Returns the dots of a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Returns the rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Returns the bytes of one row.
    pub fn stride(&self) -> usize {
        self.width.div_ceil(8) as usize
    }

    /// Returns a row as bytes, the leftmost dot in the highest bit; nothing below the picture.
    pub fn row(&self, y: u32) -> &[u8] {
        let from = y as usize * self.stride();
        self.rows.get(from..from + self.stride()).unwrap_or_default()
    }

    /// Tells whether a dot is ink; outside the picture none is.
    pub fn is_ink(&self, x: u32, y: u32) -> bool {
        x < self.width
            && self
                .row(y)
                .get(x as usize / 8)
                .is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Inks a dot; outside the picture nothing happens.
    pub fn ink(&mut self, x: u32, y: u32) {
        if x < self.width && y < self.height {
            let at = y as usize * self.stride() + x as usize / 8;
            self.rows[at] |= 0x80 >> (x % 8);
        }
    }

    /// Inks a rectangle.
    pub fn fill(&mut self, left: u32, top: u32, width: u32, height: u32) {
        for y in top..top.saturating_add(height).min(self.height) {
            for x in left..left.saturating_add(width).min(self.width) {
                self.ink(x, y);
            }
        }
    }

    /// Inks what another picture inks, moved to the right and down.
    pub fn stamp(&mut self, other: &Self, left: u32, top: u32) {
        for y in 0..other.height {
            for x in (0..other.width).filter(|x| other.is_ink(*x, y)) {
                self.ink(left.saturating_add(x), top.saturating_add(y));
            }
        }
    }

    /// Returns the picture with each of its dots so many dots wide and high.
    pub fn enlarged(&self, wide: u32, high: u32) -> Self {
        let mut large = Self::blank(self.width.saturating_mul(wide), self.height.saturating_mul(high));
        for y in 0..self.height {
            for x in (0..self.width).filter(|x| self.is_ink(*x, y)) {
                large.fill(x * wide, y * high, wide, high);
            }
        }
        large
    }

    /// Returns the picture no wider than so many dots, made smaller where it is.
    pub fn fitted(&self, width: u32) -> Self {
        if self.width <= width || width == 0 {
            return self.clone();
        }
        let height = u64::from(self.height) * u64::from(width) / u64::from(self.width);
        let mut small = Self::blank(width, u32::try_from(height).unwrap_or(MAX_HEIGHT).max(1));
        for y in 0..self.height {
            for x in (0..self.width).filter(|x| self.is_ink(*x, y)) {
                // Both stay below what the picture had: the products fit.
                small.ink(x * width / self.width, y * width / self.width);
            }
        }
        small
    }

    /// Returns the rows from one to before another.
    pub fn between(&self, top: u32, bottom: u32) -> Self {
        let bottom = bottom.min(self.height);
        let top = top.min(bottom);
        let (from, to) = (top as usize * self.stride(), bottom as usize * self.stride());
        Self {
            width: self.width,
            height: bottom - top,
            rows: self.rows.get(from..to).unwrap_or_default().to_vec(),
        }
    }

    /// Returns the bytes of a row up to its last ink.
    pub(crate) fn inked(&self, y: u32) -> &[u8] {
        let row = self.row(y);
        let end = row.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        &row[..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_stays_within_the_picture() {
        let mut picture = Picture::blank(10, 3);
        picture.fill(8, 1, 9, 9);
        picture.ink(10, 0);
        picture.ink(0, 3);
        assert_eq!(
            (0..3).map(|y| picture.row(y).to_vec()).collect::<Vec<_>>(),
            [[0, 0], [0, 0xc0], [0, 0xc0]]
        );
        assert!(picture.is_ink(9, 2) && !picture.is_ink(10, 2) && !picture.is_ink(9, 3));
        assert!(picture.inked(0).is_empty());
        assert_eq!(picture.inked(1), [0, 0xc0]);
        assert!(picture.row(3).is_empty());
    }

    #[test]
    fn pictures_grow_shrink_and_move() {
        let mut dot = Picture::blank(2, 1);
        dot.ink(1, 0);
        let large = dot.enlarged(2, 3);
        assert_eq!(
            (large.width(), large.height(), large.row(2)),
            (4, 3, &[0b0011_0000][..])
        );
        assert_eq!(large.fitted(4), large);
        let small = large.fitted(2);
        assert_eq!(
            (small.width(), small.height(), small.row(0)),
            (2, 1, &[0b0100_0000][..])
        );
        let mut page = Picture::blank(8, 2);
        page.stamp(&dot, 3, 1);
        assert_eq!((page.row(0)[0], page.row(1)[0]), (0, 0b0000_1000));
    }

    #[test]
    fn sizes_are_bounded() {
        let picture = Picture::blank(u32::MAX, u32::MAX);
        assert_eq!((picture.width(), picture.height()), (MAX_DOTS, MAX_HEIGHT));
    }
}
