//! The table of guarantees names tests that there are.

use std::fs;
use std::path::{Path, PathBuf};

const TABLE: &str = include_str!("../courier-core/src/guarantees.md");

/// The rows of the tables: a guarantee, and the names of its tests, which are written as sentences so that the table is read.
fn rows() -> impl Iterator<Item = (&'static str, Vec<String>)> {
    let rows = TABLE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| guarantee "));
    rows.map(|row| {
        let (guarantee, tests) = row.trim_matches(['|', ' ']).split_once(" | ").expect("two columns");
        (guarantee, tests.split("<br>").map(test_of).collect())
    })
}

/// `` `flow::status` a 200 says so `` as `flow::status::a_200_says_so`
fn test_of(cell: &str) -> String {
    let (modules, sentence) = cell.trim_start_matches('`').split_once("` ").expect("a module and a sentence");
    format!("{modules}::{}", sentence.replace(' ', "_"))
}

/// The file that a test stands in: `flow::transport::slow::name` in `tests/flow/transport/slow.rs`, others in the library, in a
/// module of their own or within the one that they test.
fn file_of(test: &str) -> Option<PathBuf> {
    let (modules, _) = test.rsplit_once("::")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files =
        [modules, modules.strip_suffix("::tests").unwrap_or(modules)].map(|modules| modules.replace("::", "/") + ".rs");
    let places = [root.to_owned(), root.join("../courier-core/src")];
    places.iter().flat_map(|place| files.iter().map(|file| place.join(file))).find(|file| file.is_file())
}

fn is_test(test: &str) -> bool {
    let Some(file) = file_of(test) else { return false };
    let name = test.rsplit("::").next().expect("a name");
    let source = fs::read_to_string(file).expect("a source file");
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let function = [format!("fn {name}("), format!("async fn {name}(")];
    let position = lines.iter().position(|line| function.iter().any(|function| line.starts_with(function)));
    position.is_some_and(|position| {
        let attributes = lines[..position].iter().rev().take_while(|line| line.starts_with('#'));
        attributes.clone().any(|line| line.contains("test")) && !attributes.clone().any(|line| line.contains("ignore"))
    })
}

#[test]
fn every_guarantee_names_tests_that_there_are() {
    let rows: Vec<_> = rows().collect();
    assert!(rows.len() > 40, "the table was not read: {} rows", rows.len());
    for (guarantee, tests) in rows {
        assert!(!tests.is_empty(), "no test shows it: {guarantee}");
        for test in tests {
            assert!(is_test(&test), "there is no test `{test}` for: {guarantee}");
        }
    }
}

#[test]
fn a_name_that_is_no_test_is_noticed() {
    assert!(is_test("guarantees::a_name_that_is_no_test_is_noticed"));
    for name in ["guarantees::rows", "guarantees::a_name", "flow::transport::a_name", "a_name"] {
        assert!(!is_test(name), "{name}");
    }
}
