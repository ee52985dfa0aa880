//! The page `mistakes` lists the rules, each with a message, as the compiler reports it.

use std::collections::BTreeSet;

use super::words::{Fixture, fixtures};

const DOCUMENTATION: &str = include_str!("../../courier-core/src/mistakes.md");

/// No fixture here renames courier-core: `tests/renamed` has the one that does.
const WITHOUT_A_FIXTURE: &str = "an endpoint calls courier-core by its own name, unless the attribute gives another";

/// A row of the tables: a rule and a message that cites it, or a message about types.
struct Row {
    rule: Option<String>,
    message: String,
}

fn rows() -> Vec<Row> {
    let mut of_types = false;
    let mut rows = Vec::new();
    for line in DOCUMENTATION.lines() {
        if line.starts_with('#') {
            of_types = line == "## Types";
        }
        // A `|` within a cell is escaped.
        let line = line.replace("\\|", "\u{0}");
        let Some(cells) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")) else { continue };
        let cells: Vec<String> = cells.split(" | ").map(|cell| cell.replace('\u{0}', "|")).collect();
        match &cells[..] {
            [heading, ..] if matches!(&**heading, "rule" | "message") => {}
            [message, ..] if of_types => rows.push(Row { rule: None, message: message.clone() }),
            [rule, message] => rows.push(Row { rule: Some(rule.clone()), message: message.clone() }),
            _ => panic!("a row of two cells: {line}"),
        }
    }
    rows
}

#[test]
fn every_documented_rule_has_a_fixture_and_every_rule_of_a_fixture_is_documented() {
    let fixtures = fixtures();
    let cited: BTreeSet<String> =
        fixtures.iter().flat_map(Fixture::messages).filter_map(|message| message.rule).collect();
    let documented = rows().into_iter().filter_map(|row| row.rule).filter(|rule| rule != WITHOUT_A_FIXTURE);
    let documented: BTreeSet<String> = documented.collect();
    let without_fixture: Vec<_> = documented.difference(&cited).collect();
    let undocumented: Vec<_> = cited.difference(&documented).collect();
    assert!(
        without_fixture.is_empty() && undocumented.is_empty(),
        "without a fixture: {without_fixture:#?}\nnot documented: {undocumented:#?}"
    );
}

#[test]
fn the_compiler_reports_every_documented_message() {
    let fixtures = fixtures();
    let reported: Vec<_> = fixtures.iter().flat_map(Fixture::messages).collect();
    for Row { rule, message } in rows() {
        if rule.as_deref() == Some(WITHOUT_A_FIXTURE) {
            continue;
        }
        let is_it = reported.iter().any(|reported| reported.line == message && reported.rule == rule);
        assert!(is_it, "no fixture shows: {message}\nwith the rule: {rule:?}");
    }
}

#[test]
fn every_rule_is_documented_once() {
    let rules: Vec<String> = rows().into_iter().filter_map(|row| row.rule).collect();
    let once: BTreeSet<&String> = rules.iter().collect();
    assert!(rules.len() > 30, "the tables are read: {rules:?}");
    assert_eq!(rules.len(), once.len(), "{rules:#?}");
}
