//! Where a shop lives on this machine.

use std::env;
use std::path::PathBuf;

/// Chooses the folder: the one named, else that of `BARROW_FOLDER`, else `barrow` in the user's data folder.
///
/// The data folder is the one each system names: `XDG_DATA_HOME` or `~/.local/share`, `~/Library/Application
/// Support` on macOS, `APPDATA` on Windows. Without a home it is the working folder.
pub fn resolve(named: Option<PathBuf>) -> PathBuf {
    let set = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    named.or_else(|| set("BARROW_FOLDER")).unwrap_or_else(|| {
        let data = if cfg!(windows) {
            set("APPDATA")
        } else if cfg!(target_os = "macos") {
            set("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")))
        };
        data.unwrap_or_default().join("barrow")
    })
}
