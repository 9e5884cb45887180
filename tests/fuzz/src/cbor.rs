//! Where the items of CBOR lie in bytes, so that a change keeps the rest readable and gets deeper than a flipped bit.

/// One item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// Where it begins.
    pub(crate) at: usize,
    /// Where its head, which holds its kind and its number, ends.
    pub(crate) head: usize,
    /// Where it ends, its parts with it.
    pub(crate) end: usize,
    /// Its kind: 0 and 1 integers, 2 bytes, 3 text, 4 list, 5 map, 6 tag, 7 other.
    pub(crate) major: u8,
    /// Its number: the value, the length or the count.
    pub(crate) number: u64,
}

/// Lists the items of bytes as far as they are well-formed, in order, outer ones before inner ones.
pub(crate) fn items(bytes: &[u8]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    // Lists that are not at their end yet, with the items that they still miss.
    let mut open: Vec<(usize, u64)> = Vec::new();
    let mut at = 0;
    while let Some(item) = item(bytes, at) {
        at = item.end;
        let parts = match item.major {
            4 => item.number,
            5 => item.number.saturating_mul(2),
            6 => 1,
            _ => 0,
        };
        items.push(item);
        if parts > 0 {
            open.push((items.len() - 1, parts));
            continue;
        }
        while let Some((index, missing)) = open.last_mut() {
            items[*index].end = at;
            *missing -= 1;
            if *missing > 0 {
                break;
            }
            open.pop();
        }
    }
    items
}

/// Reads the item at a place: its head, and its content where that is no other item.
fn item(bytes: &[u8], at: usize) -> Option<Item> {
    let first = *bytes.get(at)?;
    let (major, short) = (first >> 5, first & 31);
    let long = match short {
        0..=23 => 0,
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let head = at + 1 + long;
    let told = bytes.get(at + 1..head)?;
    let number = match long {
        0 => u64::from(short),
        _ => told.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    };
    let content = if matches!(major, 2 | 3) { number } else { 0 };
    let end = head.checked_add(usize::try_from(content).ok()?)?;
    bytes.get(head..end)?;
    Some(Item {
        at,
        head,
        end,
        major,
        number,
    })
}

/// Writes the head of an item in the shortest form.
pub(crate) fn head(major: u8, number: u64) -> Vec<u8> {
    let kind = major << 5;
    match number {
        0..=23 => vec![kind | number as u8],
        24..=0xff => vec![kind | 24, number as u8],
        0x100..=0xffff => [&[kind | 25][..], &(number as u16).to_be_bytes()].concat(),
        0x1_0000..=0xffff_ffff => [&[kind | 26][..], &(number as u32).to_be_bytes()].concat(),
        _ => [&[kind | 27][..], &number.to_be_bytes()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_with_their_ends() {
        // [1, [h'0203', -1], "a"]
        let bytes = [0x83, 0x01, 0x82, 0x42, 2, 3, 0x20, 0x61, b'a'];
        let found: Vec<_> = items(&bytes)
            .iter()
            .map(|item| (item.at, item.end, item.major))
            .collect();
        let expected = [(0, 9, 4), (1, 2, 0), (2, 7, 4), (3, 6, 2), (6, 7, 1), (7, 9, 3)];
        assert_eq!(found, expected);
        assert!(items(&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).is_empty());
    }

    #[test]
    fn heads_are_the_shortest() {
        for number in [
            0,
            23,
            24,
            255,
            256,
            65_535,
            65_536,
            u64::from(u32::MAX) + 1,
            u64::MAX,
        ] {
            let bytes = head(0, number);
            assert_eq!(minicbor::to_vec(number).unwrap(), bytes);
        }
    }
}
