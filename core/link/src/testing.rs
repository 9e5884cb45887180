//! A proxy that breaks connections as networks do, and the readers of what strangers send: for tests.

use barrow_log::key::DeviceSecret;
use barrow_log::stream::DeviceKey;
use futures_util::{FutureExt, StreamExt};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;

/// The bytes that are carried at once.
const PIECE: usize = 16 << 10;

/// What befalls the bytes on their way in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// How much later each piece arrives.
    pub delay: Duration,
    /// How many bytes get through in a second.
    pub bytes_per_second: Option<u32>,
    /// After how many bytes of a connection it ends, in the middle of whatever is said.
    pub ends_after: Option<usize>,
    /// Bytes are taken and lost: the sender notices nothing.
    pub swallows: bool,
    /// Bytes are not taken: the sender's buffers fill.
    pub frozen: bool,
}

/// What befalls the bytes on their way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// From who dialled to who listens.
    pub there: Way,
    /// From who listens to who dialled.
    pub back: Way,
    /// A connection ends by a reset, not by an orderly end of the bytes.
    pub resets: bool,
}

/// A proxy that breaks connections as told. Dropping it ends them all.
pub struct Proxy {
    address: SocketAddr,
    faults: watch::Sender<Faults>,
    cuts: watch::Sender<()>,
    _running: JoinSet<()>,
}

impl Proxy {
    /// Starts a proxy before a listener; it carries bytes faithfully until told otherwise.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn before(target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (faults, cuts) = (watch::Sender::new(Faults::default()), watch::Sender::new(()));
        let mut running = JoinSet::new();
        running.spawn(run(listener, target, faults.subscribe(), cuts.subscribe()));
        Ok(Self {
            address,
            faults,
            cuts,
            _running: running,
        })
    }

    /// Returns where to dial.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets what befalls the bytes from now on, those of connections that are open too.
    pub fn set(&self, faults: Faults) {
        self.faults.send_replace(faults);
    }

    /// Ends every connection that is open; new ones are carried.
    pub fn cut(&self) {
        self.cuts.send_replace(());
    }
}

async fn run(
    listener: TcpListener,
    target: SocketAddr,
    faults: watch::Receiver<Faults>,
    cuts: watch::Receiver<()>,
) {
    let mut carried = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        carried.spawn(carry(near, target, faults.clone(), cuts.clone()));
        while carried.try_join_next().is_some() {}
    }
}

/// Carries one connection to its end.
async fn carry(
    mut near: TcpStream,
    target: SocketAddr,
    faults: watch::Receiver<Faults>,
    mut cuts: watch::Receiver<()>,
) {
    cuts.mark_unchanged();
    let Ok(mut far) = TcpStream::connect(target).await else {
        return;
    };
    let (near_in, near_out) = near.split();
    let (far_in, far_out) = far.split();
    tokio::select! {
        _ = cuts.changed() => {}
        _ = async { tokio::try_join!(
            pump(near_in, far_out, faults.clone(), |faults| faults.there),
            pump(far_in, near_out, faults.clone(), |faults| faults.back),
        ) } => {}
    }
    if faults.borrow().resets {
        // Where the socket is gone already there is nothing to reset.
        let _ = (near.set_zero_linger(), far.set_zero_linger());
    }
}

/// A direction that did not come to an orderly end; the other one ends with it.
struct Broken;

/// Carries bytes in one direction.
async fn pump(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    mut faults: watch::Receiver<Faults>,
    way: fn(&Faults) -> Way,
) -> Result<(), Broken> {
    let (mut piece, mut carried) = ([0; PIECE], 0);
    loop {
        if faults.wait_for(|faults| !way(faults).frozen).await.is_err() {
            return Err(Broken);
        }
        let read = tokio::select! {
            _ = faults.changed() => continue,
            read = from.read(&mut piece) => read,
        };
        let now = way(&faults.borrow());
        let mut bytes = match read {
            Ok(0) if to.shutdown().await.is_ok() => return Ok(()),
            Ok(count @ 1..) => &piece[..count],
            _ => return Err(Broken),
        };
        let left = now.ends_after.map(|end| end.saturating_sub(carried));
        bytes = &bytes[..left.unwrap_or(PIECE).min(bytes.len())];
        carried += bytes.len();
        if !now.swallows {
            let held_up = now
                .bytes_per_second
                .map(|rate| Duration::from_secs(1) * to_u32(bytes.len()) / rate);
            sleep(now.delay + held_up.unwrap_or_default()).await;
            if to.write_all(bytes).await.is_err() {
                return Err(Broken);
            }
        }
        if now.ends_after.is_some_and(|end| carried >= end) {
            return Err(Broken);
        }
    }
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Returns the certificate that a device shows.
///
/// # Panics
/// When it can't be written.
pub fn certificate_of(secret: &DeviceSecret) -> Vec<u8> {
    let certified = crate::identity::certified(secret, 2000, 9999).expect("a certificate");
    certified.cert.iter().flat_map(|part| part.to_vec()).collect()
}

/// Reads the device key of a certificate as a handshake shows it; `None` where it is refused.
pub fn key_of_certificate(der: &[u8]) -> Option<DeviceKey> {
    crate::identity::key_of(&der.into()).ok()
}

/// Reads messages out of what a dialling side sent over an open link, up to the first fault. Returns their bytes.
pub fn bytes_of_messages(sent: &[u8]) -> usize {
    let stream = tokio::io::join(sent, tokio::io::sink());
    let config = Some(crate::wire::config());
    // A slice is read without waiting, so one look is enough to come to its end.
    let sum = async {
        let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, config).await;
        let mut sum = 0;
        while let Some(Ok(message)) = socket.next().await {
            sum += message.len();
        }
        sum
    };
    sum.now_or_never().unwrap_or_default()
}
