//! `barrow hub`: the PC on which a shop's tills meet. docs/hub.md tells a shop-keeper how.

use crate::Frame;
use crate::output::{Exit, Failure};
use crate::place;
use barrow_hub::backup;
use barrow_hub::hub::{HubError, Secret, Who};
use barrow_hub::journal::Journal;
use barrow_hub::run::{RunOptions, Started, run as run_hub};
use barrow_log::id::Incarnation;
use barrow_log::key::DeviceSecret;
use barrow_till::ports::{Chance, FolderKeyStore, KeyStore, SystemChance};
use serde_json::json;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Names the hub's key in its key store.
const DEVICE: &str = "hub-device";
/// Names the hub's run of numbers in its key store.
const INCARNATION: &str = "hub-incarnation";
/// The folder of keys, inside the hub's.
const KEYS: &str = "keys";

/// Run a hub: the PC on which the shop's tills meet
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    start: Start,
}

/// How a hub is started.
#[derive(clap::Args)]
struct Start {
    /// The hub's folder
    #[arg(long, value_name = "DIR", default_value = "barrow-hub")]
    data: PathBuf,
    /// Where tills dial it
    #[arg(long, value_name = "ADDR", default_value = "[::]:7117")]
    listen: SocketAddr,
    /// What tills are told to dial, like hub.example:7117, if not this PC's own address; may be given again
    #[arg(long, value_name = "HOST:PORT")]
    address: Vec<String>,
    /// Where people look at it; elsewhere than on this PC they need the token that is shown
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7118")]
    status: SocketAddr,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Copy every shop of the hub into a folder, while the hub may run
    Backup {
        /// The hub's folder
        #[arg(long, value_name = "DIR", default_value = "barrow-hub")]
        data: PathBuf,
        /// The folder for the copies: another disk, a stick
        target: PathBuf,
    },
    /// Bring a copy back; the tills send again what it lacks
    Restore {
        /// The hub's folder
        #[arg(long, value_name = "DIR", default_value = "barrow-hub")]
        data: PathBuf,
        /// The copy
        file: PathBuf,
    },
}

/// Runs a hub until it is asked to stop, or copies its shops.
///
/// # Errors
/// When its folder or an address can't be used.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    match &args.action {
        None => start(&args.start, frame),
        Some(Action::Backup { data, target }) => {
            let copies = backup::backup(data, target).map_err(|fault| failure(&fault))?;
            let names: Vec<String> = copies.iter().map(|copy| copy.display().to_string()).collect();
            frame.output.answer(&json!({ "copies": names }), || {
                let mut text =
                    String::from("Copied. Keep the copies as safe as the hub: they are not sealed.\n");
                names
                    .iter()
                    .for_each(|name| text.push_str(&format!("  {name}\n")));
                text
            })?;
            Ok(Exit::Done)
        }
        Some(Action::Restore { data, file }) => {
            let shop = backup::restore(data, file).map_err(|fault| failure(&fault))?;
            frame.output.answer(&json!({ "shop": shop }), || {
                format!("Shop {shop} is back. Start the hub: the tills send again what the copy lacks.\n")
            })?;
            Ok(Exit::Done)
        }
    }
}

fn start(start: &Start, frame: &Frame) -> Result<Exit, Failure> {
    let (who, token) = who(&start.data)?;
    let options = RunOptions {
        data: start.data.clone(),
        listen: start.listen,
        addresses: start.address.clone(),
        status: start.status,
        token,
        who,
        journal: Journal::new(place::now_ms, Box::new(journal)),
    };
    run_hub(options, |started| {
        // Whoever started it sees it; a closed output is no reason not to serve.
        let _ = frame.output.answer(&told(started), || text(started));
    })
    .map_err(|fault| failure(&fault))?;
    Ok(Exit::Done)
}

/// Writes a line of the journal to the standard error.
fn journal(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

fn told(started: &Started) -> serde_json::Value {
    json!({
        "code": started.code,
        "addresses": started.addresses,
        "key": started.key,
        "status": started.status,
        "shops": started.shops,
    })
}

fn text(started: &Started) -> String {
    format!(
        "The hub runs at {}, and keeps {} shop{}. Its key begins with {}.\n\
         Look at it at {}\n\
         To make it your shop's, type this on the owner's till; it serves once:\n  barrow till hub {}\n",
        started.addresses.join(", "),
        started.shops,
        if started.shops == 1 { "" } else { "s" },
        &started.key[..8.min(started.key.len())],
        started.status,
        started.code,
    )
}

/// Finds out who the hub is, or makes its key; and makes the secrets of this start.
fn who(data: &Path) -> Result<(Who, String), Failure> {
    let keys = FolderKeyStore::new(&data.join(KEYS));
    let secret: [u8; 32] = kept(&keys, DEVICE)?;
    let incarnation: [u8; 16] = kept(&keys, INCARNATION)?;
    let (mut setup, mut token) = ([0; 16], [0_u8; 16]);
    SystemChance.fill(&mut setup)?;
    SystemChance.fill(&mut token)?;
    let who = Who {
        secret: DeviceSecret::from_seed(secret),
        incarnation: Incarnation::from_bytes(incarnation),
        setup: Secret(setup),
    };
    Ok((who, token.iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// Returns what the key store has under a name, or puts new randomness there.
fn kept<const N: usize>(keys: &FolderKeyStore, name: &str) -> Result<[u8; N], Failure> {
    if let Some(kept) = keys.get(name)? {
        let damaged = || Failure::new(Exit::Store, "The hub's key is damaged. Restore its keys folder.");
        return kept.as_slice().try_into().map_err(|_| damaged());
    }
    let mut fresh = Zeroizing::new([0_u8; N]);
    SystemChance.fill(&mut *fresh)?;
    keys.put(name, &*fresh)?;
    Ok(*fresh)
}

fn failure(fault: &HubError) -> Failure {
    Failure::new(Exit::Store, fault.to_string())
}
