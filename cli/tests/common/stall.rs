//! A stall of its own for each test: folders that go away, and the command run in them.

#![allow(dead_code, reason = "each test binary uses some of it")]
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A folder for a shop and one for its keys.
pub struct Stall {
    pub root: tempfile::TempDir,
}

impl Stall {
    /// Makes empty folders.
    pub fn empty() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
        }
    }

    /// Makes the sample stall.
    pub fn sample() -> Self {
        let stall = Self::empty();
        let told = stall.run(&["init", "--sample"]);
        assert!(told.ok, "{told:?}");
        stall
    }

    pub fn folder(&self) -> PathBuf {
        self.root.path().join("shop")
    }

    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.root.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_barrow"));
        command.args(args).env_clear();
        for (name, value) in std::env::vars().filter(|(name, _)| name == "PATH" || name == "TMPDIR") {
            command.env(name, value);
        }
        command
            .env("BARROW_FOLDER", self.folder())
            .env("BARROW_KEYS", self.root.path().join("keys"));
        command.env("HOME", self.root.path().join("home"));
        command
    }

    /// Runs the command without input.
    pub fn run(&self, args: &[&str]) -> Told {
        self.fed(args, "")
    }

    /// Runs the command with input.
    pub fn fed(&self, args: &[&str], input: &str) -> Told {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let feeder = std::thread::spawn(move || {
            // A command that needs no input may end before it is read.
            let _ = stdin.write_all(input.as_bytes());
        });
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        Told::of(output)
    }

    /// Types lines at the terminal till.
    pub fn typed(&self, lines: &[&str]) -> Told {
        self.fed(&["till", "--interactive"], &(lines.join("\n") + "\n"))
    }
}

/// What the command said and how it ended.
#[derive(Debug)]
pub struct Told {
    pub ok: bool,
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Told {
    fn of(output: Output) -> Self {
        let told = Self {
            ok: output.status.success(),
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!told.err.contains("panicked"), "{}", told.err);
        told
    }

    /// Reads each line of JSON.
    pub fn json(&self) -> Vec<serde_json::Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Asserts how it ended and what it said.
    pub fn ends(self, code: i32, says: &str) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        assert!(
            self.out.contains(says) || self.err.contains(says),
            "wanted {says:?} in {self:?}"
        );
        self
    }
}
