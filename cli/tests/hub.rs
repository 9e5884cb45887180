//! `barrow hub` as a shop-keeper starts it, and the till's side of it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/stall.rs"]
mod stall;

use serde_json::Value;
use stall::Stall;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// A hub in a folder of the stall.
struct Hub {
    child: Child,
    told: Value,
}

impl Hub {
    fn start(stall: &Stall, listen: &str) -> Self {
        let data = stall.root.path().join("hub").display().to_string();
        let words = [
            "--json",
            "hub",
            "--data",
            &data,
            "--listen",
            listen,
            "--status",
            "127.0.0.1:0",
        ];
        let mut child = stall
            .command(&words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            told: serde_json::from_str(&line).unwrap(),
            child,
        }
    }

    fn says(&self, field: &str) -> String {
        self.told[field].as_str().unwrap().to_owned()
    }

    /// Asks it to stop, and returns what it wrote down.
    fn stop(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        assert!(self.child.wait().unwrap().success());
        let mut journal = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut journal)
            .unwrap();
        journal
    }
}

#[test]
fn a_hub_is_started_named_stopped_and_started_again() {
    let stall = Stall::sample();
    stall.run(&["till", "sync"]).ends(1, "The shop has no hub");
    let hub = Hub::start(&stall, "127.0.0.1:0");
    assert_eq!(hub.told["shops"], 0);
    let code = hub.says("code");
    assert!(code.starts_with("BARROW-HUB:"), "{code}");
    stall
        .run(&["till", "hub", &code[..code.len() - 3]])
        .ends(4, "wrong or missing");
    stall
        .run(&["till", "join", "nonsense", "--name", "x"])
        .ends(1, "already");
    stall.run(&["till", "hub", &code]).ends(0, "is the shop's now");
    stall
        .run(&["till", "sync"])
        .ends(0, "A Till 1 (this till): 8 of 8 arrived");
    stall
        .typed(&["LA-HONEY", "= exact", "sync"])
        .ends(0, "The hub at 127.0.0.1");
    let address = hub.told["addresses"][0].as_str().unwrap().to_owned();
    let key = hub.says("key");
    let journal = hub.stop();
    assert!(journal.contains(r#""event":"stopped""#), "{journal}");
    for line in journal.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["at_ms"].is_i64() && line["event"].is_string(), "{line}");
    }
    assert!(
        !journal.contains("honey") && !journal.contains(&code),
        "{journal}"
    );
    // Without it the till sells on, and says what is to be sent.
    stall.typed(&["LA-HONEY", "= exact"]).ends(0, "Paid.");
    stall
        .run(&["till", "sync", "--wait", "1"])
        .ends(4, "Nothing is lost");
    let hub = Hub::start(&stall, &address);
    assert_eq!((hub.says("key"), &hub.told["shops"]), (key, &Value::from(1)));
    assert_ne!(hub.says("code"), code, "each start shows a code of its own");
    stall.run(&["till", "sync"]).ends(0, "To send: 0.");
    let target = stall.root.path().join("copies").display().to_string();
    let data = stall.root.path().join("hub").display().to_string();
    let told = stall.run(&["--json", "hub", "backup", "--data", &data, &target]);
    assert!(told.ok, "{told:?}");
    let copy = told.json()[0]["copies"][0].as_str().unwrap().to_owned();
    // A hub that runs keeps its shop.
    stall
        .run(&["hub", "restore", "--data", &data, &copy])
        .ends(4, "Another Barrow is open");
    hub.stop();
    stall
        .run(&["hub", "restore", "--data", &data, &copy])
        .ends(0, "is back");
    let hub = Hub::start(&stall, &address);
    stall.run(&["till", "sync"]).ends(0, "To send: 0.");
    hub.stop();
}
