//! What drives a till: one message or one quiet moment after the other. A thread does so in a running till; a simulator
//! of many tills does so by itself, with a time of its own.

use crate::actor::{Actor, Message};
use crate::pace::Stopwatch;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::Duration;

/// The work of one till.
pub struct Worker {
    actor: Actor,
    inbox: Receiver<Message>,
}

impl Worker {
    pub(crate) fn new(actor: Actor, inbox: Receiver<Message>) -> Self {
        Self { actor, inbox }
    }

    /// Does the next thing that waits, at a time since the opening that never goes back. Returns how long nothing is to
    /// be done then unless a message comes: `None` for as long as it takes. Breaks once the till is closed.
    pub fn step(&mut self, uptime: Duration) -> ControlFlow<(), Option<Duration>> {
        self.actor.uptime = uptime;
        match self.inbox.try_recv() {
            Ok(message) => self.take(message)?,
            Err(TryRecvError::Disconnected) => return self.close(),
            Err(TryRecvError::Empty) => self.actor.idle(),
        }
        ControlFlow::Continue(self.actor.rest())
    }

    /// Works in real time until the till is closed.
    pub(crate) fn run(mut self) {
        let watch = Stopwatch::start();
        loop {
            self.actor.uptime = watch.uptime();
            let said = match self.actor.rest() {
                Some(time) => self.inbox.recv_timeout(time),
                None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            self.actor.uptime = watch.uptime();
            let goes_on = match said {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Disconnected) => self.close(),
                Err(RecvTimeoutError::Timeout) => {
                    self.actor.idle();
                    ControlFlow::Continue(())
                }
            };
            if goes_on.is_break() {
                return;
            }
        }
    }

    /// Takes a message. Money waits for its commit; what has arrived meanwhile shares it.
    fn take(&mut self, message: Message) -> ControlFlow<()> {
        self.handle(message)?;
        while self.actor.owes_commit() {
            match self.inbox.try_recv() {
                Ok(message) => {
                    if self.actor.is_commit_full() {
                        self.actor.settle();
                    }
                    self.handle(message)?;
                }
                Err(_) => self.actor.settle(),
            }
        }
        ControlFlow::Continue(())
    }

    fn handle(&mut self, message: Message) -> ControlFlow<()> {
        match message {
            Message::Close => self.close(),
            message => {
                self.actor.handle(message);
                ControlFlow::Continue(())
            }
        }
    }

    fn close<T>(&mut self) -> ControlFlow<(), T> {
        self.actor.stop();
        ControlFlow::Break(())
    }
}
