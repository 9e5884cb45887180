//! What bad networks do to links: every one ends in an error that says what happened, and nothing hangs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use barrow_link::error::LinkError;
use barrow_link::testing::{Faults, Proxy, Way};
use barrow_link::wire::Link;
use common::{Host, QUICK, call, pair, soon};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Two devices with a proxy between them.
struct Scene {
    proxy: Proxy,
    host: Host,
    near: Link,
    far: Link,
}

impl Scene {
    async fn set() -> Self {
        let mut host = Host::start(2, QUICK).await;
        let proxy = Proxy::before(host.address.parse().unwrap()).await.unwrap();
        let (near, far) = pair(&mut host, &proxy.address().to_string()).await;
        Self {
            proxy,
            host,
            near,
            far,
        }
    }
}

fn there(way: Way) -> Faults {
    Faults {
        there: way,
        ..Faults::default()
    }
}

#[tokio::test]
async fn a_link_cut_in_mid_message_ends_in_an_error_at_both_ends() {
    for resets in [false, true] {
        let mut scene = Scene::set().await;
        let way = Way {
            ends_after: Some(500_000),
            ..Way::default()
        };
        scene.proxy.set(Faults { resets, ..there(way) });
        let (sent, heard) = soon(async {
            tokio::join!(
                async {
                    // Small messages go on until the system tells of the cut.
                    while scene.near.send(vec![1; 1 << 20]).await.is_ok() {}
                    scene.near.recv().await
                },
                scene.far.recv()
            )
        })
        .await;
        assert!(matches!(sent, Err(LinkError::Cut { .. })), "{sent:?}");
        assert!(matches!(heard, Err(LinkError::Cut { .. })), "{heard:?}");
        // And the way is open for the next.
        scene.proxy.set(Faults::default());
        pair(&mut scene.host, &scene.proxy.address().to_string()).await;
    }
}

#[tokio::test]
async fn a_cut_between_messages_is_told_to_whoever_waits() {
    let mut scene = Scene::set().await;
    scene.proxy.cut();
    let (near, far) = soon(async { tokio::join!(scene.near.recv(), scene.far.recv()) }).await;
    assert!(matches!(near, Err(LinkError::Cut { .. })), "{near:?}");
    assert!(matches!(far, Err(LinkError::Cut { .. })), "{far:?}");
}

#[tokio::test]
async fn a_greeting_cut_anywhere_ends_in_time_at_both_ends() {
    let mut host = Host::start(2, QUICK).await;
    let proxy = Proxy::before(host.address.parse().unwrap()).await.unwrap();
    let address = proxy.address().to_string();
    for back in [false, true] {
        let mut cuts = 0;
        loop {
            let way = Way {
                ends_after: Some(cuts * 50),
                ..Way::default()
            };
            let faults = if back {
                Faults {
                    back: way,
                    ..Faults::default()
                }
            } else {
                there(way)
            };
            proxy.set(faults);
            let (near, far) = tokio::join!(call(&address), host.next());
            if near.is_ok() && far.is_ok() {
                break;
            }
            // The last byte of a greeting may have been there before the cut.
            for mut link in near.into_iter().chain(far) {
                let ended = soon(link.recv()).await;
                assert!(
                    matches!(ended, Err(LinkError::Cut { .. })),
                    "{faults:?}: {ended:?}"
                );
            }
            cuts += 1;
        }
        assert!(cuts > 10, "the greeting was through after {cuts} cuts");
    }
}

#[tokio::test]
async fn who_sends_into_a_network_that_takes_nothing_notices() {
    let mut scene = Scene::set().await;
    scene.proxy.set(there(Way {
        frozen: true,
        ..Way::default()
    }));
    let begun = Instant::now();
    let error = soon(async {
        loop {
            if let Err(error) = scene.near.send(vec![1; 1 << 20]).await {
                return error;
            }
        }
    })
    .await;
    assert_eq!(error, LinkError::Stalled);
    assert!(begun.elapsed() < QUICK.stall * 5, "{:?}", begun.elapsed());
    // The other direction still carries.
    let mut far = scene.far;
    far.send(vec![2]).await.unwrap();
}

#[tokio::test]
async fn bytes_lost_on_the_way_never_pass_for_a_message() {
    let mut scene = Scene::set().await;
    scene.proxy.set(there(Way {
        swallows: true,
        ..Way::default()
    }));
    scene.near.send(b"lost".to_vec()).await.unwrap();
    // The system took it and says nothing: only a missing answer tells, and that is for the session to notice.
    assert!(
        timeout(Duration::from_millis(300), scene.far.recv())
            .await
            .is_err()
    );
    // A network that comes back in the middle is found out, and both ends are told.
    scene.proxy.set(Faults::default());
    scene.near.send(b"after the gap".to_vec()).await.unwrap();
    let heard = soon(scene.far.recv()).await;
    assert!(
        matches!(heard, Err(LinkError::Tls(rustls::Error::DecryptError))),
        "{heard:?}"
    );
    drop(scene.far);
    let ended = soon(scene.near.recv()).await;
    assert!(
        matches!(ended, Err(LinkError::Tls(_) | LinkError::Cut { .. })),
        "{ended:?}"
    );
}

#[tokio::test]
async fn a_goodbye_into_a_dead_network_does_not_hang() {
    for way in [
        Way {
            frozen: true,
            ..Way::default()
        },
        Way {
            swallows: true,
            ..Way::default()
        },
    ] {
        let scene = Scene::set().await;
        scene.proxy.set(Faults {
            there: way,
            back: way,
            resets: false,
        });
        timeout(Duration::from_secs(3), scene.near.close()).await.unwrap();
    }
}

#[tokio::test]
async fn a_slow_network_is_not_taken_for_a_dead_one() {
    let mut scene = Scene::set().await;
    let slow = Way {
        bytes_per_second: Some(100_000),
        ..Way::default()
    };
    scene.proxy.set(Faults {
        there: slow,
        back: slow,
        resets: false,
    });
    let begun = Instant::now();
    let (sent, heard) = soon(async {
        tokio::join!(
            async {
                // More than the system's buffers hold, so that sending really waits.
                for _ in 0..4 {
                    scene.near.send(vec![1; 100_000]).await?;
                }
                Ok::<_, LinkError>(())
            },
            async {
                for _ in 0..4 {
                    assert_eq!(scene.far.recv().await.unwrap().unwrap().len(), 100_000);
                }
            }
        )
    })
    .await;
    assert_eq!((sent, heard), (Ok(()), ()));
    assert!(
        begun.elapsed() > QUICK.stall * 2,
        "it was not slow: {:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn a_long_way_is_only_a_long_way() {
    let mut scene = Scene::set().await;
    let late = Way {
        delay: Duration::from_millis(150),
        ..Way::default()
    };
    scene.proxy.set(Faults {
        there: late,
        back: late,
        resets: false,
    });
    let begun = Instant::now();
    scene.near.send(vec![1]).await.unwrap();
    assert_eq!(soon(scene.far.recv()).await, Ok(Some(vec![1])));
    scene.far.send(vec![2]).await.unwrap();
    assert_eq!(soon(scene.near.recv()).await, Ok(Some(vec![2])));
    assert!(begun.elapsed() >= Duration::from_millis(300));
    // Greetings get through too.
    pair(&mut scene.host, &scene.proxy.address().to_string()).await;
}
