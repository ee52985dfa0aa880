//! The reference in the attribute's documentation lists the rules, each with a message: these are the compiler's words.

use std::collections::BTreeSet;

use super::words::{Fixture, fixtures};

const DOCUMENTATION: &str = include_str!("../../courier-core/src/endpoint.md");

/// A crate that depends on courier-core can't show what one says that does not: `courier-macros` tests it.
const WITHOUT_A_FIXTURE: &str = "an endpoint calls courier-core, by the name that the crate's Cargo.toml gives it";

/// A row of the reference's tables: a rule and a message that cites it, or, of the types, a message alone.
struct Row {
    rule: Option<String>,
    message: String,
}

fn rows() -> Vec<Row> {
    let (_, mistakes) = DOCUMENTATION.split_once("\n# Mistakes\n").expect("the section");
    let mut of_types = false;
    let mut rows = Vec::new();
    for line in mistakes.lines() {
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
fn every_rule_of_the_documentation_has_a_fixture_and_every_fixtures_rule_is_documented() {
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
fn every_message_of_the_documentation_is_one_that_the_compiler_gives() {
    let fixtures = fixtures();
    let given: Vec<_> = fixtures.iter().flat_map(Fixture::messages).collect();
    for Row { rule, message } in rows() {
        if rule.as_deref() == Some(WITHOUT_A_FIXTURE) {
            continue;
        }
        let is_it = given.iter().any(|given| given.line == message && given.rule == rule);
        assert!(is_it, "no fixture gives: {message}\nwith the rule: {rule:?}");
    }
}

#[test]
fn every_rule_is_documented_once() {
    let rules: Vec<String> = rows().into_iter().filter_map(|row| row.rule).collect();
    let once: BTreeSet<&String> = rules.iter().collect();
    assert!(rules.len() > 30, "the tables are read: {rules:?}");
    assert_eq!(rules.len(), once.len(), "{rules:#?}");
}
