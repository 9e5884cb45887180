//! The arrows of the plan: who may name whom, and who may not bring what, read from what cargo resolves.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};
use std::collections::{BTreeMap, BTreeSet};

/// Our crates and the ones that each may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("barrow-log", &[]),
    ("barrow-kernel", &["barrow-log"]),
    ("barrow-receipt", &["barrow-kernel", "barrow-log"]),
    ("barrow-scan", &["barrow-kernel", "barrow-log"]),
    ("barrow-sync", &["barrow-log"]),
    ("barrow-link", &["barrow-sync", "barrow-log"]),
    (
        "barrow-device",
        &["barrow-receipt", "barrow-kernel", "barrow-log"],
    ),
    ("barrow-store", &["barrow-kernel", "barrow-sync", "barrow-log"]),
    (
        "barrow-till",
        &[
            "barrow-store",
            "barrow-receipt",
            "barrow-link",
            "barrow-sync",
            "barrow-kernel",
            "barrow-log",
        ],
    ),
    (
        "barrow-hub",
        &[
            "barrow-store",
            "barrow-link",
            "barrow-sync",
            "barrow-kernel",
            "barrow-log",
        ],
    ),
    (
        "barrow-ffi",
        &[
            "barrow-device",
            "barrow-link",
            "barrow-till",
            "barrow-scan",
            "barrow-store",
            "barrow-sync",
            "barrow-kernel",
            "barrow-log",
        ],
    ),
    (
        "barrow",
        &[
            "barrow-till",
            "barrow-hub",
            "barrow-store",
            "barrow-sync",
            "barrow-receipt",
            "barrow-kernel",
            "barrow-log",
        ],
    ),
];

/// The crates without clock, chance or I/O.
const PURE: &[&str] = &["barrow-log", "barrow-kernel", "barrow-receipt", "barrow-sync"];

/// Our crates that may open links, by way of `barrow-link`.
const NETWORKED: &[&str] = &["barrow-link", "barrow-till", "barrow-hub", "barrow-ffi", "barrow"];

/// Crates of others, and our crates that may bring them, however far away.
const GUESTS: &[(&str, &[&str])] = &[
    (
        "rusqlite",
        &[
            "barrow-store",
            "barrow-till",
            "barrow-hub",
            "barrow-ffi",
            "barrow",
        ],
    ),
    ("tokio", NETWORKED),
    ("rustls", NETWORKED),
    ("ring", NETWORKED),
    ("rcgen", NETWORKED),
    ("tokio-tungstenite", NETWORKED),
    ("mdns-sd", NETWORKED),
    ("aws-lc-rs", &[]),
    ("openssl", &[]),
    ("reqwest", &[]),
    // No crate of ours turns the radio on by itself: programs that have one ask for it by a feature.
    ("btleplug", &[]),
    ("axum", &["barrow-hub", "barrow"]),
    ("uniffi", &["barrow-ffi"]),
];

/// Crates that bring chance or the clock of the machine: never below what is pure.
const CLOCKS_AND_CHANCE: &[&str] = &[
    "rand",
    "rand_core",
    "getrandom",
    "fastrand",
    "time",
    "iana-time-zone",
    "instant",
    "web-time",
    "quanta",
    "coarsetime",
];

/// Which crates a crate brings along: itself left out, tests left out.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// Returns every crate within reach of one, with the crate that brings it.
fn reach<'a>(graph: &'a Graph, from: &'a str) -> BTreeMap<&'a str, &'a str> {
    let (mut found, mut open) = (BTreeMap::new(), vec![from]);
    while let Some(name) = open.pop() {
        for next in graph.get(name).into_iter().flatten() {
            if !found.contains_key(next.as_str()) {
                found.insert(next.as_str(), name);
                open.push(next);
            }
        }
    }
    found
}

/// Lists what breaks the plan, one sentence each. `alone` holds what a crate brings when it is built by itself.
fn faults(graph: &Graph, alone: &BTreeMap<String, Graph>, ours: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for name in ours {
        let graph = alone.get(name).unwrap_or(graph);
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| known == name) else {
            faults.push(format!("{name} is not drawn: give it its arrows here"));
            continue;
        };
        for target in graph
            .get(name)
            .into_iter()
            .flatten()
            .filter(|to| to.starts_with("barrow"))
        {
            if !allowed.contains(&target.as_str()) {
                faults.push(format!("{name} names {target}, which is not below it"));
            }
        }
        for (guest, via) in reach(graph, name) {
            let hosts = GUESTS
                .iter()
                .find(|(known, _)| *known == guest)
                .map(|(_, hosts)| hosts);
            let unwelcome = hosts.is_some_and(|hosts| !hosts.contains(&name.as_str()));
            let impure = PURE.contains(&name.as_str()) && CLOCKS_AND_CHANCE.contains(&guest);
            if unwelcome || impure {
                faults.push(format!("{name} brings {guest}, by way of {via}"));
            }
        }
    }
    if graph.get("barrow").is_some_and(|names| names.contains("tokio")) {
        faults.push("barrow names tokio itself: the till has the only runtime".to_owned());
    }
    faults
}

/// Tells whether an optional dependency is switched on by a feature that is switched on.
///
/// cargo metadata also lists dependencies that only a weak feature (`rand?/std`) touches.
fn switched_on(package: &Package, node: &Node, dependency: &str) -> bool {
    let (named, owned) = (format!("dep:{dependency}"), format!("{dependency}/"));
    node.features.iter().any(|feature| {
        let words = package.features.get(feature.as_str()).into_iter().flatten();
        feature.as_str() == dependency
            || words
                .into_iter()
                .any(|word| *word == named || word.starts_with(&owned))
    })
}

/// Tells whether a package really has a dependency on the other in a build, not only in its tests.
fn is_live(package: &Package, node: &Node, other: &Package) -> bool {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.name == other.name.as_str())
        .filter(|dependency| dependency.req.matches(&other.version) || dependency.source.is_none())
        .filter(|dependency| dependency.kind != DependencyKind::Development)
        .any(|dependency| {
            let name = dependency.rename.as_deref().unwrap_or(&dependency.name);
            !dependency.optional || switched_on(package, node, name)
        })
}

/// Draws what cargo resolved.
fn draw(metadata: &Metadata) -> (Graph, BTreeSet<String>) {
    let packages: BTreeMap<&PackageId, &Package> = metadata.packages.iter().map(|p| (&p.id, p)).collect();
    let mut graph = Graph::new();
    for node in &metadata.resolve.as_ref().unwrap().nodes {
        let package = packages[&node.id];
        let names = graph.entry(package.name.to_string()).or_default();
        for dependency in &node.deps {
            let other = packages[&dependency.pkg];
            let in_build = dependency
                .dep_kinds
                .iter()
                .any(|kind| kind.kind != DependencyKind::Development);
            if in_build && is_live(package, node, other) {
                names.insert(other.name.to_string());
            }
        }
    }
    let ours = metadata.workspace_packages();
    // Tools of the tests and benches ship with nobody and may name what they like; nothing that ships names them.
    let tools = metadata.workspace_root.join("tests");
    let ours = ours.iter().filter(|p| !p.manifest_path.starts_with(&tools));
    (graph, ours.map(|p| p.name.to_string()).collect())
}

/// Draws what each pure crate brings when it is built by itself: built together with others, a crate of theirs
/// switches features on in what both use, and the metadata show no other picture.
fn alone(graph: &Graph) -> BTreeMap<String, Graph> {
    let draw = |name: &&str| {
        let output = std::process::Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--locked",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
                "--format",
                "{p}",
            ])
            .args([
                "--package",
                name,
                "--manifest-path",
                concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
            ])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let names: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(
            names.contains(*name),
            "{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let within = |to: &BTreeSet<String>| {
            to.iter()
                .filter(|to| names.contains(to.as_str()))
                .cloned()
                .collect()
        };
        let kept = graph.iter().filter(|(from, _)| names.contains(from.as_str()));
        (
            (*name).to_owned(),
            kept.map(|(from, to)| (from.clone(), within(to))).collect(),
        )
    };
    PURE.iter().map(draw).collect()
}

fn host() -> String {
    let output = std::process::Command::new(env!("CARGO"))
        .arg("-vV")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap()
        .to_owned()
}

#[test]
fn arrows_point_down_and_nothing_foreign_comes_in() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .other_options(["--offline".to_owned(), "--filter-platform".to_owned(), host()])
        .exec()
        .unwrap();
    let (graph, ours) = draw(&metadata);
    // The picture is whole: what is known to be there is seen.
    assert!(ours.len() >= ARROWS.len(), "{ours:?}");
    assert!(reach(&graph, "barrow-store").contains_key("libsqlite3-sys"));
    assert!(reach(&graph, "barrow-kernel").contains_key("rust_decimal"));
    let alone = alone(&graph);
    assert!(reach(&alone["barrow-kernel"], "barrow-kernel").contains_key("chrono"));
    assert_eq!(faults(&graph, &alone, &ours), [""; 0]);
}

/// Draws the plan as it is meant, with some arrows more.
fn planned(more: &[(&str, &str)]) -> Vec<String> {
    let mut graph = Graph::new();
    let drawn = ARROWS
        .iter()
        .flat_map(|(from, to)| to.iter().map(move |to| (*from, *to)));
    let guests = [
        ("barrow-store", "rusqlite"),
        ("barrow-link", "rustls"),
        ("barrow-till", "tokio"),
        ("barrow-till", "getrandom"),
    ];
    for (from, to) in drawn.chain(guests).chain(more.iter().copied()) {
        graph.entry(from.to_owned()).or_default().insert(to.to_owned());
    }
    let ours = graph.keys().filter(|name| name.starts_with("barrow")).cloned();
    let ours = ours.chain(["barrow-log".to_owned()]).collect();
    faults(&graph, &BTreeMap::new(), &ours)
}

#[test]
fn a_wrong_arrow_is_caught() {
    assert_eq!(planned(&[]), [""; 0]);
    for (more, fault) in [
        (
            &[("barrow-kernel", "barrow-store")][..],
            "barrow-kernel names barrow-store",
        ),
        (
            &[("barrow-store", "barrow-receipt")],
            "barrow-store names barrow-receipt",
        ),
        (
            &[("barrow-log", "barrow-kernel")],
            "barrow-log names barrow-kernel",
        ),
        (
            &[("barrow-store", "helper"), ("helper", "tokio")],
            "barrow-store brings tokio, by way of helper",
        ),
        (
            &[("barrow-till", "helper"), ("helper", "reqwest")],
            "barrow-till brings reqwest",
        ),
        (
            &[("barrow-store", "barrow-link")],
            "barrow-store brings rustls, by way of barrow-link",
        ),
        (
            &[("barrow-link", "rustls"), ("rustls", "aws-lc-rs")],
            "barrow-link brings aws-lc-rs, by way of rustls",
        ),
        (
            &[("barrow-log", "uuid"), ("uuid", "getrandom")],
            "barrow-log brings getrandom, by way of uuid",
        ),
        (
            &[("barrow-receipt", "rusqlite")],
            "barrow-receipt brings rusqlite",
        ),
        (&[("barrow-pay", "serde")], "barrow-pay is not drawn"),
        (
            &[("barrow-store", "barrow-faultfs")],
            "barrow-store names barrow-faultfs",
        ),
        (&[("barrow", "tokio")], "barrow names tokio itself"),
        (&[("barrow-till", "uniffi")], "barrow-till brings uniffi"),
        (&[("barrow", "barrow-ffi")], "barrow names barrow-ffi"),
    ] {
        let found = planned(more);
        assert!(
            found.iter().any(|found| found.starts_with(fault)),
            "{fault}: {found:?}"
        );
    }
}
