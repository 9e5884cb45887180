//! The hub: it listens, finds out whose each link is, and lets a session of that organisation run over it.

use crate::await_list::{Asking, AwaitList};
use crate::journal::{Journal, short, short_device};
use crate::keeper::{Keeper, Shown, Work};
use crate::limits::{DECIDE, FIRST_WORD, LINKS_MAX, LINKS_PER_DEVICE, ORGANISATIONS_MAX, STOP};
use crate::report::Books;
use crate::storage::{ShelfReader, Storage};
use barrow_link::error::LinkError;
use barrow_link::identity::Identity;
use barrow_link::limits::Limits;
use barrow_link::listen::Listener;
use barrow_link::meet::{Side, clock, meet};
use barrow_link::wire::Link;
use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::key::DeviceSecret;
use barrow_log::policy::Capability;
use barrow_log::stream::{DeviceKey, Seq, Stream, StreamKind};
use barrow_store::StoreError;
pub use barrow_sync::enrol::Secret;
use barrow_sync::enrol::{Enrolment, HubCode, JoinRequest};
use barrow_sync::interest::Interest;
use barrow_sync::log::{Durable, HeldLog};
use barrow_sync::message::Message;
use barrow_sync::session::{Me, Output, Session};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Says why a hub could not do what was asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum HubError {
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The network.
    #[error("The hub can't listen: {0}.")]
    Link(#[from] LinkError),
    /// The machine.
    #[error("{0}")]
    Machine(String),
}

/// Who a hub is.
pub struct Who {
    /// Its key.
    pub secret: DeviceSecret,
    /// Its run of numbers. It writes none yet, so it is the same for ever.
    pub incarnation: Incarnation,
    /// Lets one organisation in, once.
    pub setup: Secret,
}

/// A device's presence, and how far its own ops arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Counts its links.
    pub links: usize,
    /// Counts the ops that it last said to have written.
    pub of: u64,
}

/// One organisation's part of the hub.
pub struct Organisation {
    pub(crate) key: DeviceKey,
    epoch: [u8; 16],
    keeper: Mutex<Option<Keeper>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    shown: Shown,
    log: Arc<HeldLog<Box<dyn ShelfReader>>>,
    /// Reads for people: sessions have a reader of their own and wait for nobody.
    reader: Mutex<Box<dyn ShelfReader>>,
    present: Mutex<BTreeMap<DeviceKey, Presence>>,
}

impl Organisation {
    fn start(storage: &dyn Storage, key: DeviceKey) -> Result<Self, HubError> {
        let mut shelf = storage.shelf(key)?;
        let mut fresh = [0; 16];
        getrandom::fill(&mut fresh)
            .map_err(|_| HubError::Machine("This machine gives no randomness.".into()))?;
        let epoch = shelf.epoch(fresh)?;
        let (keeper, shown, thread) = Keeper::start(shelf, "barrow-hub")?;
        let durable = shown.durable.clone();
        let log = HeldLog::new(storage.reader(key)?, move || durable.borrow().clone());
        Ok(Self {
            key,
            epoch,
            keeper: Mutex::new(Some(keeper)),
            thread: Mutex::new(Some(thread)),
            shown,
            log: Arc::new(log),
            reader: Mutex::new(storage.reader(key)?),
            present: Mutex::default(),
        })
    }

    /// Returns the organisation's public key.
    pub fn key(&self) -> DeviceKey {
        self.key
    }

    /// Returns what is durable now.
    pub fn durable(&self) -> Durable {
        self.shown.durable.borrow().clone()
    }

    /// Tells what its writer did since the start, and when that grows.
    pub fn work(&self) -> watch::Receiver<Work> {
        self.shown.work.clone()
    }

    /// Tells what its books say, as far as they are folded.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn books(&self) -> Result<Books, StoreError> {
        locked(&self.reader).books()
    }

    /// Lists the devices that were here since the start.
    pub fn present(&self) -> BTreeMap<DeviceKey, Presence> {
        locked(&self.present).clone()
    }

    /// Ends the writer, once it did what it was asked.
    fn stop(&self) {
        locked(&self.keeper).take();
        if let Some(thread) = locked(&self.thread).take() {
            let _ = thread.join();
        }
    }
}

/// A hub at work.
pub struct Hub {
    storage: Box<dyn Storage>,
    who: Who,
    identity: Identity,
    journal: Journal,
    organisations: Mutex<BTreeMap<OrganisationId, Arc<Organisation>>>,
    /// The organisation that the one-time secret let in.
    set_up: Mutex<Option<DeviceKey>>,
    awaits: AwaitList,
    stopping: watch::Sender<bool>,
}

impl Hub {
    /// Opens every organisation that the storage keeps.
    ///
    /// # Errors
    /// When the storage can't be opened; another hub has it, most often.
    pub fn open(storage: Box<dyn Storage>, who: Who, journal: Journal) -> Result<Arc<Self>, HubError> {
        let identity = Identity::new(&who.secret)?;
        let hub = Self {
            storage,
            who,
            identity,
            journal,
            organisations: Mutex::default(),
            set_up: Mutex::default(),
            awaits: AwaitList::default(),
            stopping: watch::Sender::new(false),
        };
        for key in hub.storage.organisations()? {
            hub.take_on(key)?;
        }
        Ok(Arc::new(hub))
    }

    /// Returns the hub's public key.
    pub fn key(&self) -> DeviceKey {
        self.who.secret.public()
    }

    /// Returns the code that makes this hub a shop's, once.
    pub fn code(&self, addresses: Vec<String>) -> HubCode {
        HubCode {
            hub: self.key(),
            incarnation: self.who.incarnation,
            secret: self.who.setup,
            addresses,
        }
    }

    /// Lists the organisations by their ids.
    pub fn organisations(&self) -> BTreeMap<OrganisationId, Arc<Organisation>> {
        locked(&self.organisations).clone()
    }

    /// Returns the journal.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Begins to keep an organisation; one that it keeps stays as it is.
    ///
    /// # Errors
    /// When there are too many, or those of the disk.
    pub fn take_on(&self, key: DeviceKey) -> Result<(), HubError> {
        let mut organisations = locked(&self.organisations);
        let id = OrganisationId::of(&key);
        if organisations.contains_key(&id) {
            return Ok(());
        }
        if organisations.len() >= ORGANISATIONS_MAX {
            let why = format!("This hub keeps {ORGANISATIONS_MAX} shops, which is as many as it may.");
            return Err(HubError::Machine(why));
        }
        organisations.insert(id, Arc::new(Organisation::start(&*self.storage, key)?));
        self.journal
            .note("organisation", json!({ "organisation": short(&id) }));
        Ok(())
    }

    /// Listens at an address. Port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is taken or not this machine's.
    pub async fn listen(&self, address: SocketAddr) -> Result<Listener, HubError> {
        Ok(Listener::bind(address, &self.identity, Limits::default()).await?)
    }

    /// Serves whoever dials until [`Hub::stop`]; then cuts every link, and returns once everything is durable that was
    /// brought.
    pub async fn run(self: Arc<Self>, mut listener: Listener) {
        let mut links = JoinSet::new();
        let mut stopping = self.stopping.subscribe();
        loop {
            tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => break,
                Some(_) = links.join_next() => {}
                link = listener.accept() => match link {
                    Ok(link) if links.len() < LINKS_MAX => {
                        links.spawn(Arc::clone(&self).serve(link));
                    }
                    Ok(link) => drop(link),
                    Err(turned_away) => {
                        self.journal.note("turned_away", json!({ "why": turned_away.why.to_string() }));
                    }
                }
            }
        }
        drop(listener);
        let _ = timeout(STOP, async { while links.join_next().await.is_some() {} }).await;
        links.shutdown().await;
        let organisations = self.organisations();
        let stopped = tokio::task::spawn_blocking(move || {
            organisations
                .values()
                .for_each(|organisation| organisation.stop());
        });
        let _ = stopped.await;
        self.journal.note("stopped", json!({}));
    }

    /// Has [`Hub::run`] end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Serves one link: its first word tells what it is for.
    async fn serve(self: Arc<Self>, mut link: Link) {
        let Ok(Ok(Some(first))) = timeout(FIRST_WORD, link.recv()).await else {
            return;
        };
        if let Ok((_, Some(Message::Hello(hello)))) = Message::from_bytes(&first) {
            let found = locked(&self.organisations).get(&hello.organisation).cloned();
            return match found {
                Some(organisation) => self.session(organisation, link, first).await,
                None => {
                    refuse(
                        link,
                        "This hub does not keep this shop. Name it in the shop's settings first.",
                    )
                    .await
                }
            };
        }
        match Enrolment::from_bytes(&first) {
            Ok(Some(Enrolment::Admit { organisation, secret })) => {
                self.admit(link, organisation, secret).await
            }
            Ok(Some(Enrolment::Await { organisation, tag })) => self.wait(link, organisation, tag).await,
            Ok(Some(Enrolment::Join(request))) => self.pass_on(link, request).await,
            _ => {
                refuse(
                    link,
                    "This hub does not understand the other device. Update both.",
                )
                .await
            }
        }
    }

    /// Lets a session run.
    async fn session(&self, organisation: Arc<Organisation>, link: Link, first: Vec<u8>) {
        let (device, id) = (link.peer(), OrganisationId::of(&organisation.key));
        let Some(keeper) = locked(&organisation.keeper).clone() else {
            return;
        };
        let Some(_seat) = Seat::take(&organisation, device) else {
            return refuse(link, "This device has too many links to this hub.").await;
        };
        let names = json!({ "organisation": short(&id), "device": short_device(&device) });
        self.journal.note("linked", names.clone());
        let present = Arc::clone(&organisation);
        let side = Side {
            me: Me {
                organisation: organisation.key,
                device: self.key(),
                incarnation: self.who.incarnation,
                features: 0,
                epoch: organisation.epoch,
                interest: Interest::All,
            },
            heard: Some(first),
            log: Arc::clone(&organisation.log),
            durable: organisation.shown.durable.clone(),
            keep: async move |arrived| keeper.keep(arrived).await,
            now: clock(),
            tell: move |session: &mut Session, _: &_, _: &Output| {
                note_written(&present, session, device);
                true
            },
        };
        let mut stop = self.stopping.subscribe();
        let ended: Result<_, StoreError> = tokio::select! {
            ended = meet(side, link) => ended,
            _ = stop.wait_for(|stop| *stop) => Ok(None),
        };
        let why = match ended {
            Ok(None) => "stopped".to_owned(),
            Ok(Some(ending)) => ending.to_string(),
            Err(fault) => fault.to_string(),
        };
        let mut names = names;
        names["why"] = json!(why);
        self.journal.note("unlinked", names);
    }

    /// Lets an organisation in whose owner holds the hub's one-time secret.
    async fn admit(&self, link: Link, organisation: DeviceKey, secret: Secret) {
        let right = equal(&secret.0, &self.who.setup.0);
        let first = {
            let mut set_up = locked(&self.set_up);
            let first = right && set_up.is_none_or(|known| known == organisation);
            if first {
                *set_up = Some(organisation);
            }
            first
        };
        if !first {
            self.journal.note("refused", json!({ "why": "set-up secret" }));
            return refuse(
                link,
                "This code was used or is an old one. Start the hub again for a new one.",
            )
            .await;
        }
        match self.take_on(organisation) {
            Ok(()) => answer(link, &Enrolment::Welcome.to_bytes()).await,
            Err(fault) => refuse(link, &fault.to_string()).await,
        }
    }

    /// Lets a till wait for who it invited.
    async fn wait(&self, mut link: Link, organisation: OrganisationId, tag: [u8; 16]) {
        let found = locked(&self.organisations).get(&organisation).cloned();
        let may = found.is_some_and(|organisation| {
            let policy = organisation.durable().policy;
            let may = |capability| policy.may(&link.peer(), capability);
            may(Capability::Administer) || may(Capability::Enrol)
        });
        if !may {
            return refuse(link, "This device may not let others in. Use the owner's till.").await;
        }
        let Some(mut awaiting) = self.awaits.wait(organisation, tag) else {
            return refuse(
                link,
                "Too many tills wait for new devices. Try again in ten minutes.",
            )
            .await;
        };
        if link.send(Enrolment::Welcome.to_bytes()).await.is_err() {
            return;
        }
        let wait = timeout(DECIDE, async {
            loop {
                tokio::select! {
                    asked = awaiting.asked.recv() => {
                        let Some(asked) = asked else { return };
                        if !ask(&mut link, asked).await {
                            return;
                        }
                    }
                    // It has nothing to say before somebody asks: it left.
                    _ = link.recv() => return,
                }
            }
        });
        let _ = wait.await;
    }

    /// Passes a device's request on to the till that invited it, and the answer back.
    async fn pass_on(&self, mut link: Link, request: JoinRequest) {
        let Some(way) = self.awaits.find(request.organisation, request.tag) else {
            let why = "Nobody waits for this device. Show a new code on the owner's till, and keep it open.";
            return refuse(link, why).await;
        };
        let (sender, answered) = oneshot::channel();
        let asking = Asking {
            device: link.peer(),
            request,
            answer: sender,
        };
        if way.try_send(asking).is_err() {
            return refuse(link, "Another device is being let in. Try again in a minute.").await;
        }
        let decided = tokio::select! {
            answered = timeout(DECIDE, answered) => answered,
            _ = link.recv() => return,
        };
        match decided {
            Ok(Ok(bytes)) => answer(link, &bytes).await,
            _ => refuse(link, "The owner's till did not answer.").await,
        }
    }
}

/// Asks a till about a device; false when the till is gone.
async fn ask(link: &mut Link, asking: Asking) -> bool {
    let asks = Enrolment::Asks {
        device: asking.device,
        request: asking.request,
    };
    if link.send(asks.to_bytes()).await.is_err() {
        return false;
    }
    let mut answer = asking.answer;
    tokio::select! {
        said = link.recv() => match said {
            Ok(Some(bytes)) => answer.send(bytes).is_ok(),
            _ => false,
        },
        // The device gave up: the till hears of the next one.
        () = answer.closed() => true,
    }
}

async fn refuse(link: Link, why: &str) {
    answer(link, &Enrolment::Bye { reason: why.into() }.to_bytes()).await;
}

async fn answer(mut link: Link, bytes: &[u8]) {
    let _ = link.send(bytes.to_vec()).await;
    link.close().await;
}

/// Compares two secrets in a time that does not tell where they differ.
fn equal(one: &[u8; 16], other: &[u8; 16]) -> bool {
    one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// Notes how many ops a device says to have written.
fn note_written(organisation: &Organisation, session: &Session, device: DeviceKey) {
    let Some(peer) = session.peer() else { return };
    let of = written(
        OrganisationId::of(&organisation.key),
        device,
        peer.incarnation,
        |stream| session.peer_holds(&stream.id()).map_or(0, |held| held.seq),
    );
    if let Some(presence) = locked(&organisation.present).get_mut(&device) {
        presence.of = of;
    }
}

/// Adds up the ops of a device's streams.
pub(crate) fn written(
    organisation: OrganisationId,
    device: DeviceKey,
    incarnation: Incarnation,
    count: impl Fn(&Stream) -> Seq,
) -> u64 {
    let kinds = [StreamKind::Shop, StreamKind::Book, StreamKind::Floor];
    let streams = kinds.map(|kind| Stream {
        organisation,
        device,
        incarnation,
        kind,
    });
    streams.iter().map(count).sum()
}

/// One link's place among those of its device; dropping it makes room.
struct Seat {
    organisation: Arc<Organisation>,
    device: DeviceKey,
}

impl Seat {
    fn take(organisation: &Arc<Organisation>, device: DeviceKey) -> Option<Self> {
        let mut present = locked(&organisation.present);
        // A stranger is heard until policy tells, and is not remembered.
        let presence = present.entry(device).or_default();
        if presence.links >= LINKS_PER_DEVICE {
            return None;
        }
        presence.links += 1;
        Some(Self {
            organisation: Arc::clone(organisation),
            device,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let known = self.organisation.durable().policy;
        let mut present = locked(&self.organisation.present);
        if let Some(presence) = present.get_mut(&self.device) {
            presence.links = presence.links.saturating_sub(1);
            let stranger = known.certificates().all(|known| known.device != self.device);
            if stranger && presence.links == 0 {
                present.remove(&self.device);
            }
        }
    }
}

/// Locks what is whole between any two lines that change it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
