//! Values of a request: objects, whole minor units, exact decimals, and fields that are there or not.

use rust_decimal::Decimal;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// Reads a field that may be left out but, when it is there, has a value: `null` is refused as an unknown intent.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A value that is written as a JSON object and nothing else.
///
/// By itself the library would also take an array, field by field, for any object.
#[derive(Debug)]
pub struct Object<T>(T);

impl<T> Deref for Object<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Object<T> {
    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with named fields")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<T>, A::Error> {
        let value = T::deserialize(MapAccessDeserializer::new(&mut map))?;
        // A choice between fields reads one and leaves the rest.
        if map.next_key::<IgnoredAny>()?.is_some() {
            return Err(A::Error::custom(
                "exactly one field was expected here, and there are more",
            ));
        }
        Ok(Object(value))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ObjectVisitor(PhantomData))
    }
}

/// An amount in whole minor units, a JSON integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minor(pub i64);

struct MinorVisitor;

impl Visitor<'_> for MinorVisitor {
    type Value = Minor;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number of minor units such as 928 for 9.28")
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Minor, E> {
        Ok(Minor(value))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Minor, E> {
        i64::try_from(value)
            .map(Minor)
            .map_err(|_| E::custom("the amount is too large"))
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<Minor, E> {
        Err(E::custom(
            "write a whole number of minor units such as 928 for 9.28: a JSON number with a point is not exact",
        ))
    }
}

impl<'de> Deserialize<'de> for Minor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(MinorVisitor)
    }
}

/// An exact decimal number of up to 28 digits, as text or a JSON integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact(pub Decimal);

struct ExactVisitor;

impl Visitor<'_> for ExactVisitor {
    type Value = Exact;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number as text such as \"1.25\", or a whole number")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Exact, E> {
        let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+');
        let number = Decimal::from_str_exact(text).ok();
        number
            .filter(|_| text.bytes().all(plain) && !text.ends_with('.'))
            .map(Exact)
            .ok_or_else(|| E::custom("a number is plain digits such as 1.25, 28 of them at most"))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Exact, E> {
        Ok(Exact(value.into()))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Exact, E> {
        Ok(Exact(value.into()))
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<Exact, E> {
        Err(E::custom(
            "write a number with decimals as text such as \"1.25\": a JSON number is not exact",
        ))
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ExactVisitor)
    }
}
