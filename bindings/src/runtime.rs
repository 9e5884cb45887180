//! The till's own threads: what is asked of a till runs here, never on the caller's thread.

use crate::error::TillError;
use barrow_till::error::FaultKind;
use std::sync::{Arc, Mutex};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot};

/// Gives the threads for reading: one long piece of work leaves enough for the short ones of a screen.
const THREADS: usize = 4;
/// Lets this many long pieces of work run at a time.
const LONG: usize = 1;

/// Says that a bug was met; the panic itself ended where it happened.
fn broken() -> TillError {
    TillError::Unavailable {
        why:
            "Something in the till went wrong that never should. What was saved is safe. Open the till again."
                .into(),
        kind: FaultKind::Other,
    }
}

/// A few threads, and one place for long work.
pub(crate) struct Workers {
    runtime: Mutex<Option<Runtime>>,
    long: Arc<Semaphore>,
}

impl Workers {
    /// Starts them; threads come when there is work.
    pub(crate) fn new() -> Result<Self, TillError> {
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(THREADS)
            .thread_name("barrow-read")
            .build()
            .map_err(|fault| TillError::Device {
                why: format!("The device can't start the till: {fault}."),
            })?;
        Ok(Self {
            runtime: Mutex::new(Some(runtime)),
            long: Arc::new(Semaphore::new(LONG)),
        })
    }

    /// Runs short work and waits for it without holding the caller's thread. A panic comes back as an error.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, TillError> + Send + 'static,
    ) -> Result<T, TillError> {
        let task = match &*self.runtime.lock().map_err(|_| broken())? {
            Some(runtime) => runtime.spawn_blocking(work),
            None => return Err(TillError::Closed),
        };
        match task.await {
            Ok(result) => result,
            Err(fault) if fault.is_cancelled() => Err(TillError::Closed),
            Err(_) => Err(broken()),
        }
    }

    /// Runs work that may take seconds: one at a time, so that screens stay quick.
    pub(crate) async fn run_long<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, TillError> + Send + 'static,
    ) -> Result<T, TillError> {
        let turn = Arc::clone(&self.long).acquire_owned().await;
        let turn = turn.map_err(|_| TillError::Closed)?;
        self.run(move || {
            let _turn = turn;
            work()
        })
        .await
    }

    /// Lets go of the threads without waiting for them; work that has not begun never does.
    pub(crate) fn stop(&self) {
        self.long.close();
        if let Some(runtime) = self.runtime.lock().ok().and_then(|mut runtime| runtime.take()) {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs work that no till stands behind yet on a thread of its own.
pub(crate) async fn run_alone<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TillError> + Send + 'static,
) -> Result<T, TillError> {
    crate::crossed();
    let (reply, answer) = oneshot::channel();
    std::thread::Builder::new()
        .name("barrow-open".into())
        .spawn(move || {
            let _ = reply.send(work());
        })
        .map_err(|fault| TillError::Device {
            why: format!("The device can't start the till: {fault}."),
        })?;
    // The sender is dropped without a word only when the work panicked.
    answer.await.unwrap_or_else(|_| Err(broken()))
}
