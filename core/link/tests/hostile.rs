//! Whoever comes with bad intent, or by mistake, ends its own connection, in time, and nobody else's.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use barrow_link::error::LinkError;
use barrow_link::limits::{Limits, MESSAGE_MAX};
use barrow_link::wire::{Link, PATH, SUBPROTOCOL};
use common::{Host, QUICK, call, identity, pair, soon};
use futures_util::SinkExt;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, Error, PeerIncompatible};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{ClientRequestBuilder, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// A host with an honest link, which must be as good after a visit as it was before.
struct Scene {
    host: Host,
    near: Link,
    far: Link,
}

impl Scene {
    async fn set(limits: Limits) -> Self {
        let mut host = Host::start(2, limits).await;
        let address = host.address.clone();
        let (near, far) = pair(&mut host, &address).await;
        Self { host, near, far }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.host.address).await.unwrap()
    }

    async fn tls(&self, config: Arc<ClientConfig>) -> std::io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(config)
            .connect(name, self.connect().await)
            .await
    }

    async fn honest_tls(&self) -> TlsStream<TcpStream> {
        self.tls(identity(9).client_config(None).unwrap()).await.unwrap()
    }

    /// Greets as an honest device does, up to where messages begin.
    async fn socket(&mut self) -> (WebSocketStream<TlsStream<TcpStream>>, Link) {
        let stream = self.honest_tls().await;
        let uri = format!("wss://localhost{PATH}").parse().unwrap();
        let request = ClientRequestBuilder::new(uri).with_sub_protocol(SUBPROTOCOL);
        let (greeted, link) = tokio::join!(client_async(request, stream), self.host.link());
        (greeted.unwrap().0, link)
    }

    /// Checks that the honest link and newcomers are none the worse.
    async fn goes_on(mut self) {
        self.near.send(b"still there?".to_vec()).await.unwrap();
        assert_eq!(soon(self.far.recv()).await, Ok(Some(b"still there?".to_vec())));
        let address = self.host.address.clone();
        pair(&mut self.host, &address).await;
    }
}

#[tokio::test]
async fn garbage_is_turned_away() {
    for garbage in [
        &b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n"[..],
        &[0; 4096],
        &[0xff; 4096],
        b"\x16\x03\x01\xff\xff",
    ] {
        let mut scene = Scene::set(QUICK).await;
        let mut stream = scene.connect().await;
        stream.write_all(garbage).await.unwrap();
        let error = scene.host.next().await.unwrap_err();
        assert!(
            matches!(
                error,
                LinkError::Tls(Error::InvalidMessage(_)) | LinkError::HandshakeTimeout
            ),
            "{error:?}"
        );
        scene.goes_on().await;
    }
}

#[tokio::test]
async fn whoever_says_nothing_or_hardly_anything_is_turned_away_in_time() {
    for drips in [false, true] {
        let mut scene = Scene::set(QUICK).await;
        let mut stream = scene.connect().await;
        let begun = Instant::now();
        let dripping = tokio::spawn(async move {
            // The beginning of a greeting whose length is never reached.
            let hello = [&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3][..], &[0; 500]].concat();
            while drips && stream.write_all(&hello[..1]).await.is_ok() {
                sleep(Duration::from_millis(20)).await;
            }
            sleep(common::HANGS).await;
        });
        let error = scene.host.next().await.unwrap_err();
        assert!(
            matches!(error, LinkError::HandshakeTimeout | LinkError::Tls(_)),
            "{error:?}"
        );
        assert!(begun.elapsed() < QUICK.handshake * 2);
        dripping.abort();
        scene.goes_on().await;
    }
}

#[tokio::test]
async fn a_greeting_sent_byte_by_byte_runs_into_its_time_limit() {
    let mut scene = Scene::set(QUICK).await;
    let mut stream = scene.honest_tls().await;
    let begun = Instant::now();
    let dripping = tokio::spawn(async move {
        for byte in format!("GET {PATH} HTTP/1.1\r\nHost: {}", "x".repeat(10_000)).into_bytes() {
            if stream.write_all(&[byte]).await.is_err() || stream.flush().await.is_err() {
                return;
            }
            sleep(Duration::from_millis(100)).await;
        }
    });
    assert_eq!(scene.host.next().await.unwrap_err(), LinkError::HandshakeTimeout);
    assert!(begun.elapsed() < QUICK.handshake * 2);
    dripping.abort();
    scene.goes_on().await;
}

/// Trusts anybody: for clients that are wrong in some other way.
#[derive(Debug)]
struct Gullible;

impl rustls::client::danger::ServerCertVerifier for Gullible {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        let all = rustls::crypto::ring::default_provider().signature_verification_algorithms;
        all.supported_schemes()
    }
}

/// A client that trusts anybody, speaks one version of TLS and may show a certificate.
fn client(
    version: &'static rustls::SupportedProtocolVersion,
    shown: Option<(CertificateDer<'static>, PrivateKeyDer<'static>)>,
) -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Gullible));
    Arc::new(match shown {
        Some((certificate, key)) => config.with_client_auth_cert(vec![certificate], key).unwrap(),
        None => config.with_no_client_auth(),
    })
}

#[tokio::test]
async fn old_tls_is_turned_away() {
    let mut scene = Scene::set(QUICK).await;
    let refused = scene.tls(client(&rustls::version::TLS12, None)).await;
    assert!(refused.is_err());
    let error = scene.host.next().await.unwrap_err();
    let why = PeerIncompatible::Tls12NotOfferedOrEnabled;
    assert_eq!(error, LinkError::Tls(Error::PeerIncompatible(why)));
    scene.goes_on().await;
}

#[tokio::test]
async fn whoever_shows_no_certificate_is_turned_away() {
    let mut scene = Scene::set(QUICK).await;
    let _stream = scene.tls(client(&rustls::version::TLS13, None)).await;
    let error = scene.host.next().await.unwrap_err();
    assert_eq!(error, LinkError::Tls(Error::NoCertificatesPresented));
    scene.goes_on().await;
}

#[tokio::test]
async fn another_path_or_protocol_is_turned_away_with_a_word() {
    let upgrade = |path: &str, more: &str| {
        format!(
            "GET {path} HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n{more}\r\n",
            generate_key()
        )
    };
    for (request, answer) in [
        (upgrade("/", "Sec-WebSocket-Protocol: barrow.1\r\n"), "404"),
        (upgrade(PATH, ""), "400"),
        (
            upgrade(PATH, "Sec-WebSocket-Protocol: barrow.10, chat\r\n"),
            "400",
        ),
        (upgrade(PATH, "Sec-WebSocket-Protocol: chat, barrow.1\r\n"), "101"),
    ] {
        let mut scene = Scene::set(QUICK).await;
        let mut stream = scene.honest_tls().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut start = [0; 12];
        soon(stream.read_exact(&mut start)).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&start), format!("HTTP/1.1 {answer}"));
        let arrived = scene.host.next().await;
        match arrived {
            Ok(_) => assert_eq!(answer, "101"),
            Err(error) => assert!(
                answer != "101" && matches!(error, LinkError::Upgrade { .. }),
                "{error:?}"
            ),
        }
        scene.goes_on().await;
    }
}

#[tokio::test]
async fn requests_that_are_no_greeting_are_turned_away() {
    let endless = format!("GET {PATH} HTTP/1.1\r\n{}", "x: y\r\n".repeat(100_000));
    for request in [
        "GET /sync HTTP/1.1\r\n\r\n",
        "POST /sync HTTP/1.1\r\n\r\n",
        "hello\r\n\r\n",
        &endless,
    ] {
        let mut scene = Scene::set(QUICK).await;
        let mut stream = scene.honest_tls().await;
        // The far end may hang up before it has all of it.
        let _ = stream.write_all(request.as_bytes()).await;
        let error = scene.host.next().await.unwrap_err();
        assert!(matches!(error, LinkError::Upgrade { .. }), "{error:?}");
        scene.goes_on().await;
    }
}

#[tokio::test]
async fn a_message_too_large_ends_its_link() {
    for length in [MESSAGE_MAX + 1, 100 << 20] {
        let mut scene = Scene::set(QUICK).await;
        let (mut socket, mut link) = scene.socket().await;
        let sending = tokio::spawn(async move { socket.send(Message::Binary(vec![0; length].into())).await });
        assert_eq!(soon(link.recv()).await, Err(LinkError::TooLarge));
        assert_eq!(link.recv().await, Err(LinkError::TooLarge));
        drop(link);
        let _ = soon(sending).await;
        scene.goes_on().await;
    }
}

#[tokio::test]
async fn pieces_that_together_are_too_large_end_their_link() {
    use tokio_tungstenite::tungstenite::protocol::frame::Frame;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    let mut scene = Scene::set(QUICK).await;
    let (mut socket, mut link) = scene.socket().await;
    let sending = tokio::spawn(async move {
        for number in 0..20 {
            let kind = if number == 0 { Data::Binary } else { Data::Continue };
            let frame = Frame::message(vec![0; 1 << 20], OpCode::Data(kind), false);
            if socket.send(Message::Frame(frame)).await.is_err() {
                return;
            }
        }
        sleep(common::HANGS).await;
    });
    assert_eq!(soon(link.recv()).await, Err(LinkError::TooLarge));
    sending.abort();
    scene.goes_on().await;
}

#[tokio::test]
async fn text_ends_its_link() {
    let mut scene = Scene::set(QUICK).await;
    let (mut socket, mut link) = scene.socket().await;
    socket.send(Message::Text("hello".into())).await.unwrap();
    assert_eq!(soon(link.recv()).await, Err(LinkError::NotBinary));
    scene.goes_on().await;
}

#[tokio::test]
async fn frames_against_the_rules_end_their_link() {
    let mut scene = Scene::set(QUICK).await;
    let (socket, mut link) = scene.socket().await;
    // A dialling side must mask what it sends; this one takes the part of a listening one.
    let stream = socket.into_inner();
    let mut socket =
        WebSocketStream::from_raw_socket(stream, Role::Server, Some(WebSocketConfig::default())).await;
    socket.send(Message::Binary(vec![1].into())).await.unwrap();
    let ended = soon(link.recv()).await;
    assert!(matches!(ended, Err(LinkError::Protocol { .. })), "{ended:?}");
    scene.goes_on().await;
}

#[tokio::test]
async fn pings_are_answered_and_are_no_messages() {
    let mut scene = Scene::set(QUICK).await;
    let (mut socket, mut link) = scene.socket().await;
    for _ in 0..10_000 {
        socket.feed(Message::Ping(vec![0; 100].into())).await.unwrap();
    }
    socket.send(Message::Binary(vec![1].into())).await.unwrap();
    assert_eq!(soon(link.recv()).await, Ok(Some(vec![1])));
    scene.goes_on().await;
}

#[tokio::test]
async fn a_flood_of_silent_connections_crowds_out_itself() {
    let limits = Limits {
        handshake: common::HANGS,
        ..QUICK
    };
    let mut scene = Scene::set(limits).await;
    let mut silent = Vec::new();
    for _ in 0..limits.half_open * 4 {
        silent.push(scene.connect().await);
    }
    let address = scene.host.address.clone();
    let begun = Instant::now();
    pair(&mut scene.host, &address).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    // The oldest were hung up on, the newest are still waited for.
    let first = soon(silent[0].read(&mut [0; 1])).await;
    assert!(matches!(first, Ok(0) | Err(_)));
    let last = silent.last_mut().unwrap();
    assert!(
        tokio::time::timeout(Duration::from_millis(100), last.read(&mut [0; 1]))
            .await
            .is_err()
    );
    scene.goes_on().await;
}

#[tokio::test]
async fn one_address_has_so_many_links_and_no_more() {
    let mut host = Host::start(
        2,
        Limits {
            links_per_address: 2,
            ..QUICK
        },
    )
    .await;
    let address = host.address.clone();
    let (near, far) = pair(&mut host, &address).await;
    let second = pair(&mut host, &address).await;
    assert!(call(&address).await.is_err());
    assert_eq!(host.next().await.unwrap_err(), LinkError::Crowded);
    // Half a link still holds its place.
    let (sender, receiver) = far.split();
    drop((near, receiver));
    assert!(call(&address).await.is_err());
    assert_eq!(host.next().await.unwrap_err(), LinkError::Crowded);
    drop(sender);
    pair(&mut host, &address).await;
    drop(second);
}

/// Answers the next connection with some bytes, and then with nothing.
async fn answer(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(bytes).await.unwrap();
        sleep(common::HANGS).await;
    });
    address
}

#[tokio::test]
async fn a_caller_is_safe_from_whoever_answers() {
    let begun = Instant::now();
    let error = call(&answer(b"SSH-2.0-OpenSSH_9.6\r\n").await).await.unwrap_err();
    assert!(
        matches!(error, LinkError::Tls(Error::InvalidMessage(_))),
        "{error:?}"
    );
    assert_eq!(
        call(&answer(b"").await).await.unwrap_err(),
        LinkError::HandshakeTimeout
    );
    assert!(begun.elapsed() < QUICK.handshake * 3);
}

#[tokio::test]
async fn a_caller_wants_the_protocol_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let acceptor = tokio_rustls::TlsAcceptor::from(identity(2).server_config().unwrap());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let stream = acceptor.accept(stream).await.unwrap();
        // A WebSocket server that knows nothing of us.
        let _socket = tokio_tungstenite::accept_async(stream).await;
        sleep(common::HANGS).await;
    });
    let error = call(&address).await.unwrap_err();
    assert!(matches!(error, LinkError::Upgrade { .. }), "{error:?}");
}
