//! Checks that every test named in the table of guarantees exists.

use std::fs;
use std::path::{Path, PathBuf};

const TABLE: &str = include_str!("../courier-core/src/guarantees.md");

/// The rows of the tables: each guarantee with its tests. The tables write the tests' names as readable sentences.
fn rows() -> impl Iterator<Item = (&'static str, Vec<String>)> {
    let rows = TABLE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| guarantee "));
    rows.map(|row| {
        let (guarantee, tests) = row.trim_matches(['|', ' ']).split_once(" | ").expect("two columns");
        (guarantee, tests.split("<br>").map(test_of).collect())
    })
}

/// Reads `` `flow::status` a 200 says so `` as `flow::status::a_200_says_so`.
fn test_of(cell: &str) -> String {
    let (modules, sentence) = cell.trim_start_matches('`').split_once("` ").expect("a module and a sentence");
    format!("{modules}::{}", sentence.replace(' ', "_"))
}

/// The file that contains a test: `tests/flow/transport/slow.rs` for `flow::transport::slow::name`. A unit test of the library
/// is in its own module's file, or in the file of the module that it tests.
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
fn every_guarantee_names_tests_that_exist() {
    let rows: Vec<_> = rows().collect();
    assert!(rows.len() > 40, "only {} rows were read from the table", rows.len());
    for (guarantee, tests) in rows {
        assert!(!tests.is_empty(), "this guarantee has no test: {guarantee}");
        for test in tests {
            assert!(is_test(&test), "the test `{test}` doesn't exist; the guarantee is: {guarantee}");
        }
    }
}

#[test]
fn a_name_that_is_not_a_test_is_rejected() {
    assert!(is_test("guarantees::a_name_that_is_not_a_test_is_rejected"));
    for name in ["guarantees::rows", "guarantees::a_name", "flow::transport::a_name", "a_name"] {
        assert!(!is_test(name), "{name}");
    }
}
