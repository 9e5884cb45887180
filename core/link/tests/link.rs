//! What a link promises to those who use it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use barrow_link::dial::dial;
use barrow_link::error::LinkError;
use barrow_link::limits::MESSAGE_MAX;
use common::{Host, QUICK, call, identity, pair, soon};
use futures_util::FutureExt;
use std::time::Duration;
use tokio::time::timeout;

/// Bytes that are no two alike in a row.
fn message(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

#[tokio::test]
async fn messages_of_every_size_travel_whole_and_in_order() {
    let mut host = Host::start(2, QUICK).await;
    let address = host.address.clone();
    let (mut near, mut far) = pair(&mut host, &address).await;
    assert_eq!((near.peer(), far.peer()), (identity(2).key(), identity(1).key()));
    assert_eq!(near.address().to_string(), address);
    for length in [0, 1, 125, 126, 65_535, 65_536, 1 << 20, MESSAGE_MAX] {
        let sent = message(length);
        let (answer, ()) = soon(async {
            tokio::join!(
                async {
                    near.send(sent.clone()).await.unwrap();
                    near.recv().await.unwrap().unwrap()
                },
                async {
                    let heard = far.recv().await.unwrap().unwrap();
                    far.send(heard).await.unwrap();
                }
            )
        })
        .await;
        assert!(answer == sent, "{length} bytes came back changed");
    }
}

#[tokio::test]
async fn names_and_both_kinds_of_number_are_dialled() {
    for (at, asked) in [
        ("127.0.0.1:0", "127.0.0.1"),
        ("[::1]:0", "[::1]"),
        ("127.0.0.1:0", "localhost"),
    ] {
        let mut host = Host::at(at, 2, QUICK).await;
        let port = host.address.rsplit_once(':').unwrap().1;
        let address = format!("{asked}:{port}");
        let (mut near, mut far) = pair(&mut host, &address).await;
        near.send(b"hello".to_vec()).await.unwrap();
        assert_eq!(soon(far.recv()).await, Ok(Some(b"hello".to_vec())), "{address}");
    }
}

#[tokio::test]
async fn what_is_no_address_or_where_nobody_is_says_so() {
    for address in [
        "",
        "shop",
        ":7117",
        "shop:",
        "shop:seven",
        "shop:70000",
        "a b:1",
        "1.2.3.4",
    ] {
        let error = call(address).await.unwrap_err();
        assert_eq!(
            error,
            LinkError::Address {
                address: address.to_owned()
            }
        );
    }
    for address in ["127.0.0.1:1", "no-such-name.invalid:1"] {
        let error = call(address).await.unwrap_err();
        assert!(
            matches!(&error, LinkError::Unreachable { address: at, .. } if at == address),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn only_the_expected_device_is_greeted() {
    let mut host = Host::start(2, QUICK).await;
    let (caller, expected) = (identity(1), identity(2).key());
    let address = host.address.clone();
    let (link, _) = tokio::join!(soon(dial(&address, &caller, Some(expected), &QUICK)), host.link());
    assert_eq!(link.unwrap().peer(), expected);
    let wanted = identity(3).key();
    let error = soon(dial(&address, &caller, Some(wanted), &QUICK))
        .await
        .unwrap_err();
    assert_eq!(
        error,
        LinkError::AnotherDevice {
            expected: wanted,
            found: expected
        }
    );
    // The other one sees a greeting broken off before it learnt who called.
    let error = host.next().await.unwrap_err();
    assert!(
        matches!(error, LinkError::Tls(rustls::Error::AlertReceived(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_goodbye_comes_after_what_was_said_and_from_either_side() {
    let mut host = Host::start(2, QUICK).await;
    let address = host.address.clone();
    for near_first in [true, false] {
        let (near, far) = pair(&mut host, &address).await;
        let (mut one, mut two) = if near_first { (near, far) } else { (far, near) };
        let begun = tokio::time::Instant::now();
        one.send(b"last words".to_vec()).await.unwrap();
        let ((), ()) = soon(async {
            tokio::join!(one.close(), async {
                assert_eq!(two.recv().await, Ok(Some(b"last words".to_vec())));
                assert_eq!(two.recv().await, Ok(None));
                assert_eq!(two.recv().await, Ok(None), "the end stays the end");
                assert_eq!(two.send(vec![1]).await, Err(LinkError::Closed));
                drop(two);
            })
        })
        .await;
        assert!(
            begun.elapsed() < Duration::from_millis(900),
            "the goodbye ran into its time limit"
        );
    }
}

#[tokio::test]
async fn a_goodbye_is_answered_by_one() {
    let mut host = Host::start(2, QUICK).await;
    let address = host.address.clone();
    for near_first in [true, false] {
        let (near, far) = pair(&mut host, &address).await;
        let (one, mut two) = if near_first { (near, far) } else { (far, near) };
        let (mut sender, mut receiver) = one.split();
        let leaving = async {
            sender.close().await;
            receiver.recv().await
        };
        let staying = async {
            let heard = two.recv().await;
            drop(two);
            heard
        };
        let ends = soon(async { tokio::join!(leaving, staying) }).await;
        assert_eq!(ends, (Ok(None), Ok(None)), "the caller first: {near_first}");
    }
}

#[tokio::test]
async fn a_link_that_is_dropped_is_no_goodbye() {
    let mut host = Host::start(2, QUICK).await;
    let address = host.address.clone();
    let (near, mut far) = pair(&mut host, &address).await;
    drop(near);
    let ended = soon(far.recv()).await;
    assert!(matches!(ended, Err(LinkError::Cut { .. })), "{ended:?}");
    assert_eq!(far.recv().await, ended, "the reason stays the reason");
}

#[tokio::test]
async fn a_goodbye_to_one_who_is_gone_does_not_wait_long() {
    let mut host = Host::start(2, QUICK).await;
    let address = host.address.clone();
    let (near, _silent) = pair(&mut host, &address).await;
    timeout(Duration::from_secs(3), near.close()).await.unwrap();
}

#[tokio::test]
async fn a_message_too_large_is_refused_before_any_of_it_is_sent() {
    let mut host = Host::start(2, QUICK).await;
    let address = host.address.clone();
    let (mut near, mut far) = pair(&mut host, &address).await;
    assert_eq!(
        near.send(vec![0; MESSAGE_MAX + 1]).await,
        Err(LinkError::TooLarge)
    );
    near.send(b"small".to_vec()).await.unwrap();
    assert_eq!(soon(far.recv()).await, Ok(Some(b"small".to_vec())));
}

#[tokio::test]
async fn two_that_both_send_more_than_the_network_holds_do_not_wait_for_each_other() {
    const COUNT: usize = 8;
    let mut host = Host::start(2, QUICK).await;
    let address = host.address.clone();
    let (near, far) = pair(&mut host, &address).await;
    let talk = |link: barrow_link::wire::Link| async {
        let (mut sender, mut receiver) = link.split();
        let send = async {
            for _ in 0..COUNT {
                sender.send(vec![7; MESSAGE_MAX]).await.unwrap();
            }
        };
        let receive = async {
            for _ in 0..COUNT {
                assert_eq!(receiver.recv().await.unwrap().unwrap().len(), MESSAGE_MAX);
            }
        };
        tokio::join!(send, receive);
        (sender, receiver)
    };
    soon(async { tokio::join!(talk(near), talk(far)) }).await;
}

#[tokio::test]
async fn a_cancelled_send_sends_all_or_nothing() {
    let mut host = Host::start(2, QUICK).await;
    let address = host.address.clone();
    let (mut near, mut far) = pair(&mut host, &address).await;
    // The other side does not read: before long a send waits, and is given up.
    let mut begun = Vec::new();
    for number in 0..200 {
        begun.push(number);
        let sent = timeout(Duration::from_millis(50), near.send(vec![number; 1 << 20])).await;
        if sent.is_err() {
            break;
        }
    }
    assert!(begun.len() < 200, "nothing was ever cancelled");
    begun.push(255);
    let last = async {
        near.send(vec![255; 1 << 20]).await.unwrap();
        near
    };
    let heard = async {
        let mut heard = Vec::new();
        while heard.last() != Some(&255) {
            let message = far.recv().await.unwrap().unwrap();
            assert_eq!(message.len(), 1 << 20);
            assert!(
                message.iter().all(|byte| *byte == message[0]),
                "parts of two messages"
            );
            heard.push(message[0]);
        }
        heard
    };
    let (_near, heard) = soon(async { tokio::join!(last, heard) }).await;
    let without: Vec<u8> = begun
        .iter()
        .copied()
        .filter(|number| *number as usize != begun.len() - 2)
        .collect();
    assert!(heard == begun || heard == without, "{heard:?}");
}

#[tokio::test]
async fn a_cancelled_recv_loses_nothing() {
    let mut host = Host::start(2, QUICK).await;
    let address = host.address.clone();
    let (mut near, mut far) = pair(&mut host, &address).await;
    let speaking = tokio::spawn(async move {
        for number in 0..50u8 {
            near.send(vec![number; 100_000]).await.unwrap();
        }
        near
    });
    let mut heard = Vec::new();
    let mut given_up = 0;
    while heard.len() < 50 {
        // Looks once and gives up.
        match far.recv().now_or_never() {
            Some(message) => heard.push(message.unwrap().unwrap()[0]),
            None => given_up += 1,
        }
        tokio::task::yield_now().await;
    }
    assert!(given_up > 0, "nothing was ever cancelled");
    assert_eq!(heard, (0..50).collect::<Vec<u8>>());
    speaking.await.unwrap();
}

#[tokio::test]
async fn a_cancelled_accept_loses_nobody() {
    let at = "127.0.0.1:0".parse().unwrap();
    let mut listener = barrow_link::listen::Listener::bind(at, &identity(2), QUICK)
        .await
        .unwrap();
    let address = listener.address().unwrap().to_string();
    let calling = tokio::spawn(async move { call(&address).await });
    let mut given_up = 0;
    let mut far = loop {
        // Looks once and gives up.
        match listener.accept().now_or_never() {
            Some(link) => break link.unwrap(),
            None => given_up += 1,
        }
        tokio::task::yield_now().await;
    };
    assert!(given_up > 0, "nothing was ever cancelled");
    let mut near = calling.await.unwrap().unwrap();
    far.send(vec![1]).await.unwrap();
    assert_eq!(soon(near.recv()).await, Ok(Some(vec![1])));
}
