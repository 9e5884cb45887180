//! The till for machines: one JSON request a line, one JSON answer a line. docs/schema/till-1.json describes both.

use crate::output::{self, Failure};
use crate::query::{self, Query};
use crate::shop::Shop;
use barrow_kernel::command::Command;
use barrow_kernel::rejection::Rejection;
use barrow_log::id::CommandId;
use barrow_till::error::TillError;
use barrow_till::outcome::Outcome;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Read};

/// Limits one request: an import of 500 items with every field filled is about a tenth of it.
const LINE_BYTES: u64 = 8 << 20;

/// What a machine may ask. Exactly one of `command`, `query` and `flush` is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// Names the command: made by the caller and kept, so that a retry is the same id.
    id: Option<CommandId>,
    command: Option<Command>,
    query: Option<Query>,
    flush: Option<Flush>,
    /// Names the person at the till.
    who: Option<String>,
}

/// Asks to make every tap durable now.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flush {}

/// What the till answers.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Done {
        id: CommandId,
        outcome: Box<Outcome>,
    },
    Refused {
        id: Option<CommandId>,
        error: Fault,
    },
    Found {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<CommandId>,
        result: Box<query::Found>,
    },
    Flushed {
        flushed: bool,
    },
}

/// Why a request was refused; nothing was changed.
#[derive(Serialize)]
struct Fault {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection: Option<Rejection>,
    message: String,
}

impl Fault {
    fn request(message: impl Into<String>) -> Self {
        Self {
            kind: "bad_request",
            rejection: None,
            message: message.into(),
        }
    }

    fn of(fault: TillError) -> Self {
        let message = fault.to_string();
        let (kind, rejection) = match fault {
            TillError::Rejected { rejection } => ("rejected", Some(rejection)),
            TillError::NotSaved { .. } => ("not_saved", None),
            TillError::Unavailable { .. } => ("unavailable", None),
            TillError::Device { .. } => ("device", None),
            // Only long work is given up, and no command is long.
            TillError::Closed | TillError::Cancelled => ("closed", None),
        };
        Self {
            kind,
            rejection,
            message,
        }
    }
}

/// Answers requests until the input ends; what is pending is made durable then.
///
/// # Errors
/// When the input can't be read or the answer can't be written.
pub fn run(shop: &Shop, input: impl Read) -> Result<(), Failure> {
    let mut input = std::io::BufReader::new(input);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let unread = |fault: std::io::Error| Failure::invalid(format!("The input can't be read: {fault}."));
        let read = input
            .by_ref()
            .take(LINE_BYTES + 1)
            .read_until(b'\n', &mut bytes)
            .map_err(unread)?;
        if read == 0 {
            return Ok(());
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = if read as u64 > LINE_BYTES {
            skip_line(&mut input, &bytes).map_err(unread)?;
            let message = format!(
                "A request has at most {} MiB. Send it in parts.",
                LINE_BYTES >> 20
            );
            Answer::Refused {
                id: None,
                error: Fault::request(message),
            }
        } else {
            answer(shop, &bytes)
        };
        output::line(&answer)?;
    }
}

/// Reads on to the end of a line that is too long.
fn skip_line(input: &mut impl BufRead, begun: &[u8]) -> std::io::Result<()> {
    let mut ended = begun.ends_with(b"\n");
    while !ended {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(buffer.len(), |at| at + 1);
        input.consume(used);
        ended = end.is_some();
    }
    Ok(())
}

fn answer(shop: &Shop, bytes: &[u8]) -> Answer {
    let request = match parse(bytes) {
        Ok(request) => request,
        Err(message) => {
            return Answer::Refused {
                id: id_of(bytes),
                error: Fault::request(message),
            };
        }
    };
    let id = request.id;
    match (request.command, request.query, request.flush) {
        (Some(command), None, None) => command_answer(shop, id, command, request.who),
        (None, Some(query), None) => match query::find(shop, &query) {
            Ok(result) => Answer::Found {
                id,
                result: Box::new(result),
            },
            Err(fault) => Answer::Refused {
                id,
                error: Fault::of(fault),
            },
        },
        (None, None, Some(Flush {})) => match shop.till().flush() {
            Ok(()) => Answer::Flushed { flushed: true },
            Err(fault) => Answer::Refused {
                id,
                error: Fault::of(fault),
            },
        },
        _ => {
            let message = "A request holds exactly one of command, query and flush.";
            Answer::Refused {
                id,
                error: Fault::request(message),
            }
        }
    }
}

fn command_answer(shop: &Shop, id: Option<CommandId>, command: Command, who: Option<String>) -> Answer {
    let Some(id) = id else {
        let message = "The id is missing. Make a UUID, keep it, and send it with the command: a retry bears the same one.";
        return Answer::Refused {
            id: None,
            error: Fault::request(message),
        };
    };
    let outcome = shop
        .till()
        .submit_as(id, command, who)
        .and_then(barrow_till::Pending::wait);
    match outcome {
        Ok(outcome) => Answer::Done {
            id,
            outcome: Box::new(outcome),
        },
        Err(fault) => Answer::Refused {
            id: Some(id),
            error: Fault::of(fault),
        },
    }
}

/// Reads a request; what is wrong is told with the path of the field.
fn parse(bytes: &[u8]) -> Result<Request, String> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let request = serde_path_to_error::deserialize(&mut reader).map_err(|fault| {
        let path = fault.path().to_string();
        let inner = fault.into_inner().to_string();
        if path == "." {
            format!("The request can't be read: {inner}.")
        } else {
            format!("{path}: {inner}.")
        }
    })?;
    reader
        .end()
        .map_err(|_| "There is more than one JSON value on the line.".to_owned())?;
    Ok(request)
}

/// Returns the id of a request that can't be read otherwise, so that its sender finds the answer.
fn id_of(bytes: &[u8]) -> Option<CommandId> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    value.get("id")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let told = |text: &str| parse(text.as_bytes()).err().unwrap();
        assert!(told("{").contains("EOF"), "{}", told("{"));
        assert!(told(r#"{"command":{"open_shift":{}},"x":1}"#).contains('x'));
        let cart = "00000000-0000-0000-0000-000000000001";
        let wrong =
            format!(r#"{{"command":{{"set_quantity":{{"cart":"{cart}","line":1,"quantity":1.5}}}}}}"#);
        assert!(told(&wrong).contains("quantity"), "{}", told(&wrong));
        assert!(told("{} {}").contains("more than one"));
        assert!(id_of(br#"{"id":"00000000-0000-0000-0000-000000000001","no":1}"#).is_some());
    }
}
