//! A till that hosts the network of a market: others dial it.

use super::{FIRST_WORD, LINKS_MAX, Shared};
use crate::error::TillError;
use barrow_link::discovery::{Advert, Claim, Discovery};
use barrow_link::limits::Limits;
use barrow_link::listen::Listener;
use barrow_link::wire::Link;
use barrow_log::id::OrganisationId;
use barrow_sync::enrol::Enrolment;
use barrow_sync::message::Message;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// The listener of a host.
pub(super) struct Host {
    listener: Listener,
    port: u16,
}

impl Host {
    /// Begins to listen.
    pub(super) async fn open(shared: &Shared, address: SocketAddr) -> Result<Self, TillError> {
        let refused = |fault| TillError::unavailable(format!("This till can't be a host: {fault}."));
        let identity = shared.till.link_identity();
        let listener = Listener::bind(address, identity, Limits::default())
            .await
            .map_err(refused)?;
        let listening = listener.address().map_err(refused)?;
        shared.listening.send_replace(Some(listening));
        Ok(Self {
            listener,
            port: listening.port(),
        })
    }

    /// Lets itself be found.
    pub(super) fn announce(&self, shared: &Shared, discovery: &Discovery) -> Option<Advert> {
        let me = shared.till.me();
        let claim = Claim::of(&OrganisationId::of(&me.organisation), &me.device);
        discovery.advertise(&claim, self.port).ok()
    }

    /// Serves whoever dials.
    pub(super) async fn run(mut self, shared: Arc<Shared>) {
        let mut links = JoinSet::new();
        loop {
            tokio::select! {
                Some(_) = links.join_next() => {}
                link = self.listener.accept() => {
                    if let Ok(link) = link && links.len() < LINKS_MAX {
                        links.spawn(serve(Arc::clone(&shared), link));
                    }
                }
            }
        }
    }
}

/// Serves one link: its first word tells what it is for.
async fn serve(shared: Arc<Shared>, mut link: Link) {
    let Ok(Ok(Some(first))) = timeout(FIRST_WORD, link.recv()).await else {
        return;
    };
    if let Ok((_, Some(Message::Hello(_)))) = Message::from_bytes(&first) {
        // How it ended concerns whoever dialled.
        let _ = shared.session(link, Some(first)).await;
        return;
    }
    let answer = match Enrolment::from_bytes(&first) {
        Ok(Some(Enrolment::Join(request))) => {
            let device = link.peer();
            tokio::select! {
                answer = shared.asked(device, request) => answer,
                // It has nothing to say before it is answered: it left.
                _ = link.recv() => return,
            }
        }
        _ => Enrolment::Bye {
            reason: "This till does not understand the other device. Update both.".into(),
        },
    };
    let _ = link.send(answer.to_bytes()).await;
    link.close().await;
}

/// Returns where others on this network may dial a listener: the address it was bound to, or, for one that listens
/// everywhere, the one by which this machine reaches others.
pub(super) fn reachable(listening: SocketAddr) -> SocketAddr {
    if !listening.ip().is_unspecified() {
        return listening;
    }
    SocketAddr::new(barrow_link::listen::own_address(), listening.port())
}
