//! This till on the network: it keeps a session with the hub of record and with tills near by, and lets devices in.
//!
//! One thread has the only runtime. What it learns lies in the till's [`Spread`](crate::spread::Spread).

mod host;
mod invite;
mod join;
mod peers;

use crate::error::TillError;
use crate::shelf::HeldLog;
use crate::spread::SPREAD;
use crate::till::Till;
use barrow_link::dial::dial;
use barrow_link::discovery::Discovery;
use barrow_link::limits::Limits;
use barrow_link::meet::{Side, clock, meet};
use barrow_link::wire::Link;
use barrow_log::stream::DeviceKey;
use barrow_sync::enrol::{Enrolment, HubCode};
use barrow_sync::session::{Ending, Output, Session};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

pub use invite::{Asking, Invited};
pub use join::join;

/// The most links at once: every till of a large market.
const LINKS_MAX: usize = 64;
/// How long a caller may take to say its first word, or a hub to answer a question.
const FIRST_WORD: Duration = Duration::from_secs(5);
/// How often is remembered what others acknowledged: each time costs the disk a sync.
const REMEMBER: Duration = Duration::from_secs(5);
/// The name of a hub in policy. Its owner may give it another.
const HUB_NAME: &str = "Hub";

/// What a till does on the network.
#[derive(Clone, Debug, Default)]
pub struct NetOptions {
    /// Listens here for tills of the shop; port 0 takes a free one.
    pub host: Option<SocketAddr>,
    /// Finds tills near by, and is found by them if it hosts.
    pub near_by: bool,
    /// Dials these addresses too, for networks on which nothing is found.
    pub peers: Vec<String>,
}

/// What the tasks of the network share.
struct Shared {
    till: Arc<Till>,
    options: NetOptions,
    /// Where it listens.
    listening: watch::Sender<Option<SocketAddr>>,
    links: Semaphore,
    invitation: invite::Invitation,
    trouble: Mutex<Option<String>>,
}

/// A till's network at work. Dropping it ends every link; what was not acknowledged is sent the next time.
pub struct Net {
    shared: Arc<Shared>,
    handle: Handle,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Net {
    /// Starts. What can't be reached now is dialled again and again.
    ///
    /// # Errors
    /// When the machine gives no thread or the address to listen at is not free.
    pub fn start(till: Arc<Till>, options: NetOptions) -> Result<Self, TillError> {
        let runtime = runtime()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = watch::channel(false);
        let shared = Arc::new(Shared {
            till,
            links: Semaphore::new(LINKS_MAX),
            listening: watch::Sender::new(None),
            invitation: invite::Invitation::default(),
            trouble: Mutex::default(),
            options,
        });
        let host = match shared.options.host {
            Some(address) => Some(runtime.block_on(host::Host::open(&shared, address))?),
            None => None,
        };
        let running = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("barrow-net".into())
            .spawn(move || runtime.block_on(run(running, host, stopped)))
            .map_err(|fault| TillError::device(&format!("The device can't start its network: {fault}.")))?;
        Ok(Self {
            shared,
            handle,
            stop,
            thread: Some(thread),
        })
    }

    /// Returns the till.
    pub fn till(&self) -> &Arc<Till> {
        &self.shared.till
    }

    /// Returns where it listens; `None` when it does not.
    pub fn listening(&self) -> Option<SocketAddr> {
        *self.shared.listening.borrow()
    }

    /// Tells what was in the way when the hub of record was dialled last; `None` while there is a link.
    pub fn trouble(&self) -> Option<String> {
        locked(&self.shared.trouble).clone()
    }

    /// Makes a hub the shop's hub of record by the code that it shows. From then on this till sends it everything.
    ///
    /// # Errors
    /// When this till may not, the hub can't be reached, or says no.
    pub fn name_hub(&self, code: &str) -> Result<(), TillError> {
        let code = HubCode::from_text(code).map_err(|fault| TillError::unavailable(fault.to_string()))?;
        if self.shared.till.organisation_key().is_none() {
            let why = "This device does not hold the shop's key. Name the hub on the owner's till.";
            return Err(TillError::unavailable(why));
        }
        self.handle.block_on(self.shared.name_hub(&code))
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Makes the one runtime of a program that has a till.
fn runtime() -> Result<tokio::runtime::Runtime, TillError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|fault| TillError::device(&format!("The device can't start its network: {fault}.")))
}

async fn run(shared: Arc<Shared>, host: Option<host::Host>, mut stopped: watch::Receiver<bool>) {
    let mut tasks = JoinSet::new();
    // A device that can't find others near by still has its hub and the addresses that it was given.
    let discovery = shared.options.near_by.then(Discovery::new).and_then(Result::ok);
    let _advert = match (&discovery, &host) {
        (Some(discovery), Some(host)) => host.announce(&shared, discovery),
        _ => None,
    };
    if let Some(host) = host {
        tasks.spawn(host.run(Arc::clone(&shared)));
    }
    tasks.spawn(peers::keep_hub(Arc::clone(&shared)));
    tasks.spawn(remember(Arc::clone(&shared)));
    for address in shared.options.peers.clone() {
        tasks.spawn(peers::keep_peer(Arc::clone(&shared), vec![address], None));
    }
    if let Some(discovery) = &discovery
        && let Ok(search) = discovery.search()
    {
        tasks.spawn(peers::keep_near_by(Arc::clone(&shared), search));
    }
    let _ = stopped.wait_for(|stop| *stop).await;
    tasks.shutdown().await;
    // Where the till has stopped before, what was remembered last is true too: less is acknowledged in it.
    let _ = shared.remember().await;
    if let Some(discovery) = discovery {
        discovery.close();
    }
}

/// Remembers what others acknowledged, now and then and at the end.
async fn remember(shared: Arc<Shared>) {
    let mut changed = shared.till.acknowledged().changed();
    while changed.changed().await.is_ok() {
        sleep(REMEMBER).await;
        changed.mark_unchanged();
        if shared.remember().await.is_err() {
            return;
        }
    }
}

impl Shared {
    async fn remember(&self) -> Result<(), TillError> {
        let policy = Arc::clone(&self.till.durable().borrow().policy);
        let bytes = self.till.acknowledged().to_bytes(&policy);
        self.till.ask_note(SPREAD, bytes)?.await
    }

    /// Lets a session run over a link until it ends. `heard` is what was read already.
    async fn session(&self, link: Link, heard: Option<Vec<u8>>) -> Result<Option<Ending>, TillError> {
        let peer = link.peer();
        let Ok(_place) = self.links.try_acquire() else {
            link.close().await;
            return Ok(None);
        };
        let spread = self.till.acknowledged().clone();
        let _linked = spread.link(peer);
        let keeper = Arc::clone(&self.till);
        let side = Side {
            me: self.till.me(),
            heard,
            log: self.till.log()?,
            durable: self.till.durable(),
            keep: async move |arrived| keeper.keep(arrived).await,
            now: clock(),
            tell: move |session: &mut Session, log: &HeldLog, output: &Output| {
                if let Output::Holds(held) = output {
                    spread.holds(peer, held);
                }
                // What can't be read here ends the session by itself.
                let in_step = session.is_in_step(log).unwrap_or(false);
                spread.stands(peer, session.is_quiet(), in_step);
                true
            },
        };
        meet(side, link).await
    }

    /// Dials, with this till's identity.
    async fn dial(&self, address: &str, expected: Option<DeviceKey>) -> Result<Link, TillError> {
        let identity = self.till.link_identity();
        let link = dial(address, identity, expected, &Limits::default()).await;
        link.map_err(|fault| TillError::unavailable(format!("{}.", capital(&fault.to_string()))))
    }

    async fn name_hub(&self, code: &HubCode) -> Result<(), TillError> {
        let (mut link, address) = self.dial_any(&code.addresses, Some(code.hub)).await?;
        let admit = Enrolment::Admit {
            organisation: self.till.me().organisation,
            secret: code.secret,
        };
        ask(&mut link, &admit).await?;
        link.close().await;
        let hub = crate::Applicant::hub(code.hub, code.incarnation, HUB_NAME);
        self.till.ask_certify(hub, Some(address))?.await?;
        Ok(())
    }

    /// Dials addresses of one device until one answers, and tells which.
    async fn dial_any(
        &self,
        addresses: &[String],
        expected: Option<DeviceKey>,
    ) -> Result<(Link, String), TillError> {
        let mut fault = TillError::unavailable("There is no address to dial.");
        for address in addresses {
            match self.dial(address, expected).await {
                Ok(link) => return Ok((link, address.clone())),
                Err(error) => fault = error,
            }
        }
        Err(fault)
    }
}

/// Asks something, and takes anything but a welcome for a refusal.
async fn ask(link: &mut Link, question: &Enrolment) -> Result<(), TillError> {
    let lost = || TillError::unavailable("The other device did not answer. Try again.");
    link.send(question.to_bytes()).await.map_err(|_| lost())?;
    let said = timeout(FIRST_WORD, link.recv()).await.map_err(|_| lost())?;
    welcome(said.ok().flatten())
}

/// Reads an answer.
fn welcome(said: Option<Vec<u8>>) -> Result<(), TillError> {
    match said.map(|bytes| Enrolment::from_bytes(&bytes)) {
        Some(Ok(Some(Enrolment::Welcome))) => Ok(()),
        Some(Ok(Some(Enrolment::Bye { reason }))) => Err(TillError::unavailable(reason)),
        _ => Err(TillError::unavailable(
            "The other device did not answer. Try again.",
        )),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind these locks is whole between any two lines that change it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
