//! The stored form of a tax.
//!
//! Written by hand because taxes nest: stored bytes come from other devices, and a reader that follows any depth
//! could be made to run out of stack.

use super::{MAX_GROUP_DEPTH, MAX_TAXES, Tax, TaxKind};
use barrow_log::id::TaxId;
use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

/// How many fields are written. A reader takes more, and leaves what it does not know.
const FIELDS: u64 = 10; // the kind takes two

impl<C> Encode<C> for Tax {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.array(FIELDS)?;
        self.id.encode(e, ctx)?;
        e.str(&self.name)?;
        match &self.kind {
            TaxKind::Percent(rate) => rate.encode(e.u8(0)?, ctx)?,
            TaxKind::Fixed(levy) => levy.encode(e.u8(1)?, ctx)?,
            TaxKind::Division(rate) => rate.encode(e.u8(2)?, ctx)?,
            TaxKind::Group(children) => children.encode(e.u8(3)?, ctx)?,
        }
        e.bool(self.price_include)?
            .bool(self.include_base_amount)?
            .bool(self.is_base_affected)?;
        e.i32(self.sequence)?.str(&self.group)?;
        self.class.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Tax {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        decode_at(d, ctx, 0)
    }
}

/// Reads a tax that lies `depth` groups deep.
fn decode_at<C>(d: &mut Decoder<'_>, ctx: &mut C, depth: usize) -> Result<Tax, DecodeError> {
    let fields = d.array()?.filter(|fields| *fields >= FIELDS);
    let fields = fields.ok_or_else(|| DecodeError::message("a tax is an array of ten fields"))?;
    let tax = Tax {
        id: TaxId::decode(d, ctx)?,
        name: d.str()?.to_owned(),
        kind: decode_kind(d, ctx, depth)?,
        price_include: d.bool()?,
        include_base_amount: d.bool()?,
        is_base_affected: d.bool()?,
        sequence: d.i32()?,
        group: d.str()?.to_owned(),
        class: Decode::decode(d, ctx)?,
    };
    for _ in FIELDS..fields {
        d.skip()?;
    }
    Ok(tax)
}

fn decode_kind<C>(d: &mut Decoder<'_>, ctx: &mut C, depth: usize) -> Result<TaxKind, DecodeError> {
    Ok(match d.u8()? {
        0 => TaxKind::Percent(Decode::decode(d, ctx)?),
        1 => TaxKind::Fixed(Decode::decode(d, ctx)?),
        2 => TaxKind::Division(Decode::decode(d, ctx)?),
        3 if depth < MAX_GROUP_DEPTH => {
            let count = d.array()?.and_then(|count| usize::try_from(count).ok());
            let count = count.filter(|count| *count <= MAX_TAXES);
            let count = count.ok_or_else(|| DecodeError::message("a tax group has too many taxes"))?;
            let children: Result<Vec<Tax>, DecodeError> =
                (0..count).map(|_| decode_at(d, ctx, depth + 1)).collect();
            TaxKind::Group(children?)
        }
        3 => return Err(DecodeError::message("tax groups nest too deep")),
        _ => return Err(DecodeError::message("the kind of tax is unknown")),
    })
}

#[cfg(test)]
mod tests {
    use super::super::TaxClass;
    use super::*;

    fn tax(kind: TaxKind) -> Tax {
        Tax {
            id: TaxId::from_number(7),
            name: "VAT".into(),
            kind,
            price_include: true,
            include_base_amount: false,
            is_base_affected: true,
            sequence: -3,
            group: "A".into(),
            class: TaxClass::ZeroRated,
        }
    }

    fn nested(depth: usize) -> Tax {
        (0..depth).fold(tax(TaxKind::Percent("7.7".parse().unwrap())), |inner, _| {
            tax(TaxKind::Group(vec![inner]))
        })
    }

    #[test]
    fn a_tax_comes_back_as_it_was() {
        for tax in [
            tax(TaxKind::Fixed("0.05".parse().unwrap())),
            tax(TaxKind::Division("9".parse().unwrap())),
            nested(MAX_GROUP_DEPTH),
        ] {
            let bytes = minicbor::to_vec(&tax).unwrap();
            assert_eq!(minicbor::decode::<Tax>(&bytes).unwrap(), tax);
            let text = serde_json::to_string(&tax).unwrap();
            assert_eq!(serde_json::from_str::<Tax>(&text).unwrap(), tax);
        }
    }

    #[test]
    fn deep_or_wide_bytes_are_refused() {
        let bytes = minicbor::to_vec(nested(MAX_GROUP_DEPTH + 1)).unwrap();
        assert!(minicbor::decode::<Tax>(&bytes).is_err());
        let level = minicbor::to_vec(nested(1)).unwrap();
        let opening = &level[..level.iter().position(|b| *b == 3).unwrap() + 2];
        assert!(minicbor::decode::<Tax>(&opening.repeat(100_000)).is_err());
        let wide = tax(TaxKind::Group(vec![nested(0); MAX_TAXES + 1]));
        assert!(minicbor::decode::<Tax>(&minicbor::to_vec(wide).unwrap()).is_err());
    }

    #[test]
    fn a_later_field_is_left_alone() {
        let mut bytes = minicbor::to_vec(nested(0)).unwrap();
        bytes[0] += 1;
        bytes.push(0x05);
        assert_eq!(minicbor::decode::<Tax>(&bytes).unwrap(), nested(0));
    }
}
