//! One decoder of the table, named in `BARROW_DECODER`, under libFuzzer; `list` lists them.
#![no_main]

use barrow_fuzz::runner::{decoder, feed};
use barrow_fuzz::table::{DECODERS, Decoder};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

static DECODER: OnceLock<&'static Decoder> = OnceLock::new();

fuzz_target!(
    init: {
        let name = std::env::var("BARROW_DECODER").unwrap_or_default();
        if name == "list" {
            DECODERS.iter().for_each(|decoder| println!("{}", decoder.name));
            std::process::exit(0);
        }
        let Some(found) = decoder(&name) else {
            eprintln!("There is no decoder {name:?}; BARROW_DECODER=list lists them.");
            std::process::exit(2);
        };
        // What a thread makes once is no part of what an input takes.
        (found.check)(&(found.seeds)().first().cloned().unwrap_or_default());
        let _ = DECODER.set(found);
    },
    |input: &[u8]| {
        if let Some(decoder) = DECODER.get()
            && let Err(found) = feed(decoder, input)
        {
            panic!("{}", found.why);
        }
    }
);
