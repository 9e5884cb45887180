//! The laws that every pipe keeps, those of other languages too.

use crate::pipe::{BytePipe, PipeFault, READ_MAX, WRITE_MAX};
use std::time::Duration;

/// Stands where the printer stands.
pub trait FarEnd {
    /// Returns everything that ever arrived, over all connections.
    fn arrived(&mut self) -> Vec<u8>;
    /// Says something; false where this kind never speaks.
    fn say(&mut self, bytes: &[u8]) -> bool;
    /// Takes nothing more until it is told to take again; false where this kind always takes.
    fn pause(&mut self, paused: bool) -> bool;
    /// Ends the connection, ready for the next one; false where this kind can't.
    fn hang_up(&mut self) -> bool;
}

/// How long a call of the laws may take.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long connecting may take.
const OPENING: Duration = Duration::from_secs(20);
/// How often a law looks again for what is still under way.
const LOOKS: u32 = 100;
/// How long a law waits between two looks.
const LOOK: Duration = Duration::from_millis(20);
/// How many writes a far end that takes nothing may still swallow: systems on the way keep some megabytes.
const SWALLOWED: usize = 4096;

/// Holds a pipe to its laws; it must be closed and its far end fresh. The error tells the first law that it breaks.
///
/// # Errors
/// When a law is broken.
pub fn pipe(pipe: &mut dyn BytePipe, far: &mut dyn FarEnd) -> Result<(), String> {
    closed_is_closed(pipe, far)?;
    opened(pipe)?;
    let mut sent = everything_arrives_once(pipe, far)?;
    answers_come(pipe, far)?;
    what_ends_opens_again(pipe, far, &mut sent)?;
    a_full_printer_is_waited_for(pipe, far, &mut sent)?;
    a_hang_up_is_told(pipe, far, &mut sent)?;
    pipe.close(PATIENCE);
    closed_is_closed(pipe, far)
}

fn law(holds: bool, law: &str) -> Result<(), String> {
    if holds {
        return Ok(());
    }
    Err(format!("The pipe breaks a law: {law}."))
}

fn opened(pipe: &mut dyn BytePipe) -> Result<(), String> {
    pipe.open(OPENING)
        .map_err(|fault| format!("The pipe does not open: {fault}"))
}

fn closed_is_closed(pipe: &mut dyn BytePipe, far: &mut dyn FarEnd) -> Result<(), String> {
    let before = far.arrived();
    let refused = pipe.write(b"lost", PATIENCE);
    let refused = refused.is_err_and(|broken| broken.fault == PipeFault::Closed && broken.possibly == 0);
    law(refused, "a closed pipe takes nothing and says that it is closed")?;
    let silent = pipe.read(READ_MAX, PATIENCE) == Err(PipeFault::Closed);
    law(silent, "a closed pipe says that it is closed when it is read")?;
    pipe.close(PATIENCE);
    law(far.arrived() == before, "nothing arrives through a closed pipe")
}

/// Writes all of it, as a queue does.
fn write_all(pipe: &mut dyn BytePipe, mut bytes: &[u8]) -> Result<(), String> {
    let mut refused = 0;
    while !bytes.is_empty() {
        let count = pipe
            .write(bytes, PATIENCE)
            .map_err(|broken| format!("The pipe broke: {broken}"))?;
        law(
            count <= bytes.len().min(WRITE_MAX),
            "a write never claims more than it was offered and may take",
        )?;
        refused = if count == 0 { refused + 1 } else { 0 };
        law(refused < LOOKS, "a printer that takes bytes gets them")?;
        bytes = bytes.get(count..).unwrap_or_default();
    }
    Ok(())
}

/// Waits until what arrived is what was sent.
fn until_arrived(far: &mut dyn FarEnd, sent: &[u8], what: &str) -> Result<(), String> {
    for _ in 0..LOOKS {
        if far.arrived().len() >= sent.len() {
            break;
        }
        std::thread::sleep(LOOK);
    }
    law(far.arrived() == sent, what)
}

fn everything_arrives_once(pipe: &mut dyn BytePipe, far: &mut dyn FarEnd) -> Result<Vec<u8>, String> {
    let mut sent = far.arrived();
    law(
        pipe.write(&[], PATIENCE) == Ok(0),
        "an empty write takes nothing and breaks nothing",
    )?;
    let every_byte: Vec<u8> = (0..=u8::MAX).cycle().take(20_003).collect();
    for length in [1, 19, 20, 21, 513, 20_003] {
        let bytes = every_byte.get(..length).unwrap_or_default();
        write_all(pipe, bytes)?;
        sent.extend_from_slice(bytes);
        opened(pipe)?;
    }
    until_arrived(
        far,
        &sent,
        "every byte arrives once and in order, and opening an open pipe changes nothing",
    )?;
    Ok(sent)
}

fn answers_come(pipe: &mut dyn BytePipe, far: &mut dyn FarEnd) -> Result<(), String> {
    let silent = pipe.read(READ_MAX, PATIENCE);
    law(
        silent == Ok(Vec::new()),
        "a printer that says nothing is read as nothing",
    )?;
    if !far.say(&[0x12, 0x13, 0x00, 0xff, 0x11]) {
        return Ok(());
    }
    let nothing = pipe.read(0, PATIENCE);
    law(nothing == Ok(Vec::new()), "a read of no bytes takes none away")?;
    let mut heard = Vec::new();
    for _ in 0..LOOKS {
        let said = pipe
            .read(2, PATIENCE)
            .map_err(|fault| format!("The pipe broke: {fault}"))?;
        law(said.len() <= 2, "a read returns at most what was asked for")?;
        heard.extend(said);
        if heard.len() >= 5 {
            break;
        }
    }
    law(
        heard == [0x12, 0x13, 0x00, 0xff, 0x11],
        "what the printer says comes once and in order, however it is read",
    )
}

fn what_ends_opens_again(
    pipe: &mut dyn BytePipe,
    far: &mut dyn FarEnd,
    sent: &mut Vec<u8>,
) -> Result<(), String> {
    write_all(pipe, b"last words")?;
    sent.extend(b"last words");
    pipe.close(PATIENCE);
    until_arrived(
        far,
        sent,
        "what was taken arrives though the pipe is closed at once",
    )?;
    closed_is_closed(pipe, far)?;
    opened(pipe)?;
    write_all(pipe, b"and again")?;
    sent.extend(b"and again");
    until_arrived(far, sent, "a pipe that was closed opens again")
}

fn a_full_printer_is_waited_for(
    pipe: &mut dyn BytePipe,
    far: &mut dyn FarEnd,
    sent: &mut Vec<u8>,
) -> Result<(), String> {
    if !far.pause(true) {
        return Ok(());
    }
    let mut broken = false;
    for _ in 0..SWALLOWED {
        let piece = [b'x'; WRITE_MAX];
        match pipe.write(&piece, PATIENCE) {
            Ok(0) => break,
            Ok(count) => sent.extend(piece.iter().take(count)),
            Err(fault) => {
                law(
                    fault.possibly <= WRITE_MAX,
                    "a break never doubts more than was offered",
                )?;
                sent.extend(piece.iter().take(fault.possibly));
                broken = true;
                break;
            }
        }
    }
    let refused = broken || pipe.write(b"x", PATIENCE) == Ok(0);
    law(
        refused,
        "a printer that takes nothing is not written to without end",
    )?;
    far.pause(false);
    if broken {
        return doubted(pipe, far, sent);
    }
    until_arrived(
        far,
        sent,
        "what left arrives once the printer goes on, and no more",
    )
}

/// After a break: what surely left is there, what may have left is there or not, and the pipe opens again.
fn doubted(pipe: &mut dyn BytePipe, far: &mut dyn FarEnd, sent: &mut Vec<u8>) -> Result<(), String> {
    closed_is_closed(pipe, far)?;
    opened(pipe)?;
    let mut arrived = far.arrived();
    loop {
        std::thread::sleep(LOOK * 10);
        let now = far.arrived();
        if now == arrived {
            break;
        }
        arrived = now;
    }
    law(
        sent.starts_with(&arrived),
        "nothing arrives that surely did not leave",
    )?;
    *sent = arrived;
    Ok(())
}

fn a_hang_up_is_told(
    pipe: &mut dyn BytePipe,
    far: &mut dyn FarEnd,
    sent: &mut Vec<u8>,
) -> Result<(), String> {
    if !far.hang_up() {
        return Ok(());
    }
    let mut told = false;
    for _ in 0..LOOKS {
        // Systems notice at the first or the second try, by reading or by writing.
        match pipe.read(READ_MAX, LOOK) {
            Err(PipeFault::Closed) => {
                return law(false, "the break itself is told, not only that it is closed");
            }
            Err(_) => {
                told = true;
                break;
            }
            Ok(_) => {}
        }
    }
    law(told, "a connection that ended is told by a fault")?;
    closed_is_closed(pipe, far)?;
    opened(pipe)?;
    write_all(pipe, b"back")?;
    sent.extend(b"back");
    until_arrived(far, sent, "after a break the pipe opens again")
}
