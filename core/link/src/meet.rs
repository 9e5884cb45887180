//! A session over a link: what the peer says goes to the session, what the session wants kept goes to whoever keeps.

use crate::wire::Link;
use barrow_sync::log::{Durable, Log};
use barrow_sync::session::{Arrived, Ending, Me, Output, Session};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Messages that wait for the network: what a slow peer makes us hold is bounded by what one answer may have.
const OUTBOX: usize = 64;

/// Returns a clock for sessions: milliseconds that only go forward, whatever happens to the time of day.
pub fn clock() -> impl Fn() -> i64 + Clone + Send + Sync + 'static {
    let start = tokio::time::Instant::now();
    move || i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// What a meeting needs of its side.
pub struct Side<L, Keep, Now, Tell> {
    /// Who speaks.
    pub me: Me,
    /// A message of the peer that was read already, to see whose session it is.
    pub heard: Option<Vec<u8>>,
    /// What is held.
    pub log: L,
    /// What is durable, and when it grows.
    pub durable: watch::Receiver<Durable>,
    /// Makes ops durable.
    pub keep: Keep,
    /// Tells the time in milliseconds, as [`clock`] does.
    pub now: Now,
    /// Hears what the session comes to; returns false to say goodbye.
    pub tell: Tell,
}

/// Talks over a link until either side ends it. `None` when this side had enough.
///
/// # Errors
/// When this side's store fails. What the network does is an [`Ending`].
pub async fn meet<L, E, Keep, Now, Tell>(
    mut side: Side<L, Keep, Now, Tell>,
    link: Link,
) -> Result<Option<Ending>, E>
where
    L: Log<Error: Into<E>>,
    Keep: AsyncFnMut(Vec<Arrived>) -> Result<(), E>,
    Now: Fn() -> i64,
    Tell: FnMut(&mut Session, &L, &Output) -> bool,
{
    let mut session = Session::new(side.me.clone(), Some(link.peer()));
    let (mut sender, mut receiver) = link.split();
    let (outbox, mut waiting) = mpsc::channel::<Vec<u8>>(OUTBOX);
    // A task of its own: a peer that reads slowly must not keep this side from reading.
    let sending = tokio::spawn(async move {
        while let Some(message) = waiting.recv().await {
            if sender.send(message).await.is_err() {
                return;
            }
        }
        sender.close().await;
    });
    side.durable.mark_unchanged();
    let mut seen = side.durable.borrow().clone();
    let mut outputs: VecDeque<Output> = session.start(&side.log, (side.now)()).map_err(Into::into)?.into();
    if let Some(heard) = side.heard.take() {
        outputs.extend(
            session
                .receive(&heard, &side.log, (side.now)())
                .map_err(Into::into)?,
        );
    }
    let ended = loop {
        if let Some(ended) = carry_out(&mut side, &mut session, &mut outputs, &outbox).await? {
            break ended;
        }
        let wake = session.wake_ms().saturating_sub((side.now)()).max(0);
        let said = tokio::select! {
            message = receiver.recv() => match message {
                Ok(Some(bytes)) => session.receive(&bytes, &side.log, (side.now)()).map_err(Into::into)?,
                Ok(None) => break Some(Ending::Bye("The other device said goodbye.".into())),
                Err(_) => break Some(Ending::Lost),
            },
            grown = side.durable.changed() => {
                if grown.is_err() {
                    break None;
                }
                let now = side.durable.borrow_and_update().clone();
                let streams = now.grown_since(&seen);
                seen = now;
                session.changed(&streams, &side.log, (side.now)()).map_err(Into::into)?
            }
            () = tokio::time::sleep(Duration::from_millis(wake.unsigned_abs())) => session.poll((side.now)()),
        };
        outputs.extend(said);
    };
    drop(outbox);
    let _ = sending.await;
    Ok(ended)
}

/// Does what a session asks for. Returns how it ended, once it did: `Some(None)` when this side had enough.
#[allow(
    clippy::option_option,
    reason = "not over, over by our wish, over by an ending"
)]
async fn carry_out<L, E, Keep, Now, Tell>(
    side: &mut Side<L, Keep, Now, Tell>,
    session: &mut Session,
    outputs: &mut VecDeque<Output>,
    outbox: &mpsc::Sender<Vec<u8>>,
) -> Result<Option<Option<Ending>>, E>
where
    L: Log<Error: Into<E>>,
    Keep: AsyncFnMut(Vec<Arrived>) -> Result<(), E>,
    Now: Fn() -> i64,
    Tell: FnMut(&mut Session, &L, &Output) -> bool,
{
    while !outputs.is_empty() {
        let mut arrived = Vec::new();
        for output in std::mem::take(outputs) {
            let goes_on = (side.tell)(session, &side.log, &output);
            match output {
                Output::Send(bytes) => {
                    let sent = outbox.send(bytes).await;
                    if sent.is_err() {
                        return Ok(Some(Some(Ending::Lost)));
                    }
                }
                Output::Store(ops) => arrived.push(ops),
                Output::Ended(ending) => return Ok(Some(Some(ending))),
                _ => {}
            }
            if !goes_on {
                return Ok(Some(None));
            }
        }
        if !arrived.is_empty() {
            let mut streams: Vec<_> = arrived.iter().map(|arrived| arrived.stream.id()).collect();
            streams.sort_unstable();
            streams.dedup();
            (side.keep)(arrived).await?;
            outputs.extend(
                session
                    .stored(&streams, &side.log, (side.now)())
                    .map_err(Into::into)?,
            );
        }
    }
    Ok(None)
}
