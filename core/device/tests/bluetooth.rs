//! btleplug itself against a fake BlueZ on a bus of its own, with a strict printer in reach.
//!
//! `scripts/lanes/70-bluetooth` brings the bus and names the fake; elsewhere these tests say that they are skipped.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_device::bluetooth::Radio;
use barrow_device::conformance::{self, FarEnd};
use barrow_device::pipe::{BytePipe, PipeFault, READ_MAX};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

const PRINTER: &str = "hci0/dev_AA_BB_CC_DD_EE_01";
const HEADPHONES: &str = "hci0/dev_AA_BB_CC_DD_EE_02";
const PATIENCE: Duration = Duration::from_secs(1);

/// One name on the bus: one test at a time.
static BUS: Mutex<()> = Mutex::new(());

/// The fake BlueZ and the printer behind it.
struct World {
    bluez: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Tells whether each write is answered; otherwise the printer can't ask for a pause.
    answered: bool,
    _bus: MutexGuard<'static, ()>,
}

impl World {
    /// Begins one, or says why not.
    fn begin(answered: bool) -> Option<Self> {
        let Ok(python) = std::env::var("BARROW_FAKE_BLUEZ") else {
            eprintln!(
                "skipped: scripts/lanes/70-bluetooth runs this, with a bus and a fake BlueZ of its own"
            );
            return None;
        };
        let bus = BUS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut bluez = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bluez.py"))
            .arg(if answered { "answers" } else { "mute" })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut answers = BufReader::new(bluez.stdout.take().unwrap());
        let mut ready = String::new();
        answers.read_line(&mut ready).unwrap();
        assert_eq!(ready.trim(), "ready");
        Some(Self {
            orders: bluez.stdin.take().unwrap(),
            bluez,
            answers,
            answered,
            _bus: bus,
        })
    }

    fn order(&mut self, order: &str) -> String {
        writeln!(self.orders, "{order}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        answer.trim().to_owned()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.bluez.kill().unwrap();
        self.bluez.wait().unwrap();
    }
}

impl FarEnd for World {
    fn arrived(&mut self) -> Vec<u8> {
        let hex = self.order("arrived");
        let pairs = hex.as_bytes().chunks(2);
        pairs
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }
    fn say(&mut self, bytes: &[u8]) -> bool {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.order(&format!("say {hex}")) == "done"
    }
    fn pause(&mut self, paused: bool) -> bool {
        self.answered && self.order(&format!("pause {}", u8::from(paused))) == "done"
    }
    fn hang_up(&mut self) -> bool {
        self.order("hangup") == "done"
    }
}

#[test]
fn a_printer_that_answers_each_write_keeps_the_laws() {
    let Some(mut world) = World::begin(true) else {
        return;
    };
    let mut pipe = Radio::new().unwrap().pipe(PRINTER);
    assert_eq!(conformance::pipe(&mut pipe, &mut world), Ok(()));
    let longest = world
        .order("writes")
        .split(' ')
        .map(|size| size.parse().unwrap())
        .max();
    assert_eq!(longest, Some(182), "the connection is used, and not overrun");
}

#[test]
fn a_printer_that_answers_nothing_is_fed_no_faster_than_it_prints() {
    let Some(mut world) = World::begin(false) else {
        return;
    };
    let mut pipe = Radio::new().unwrap().pipe(PRINTER);
    assert_eq!(conformance::pipe(&mut pipe, &mut world), Ok(()));
}

#[test]
fn the_nearest_come_first_and_printers_are_known() {
    let Some(_world) = World::begin(true) else { return };
    let near = Radio::new().unwrap().near(Duration::from_millis(500)).unwrap();
    let told: Vec<_> = near
        .iter()
        .map(|near| {
            (
                near.address.as_str(),
                near.name.as_str(),
                near.says_it_prints,
                near.strength,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (HEADPHONES, "Headphones", false, Some(-40)),
            (PRINTER, "Printer001", true, Some(-60))
        ]
    );
}

#[test]
fn each_trouble_has_its_sentence() {
    let Some(mut world) = World::begin(true) else {
        return;
    };
    let radio = Radio::new().unwrap();
    world.order("range 0");
    let mut pipe = radio.pipe(PRINTER);
    assert_eq!(pipe.open(PATIENCE), Err(PipeFault::NotFound), "never heard of");
    world.order("range 1");
    assert_eq!(radio.pipe(HEADPHONES).open(PATIENCE), Err(PipeFault::NoPrinter));
    pipe.open(PATIENCE).unwrap();
    world.order("range 0");
    let broken = pipe.write(b"receipt", PATIENCE).unwrap_err();
    assert_eq!(broken.fault, PipeFault::Broken);
    assert!(world.arrived().is_empty());
    assert_eq!(
        pipe.open(PATIENCE),
        Err(PipeFault::Silent),
        "known, and out of reach"
    );
    world.order("range 1");
    pipe.open(PATIENCE).unwrap();
    // A printer that does not answer a write leaves those bytes in doubt, and no others.
    world.order("pause 1");
    let broken = pipe.write(&[b'x'; 1000], PATIENCE).unwrap_err();
    assert_eq!((broken.possibly, broken.fault), (182, PipeFault::Broken));
    world.order("power 0");
    assert_eq!(pipe.open(PATIENCE), Err(PipeFault::Off));
    assert_eq!(radio.near(PATIENCE), Err(PipeFault::Off));
    assert_eq!(Radio::new().err(), Some(PipeFault::Off), "and from the start");
    assert_eq!(pipe.read(READ_MAX, PATIENCE), Err(PipeFault::Closed));
}

#[test]
fn a_system_without_bluetooth_is_told() {
    if std::env::var("BARROW_FAKE_BLUEZ").is_err() {
        eprintln!("skipped: scripts/lanes/70-bluetooth runs this, with a bus of its own");
        return;
    }
    let _bus = BUS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    assert_eq!(Radio::new().err(), Some(PipeFault::Off));
}
