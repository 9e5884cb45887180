//! A hub as a program: it runs until the system asks it to stop.

use crate::http;
use crate::hub::{Hub, HubError, Who};
use crate::journal::Journal;
use crate::sqlite::SqliteStorage;
use barrow_link::listen::own_address;
use barrow_store::Options;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The folder of the organisations, inside the hub's.
pub const ORGANISATIONS: &str = "shops";

/// What a hub is told.
pub struct RunOptions {
    /// The hub's folder.
    pub data: PathBuf,
    /// Where tills dial it.
    pub listen: SocketAddr,
    /// What the code says of where it is, when that is not this machine's own address.
    pub addresses: Vec<String>,
    /// Where people look at it.
    pub status: SocketAddr,
    /// Lets people look from elsewhere than this machine.
    pub token: String,
    /// Who it is.
    pub who: Who,
    /// Takes what it does.
    pub journal: Journal,
}

/// What a hub shows once, when it is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The code that makes it a shop's.
    pub code: String,
    /// The addresses in the code.
    pub addresses: Vec<String>,
    /// The hub's key.
    pub key: String,
    /// Where people look at it, with the token where one is needed.
    pub status: String,
    /// Counts the shops that it keeps.
    pub shops: usize,
}

/// Runs a hub until the system asks it to stop, and returns when everything is durable.
///
/// # Errors
/// When its folder is in use or can't be opened, or an address is taken.
pub fn run(options: RunOptions, started: impl FnOnce(&Started)) -> Result<(), HubError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|fault| HubError::Machine(format!("This machine can't start a hub: {fault}.")))?;
    runtime.block_on(work(options, started))
}

async fn work(options: RunOptions, started: impl FnOnce(&Started)) -> Result<(), HubError> {
    let storage = SqliteStorage::new(&options.data.join(ORGANISATIONS), &Options::default())?;
    let hub = Hub::open(Box::new(storage), options.who, options.journal)?;
    let listener = hub.listen(options.listen).await?;
    let listening = listener.address()?;
    let status = TcpListener::bind(options.status).await.map_err(|fault| {
        HubError::Machine(format!(
            "The status page can't be shown at {}: {fault}.",
            options.status
        ))
    })?;
    let shown_at = status.local_addr().unwrap_or(options.status);
    let token = (!http::is_private(&shown_at)).then_some(options.token);
    let addresses = match options.addresses.is_empty() {
        true => vec![reachable(listening).to_string()],
        false => options.addresses,
    };
    let words = token
        .as_ref()
        .map_or_else(String::new, |token| format!("?token={token}"));
    started(&Started {
        code: hub.code(addresses.clone()).to_text(),
        addresses,
        key: hub.key().to_string(),
        status: format!("http://{}/{words}", reachable(shown_at)),
        shops: hub.organisations().len(),
    });
    let pages = tokio::spawn(http::serve(Arc::clone(&hub), status, token));
    let asked = Arc::clone(&hub);
    let asking = tokio::spawn(async move {
        asked_to_stop().await;
        asked.stop();
    });
    hub.run(listener).await;
    pages.abort();
    asking.abort();
    Ok(())
}

fn reachable(listening: SocketAddr) -> SocketAddr {
    match listening.ip().is_unspecified() {
        true => SocketAddr::new(own_address(), listening.port()),
        false => listening,
    }
}

/// Waits until the system asks the program to stop.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
