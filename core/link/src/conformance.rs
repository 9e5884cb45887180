//! The laws that every way to find devices keeps, those of other languages too.

use crate::discovery::{Claim, Discovery, Hint, Search};
use barrow_log::id::OrganisationId;
use barrow_log::stream::DeviceKey;
use std::time::Duration;

/// How often a law looks again: the network is given twenty seconds.
const LOOKS: u32 = 400;
/// How long a law waits between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// Holds two devices on one network to the laws. Where the way needs a tokio runtime, it is called within one of more
/// than one thread. The error tells the first law that is broken.
///
/// # Errors
/// When a law is broken.
pub fn local_discovery(one: &Discovery, two: &Discovery) -> Result<(), String> {
    let claim = Claim::of(&OrganisationId::from_bytes([9; 16]), &DeviceKey([7; 32]));
    let hints = |search: &Search| {
        let ours = |hint: &Hint| hint.claim == claim;
        search.hints().into_iter().filter(ours).collect::<Vec<_>>()
    };
    let fault = |fault: crate::discovery::DiscoveryError| fault.to_string();
    let search = two.search().map_err(fault)?;
    law(hints(&search).is_empty(), "who does not advertise is not found")?;
    let advert = one.advertise(&claim, 7117).map_err(fault)?;
    until(
        || found_at(&hints(&search), 7117),
        "who advertises is found, with the port to dial",
    )?;
    drop(advert);
    until(|| hints(&search).is_empty(), "who no longer advertises is gone")?;
    let _advert = one.advertise(&claim, 7118).map_err(fault)?;
    until(
        || found_at(&hints(&search), 7118),
        "who comes back is found at the new port",
    )?;
    drop(search);
    let search = two.search().map_err(fault)?;
    until(
        || found_at(&hints(&search), 7118),
        "a search that begins later finds who is there already",
    )
}

fn found_at(hints: &[Hint], port: u16) -> bool {
    let [hint] = hints else { return false };
    !hint.addresses.is_empty() && hint.addresses.iter().all(|address| address.port() == port)
}

fn until(holds: impl Fn() -> bool, sentence: &str) -> Result<(), String> {
    for _ in 0..LOOKS {
        if holds() {
            break;
        }
        std::thread::sleep(LOOK);
    }
    law(holds(), sentence)
}

fn law(holds: bool, law: &str) -> Result<(), String> {
    if holds {
        return Ok(());
    }
    Err(format!("The discovery breaks a law: {law}."))
}
