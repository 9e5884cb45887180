//! The laws of storage, held by every storage that there is.

use barrow_hub::conformance;
use barrow_hub::sqlite::SqliteStorage;
use barrow_store::Options;

#[test]
fn sqlite_keeps_the_laws_of_storage() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || -> Box<dyn barrow_hub::storage::Storage> {
        Box::new(SqliteStorage::new(folder.path(), &Options::default()).expect("a storage"))
    };
    conformance::storage(&open).expect("a disk");
}
