//! Where secrets lie, and how a shop is opened. The folder of the shop itself is [`folder`](crate::folder)'s.

use crate::Frame;
use crate::output::{Exit, Failure, unwritten};
use crate::shop::Shop;
use barrow_kernel::rejection::Rejection;
use barrow_store::Options;
use barrow_till::Till;
use barrow_till::error::TillError;
use barrow_till::goods::Fault;
use barrow_till::ports::{Clock, Ports, SystemClock, fresh_id};
use std::env;
use std::path::{Path, PathBuf};

/// Chooses the folder of secrets: `BARROW_KEYS`, else `barrow/keys` in the user's state folder.
///
/// It is never inside the folder of the shop, so that a copy of that folder holds no key.
pub fn keys() -> PathBuf {
    let set = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set("BARROW_KEYS").unwrap_or_else(|| {
        let state = if cfg!(windows) {
            set("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            set("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            set("XDG_STATE_HOME").or_else(|| set("HOME").map(|home| home.join(".local/state")))
        };
        state.unwrap_or_default().join("barrow/keys")
    })
}

/// Lends a till what this machine has.
pub fn ports() -> Ports {
    Ports::system(&keys())
}

/// Opens the shop of the frame's folder.
///
/// # Errors
/// When there is none, another process has it, or it can't be used.
pub fn open(frame: &Frame) -> Result<Shop, Failure> {
    open_at(&frame.folder, ports())
}

/// Opens the shop of a folder.
///
/// # Errors
/// As [`open`].
pub fn open_at(folder: &Path, ports: Ports) -> Result<Shop, Failure> {
    if !holds_shop(folder) {
        let hint = "Make one with: barrow init --name \"My stall\" --country DE";
        return Err(Failure::new(
            Exit::Store,
            format!("There is no shop in {}. {hint}", folder.display()),
        ));
    }
    let till = Till::open(folder, ports, &Options::default()).map_err(|fault| failure(&fault))?;
    Shop::new(till)
}

/// Tells whether a folder holds a shop.
pub fn holds_shop(folder: &Path) -> bool {
    folder.join(barrow_store::DATABASE_FILE).exists()
}

/// Returns how the command ends when a till refuses.
pub fn failure(fault: &TillError) -> Failure {
    match fault {
        TillError::Rejected {
            rejection: rejection @ Rejection::Unknown { .. },
        } => Failure::new(Exit::NotFound, rejection.to_string()),
        TillError::Rejected {
            rejection: rejection @ Rejection::Unreadable { .. },
        } => Failure::new(Exit::Store, rejection.to_string()),
        TillError::Rejected { rejection } => Failure::invalid(rejection.to_string()),
        _ => Failure::new(Exit::Store, fault.to_string()),
    }
}

impl From<TillError> for Failure {
    fn from(fault: TillError) -> Self {
        failure(&fault)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::File(why) => Self::invalid(why),
            Fault::Write(fault) => unwritten(fault),
            Fault::Till(fault) => failure(&fault),
        }
    }
}

/// Returns the wall clock in milliseconds since 1970.
pub fn now_ms() -> i64 {
    SystemClock.now_ms()
}

/// Makes sixteen bytes for an id whose order is the order of making.
///
/// # Errors
/// When the device has no randomness.
pub fn id() -> Result<[u8; 16], Failure> {
    Ok(fresh_id()?)
}
