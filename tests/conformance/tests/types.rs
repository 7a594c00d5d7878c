//! The browser's types are made from the server's; what is committed must be what the server says today.

use protocol::message::{ClientMessage, ServerMessage};
use std::{collections::BTreeMap, fs, path::Path};
use ts_rs::{Config, TS};

fn read(folder: &Path) -> BTreeMap<String, String> {
    fs::read_dir(folder)
        .unwrap_or_else(|why| panic!("{}: {why}", folder.display()))
        .map(|entry| {
            let path = entry.expect("readable folder").path();
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("UTF-8 text"))
        })
        .collect()
}

#[test]
fn committed_types_are_those_of_the_protocol() {
    let fresh = tempfile::tempdir().expect("a temporary folder");
    let config = Config::new().with_out_dir(fresh.path());
    ClientMessage::export_all(&config).expect("types are written");
    ServerMessage::export_all(&config).expect("types are written");
    let mut committed = read(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../web-client/src/protocol"
    )));
    let index = committed.remove("index.ts").expect("index.ts names every type");
    let fresh = read(fresh.path());
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&fresh), "run `make types`");
    for (name, text) in &fresh {
        assert_eq!(&committed[name], text, "{name} differs: run `make types`");
        let stem = name.trim_end_matches(".ts");
        assert!(
            index.contains(&format!("'./{stem}'")),
            "index.ts lacks {stem}: run `make types`"
        );
    }
}
