//! Measures how fast a stream is checked: headers and bodies in ops/s, signatures in signatures/s.
//!
//! `cargo run --release -p barrow-log --example verify_speed [ops]`

// A measurement needs the machine's clock; nothing here is replayed.
#![allow(clippy::disallowed_methods)]

use std::error::Error;
use std::time::Instant;

use barrow_log::author::{Author, OpDraft};
use barrow_log::body::Body;
use barrow_log::clock::HlcClock;
use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::key::DeviceSecret;
use barrow_log::stream::{Stream, StreamKind};
use barrow_log::verify::ChainCheck;

/// The bytes of a sale's content, about what ten lines and one tender take.
const CONTENT_LEN: usize = 600;
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let count: u64 = std::env::args().nth(1).map_or(Ok(50_000), |text| text.parse())?;
    let secret = DeviceSecret::from_seed([7; 32]);
    let stream = Stream {
        organisation: OrganisationId::from_number(1),
        device: secret.public(),
        incarnation: Incarnation::from_number(2),
        kind: StreamKind::Book,
    };
    let (mut author, mut clock, mut signed) = (Author::new(stream), HlcClock::default(), Vec::new());
    let started = Instant::now();
    for number in 1..=count {
        let content: Vec<u8> = (0..CONTENT_LEN as u64).map(|at| (at * number) as u8).collect();
        let op = author.next(OpDraft {
            kind: 3,
            kind_version: 1,
            hlc: clock.tick(1_750_000_000_000 + number as i64),
            wall_ms: 1_750_000_000_000 + number as i64,
            height: number,
            policy_version: 3,
            deps: Vec::new(),
            body: Body::plain(content),
        })?;
        signed.push((op, author.seal(&secret)?));
    }
    let rate = |started: Instant| count as f64 / started.elapsed().as_secs_f64();
    println!("written and signed   {:>9.0} ops/s", rate(started));

    let mut chain_rates = Vec::new();
    for _ in 0..ROUNDS {
        let (mut check, started) = (ChainCheck::new(stream.id(), stream.device), Instant::now());
        for (op, _) in &signed {
            check.feed(&op.header, op.body.as_deref())?;
        }
        let (_, signature) = signed.last().ok_or("no ops")?;
        check.signature(count, signature)?;
        chain_rates.push(rate(started));
    }
    println!(
        "headers and bodies   {:>9.0} ops/s (median of {ROUNDS})",
        median(chain_rates)
    );

    let mut signature_rates = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        for (op, signature) in &signed {
            stream.device.verify_op(&op.hash(), signature)?;
        }
        signature_rates.push(rate(started));
    }
    println!(
        "signatures, any key  {:>9.0} /s (median of {ROUNDS})",
        median(signature_rates)
    );

    let (mut check, started) = (ChainCheck::new(stream.id(), stream.device), Instant::now());
    for (number, (op, signature)) in (1..).zip(&signed) {
        check.feed(&op.header, op.body.as_deref())?;
        check.signature(number, signature)?;
    }
    println!(
        "everything           {:>9.0} ops/s, each with its signature",
        rate(started)
    );
    Ok(())
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}
