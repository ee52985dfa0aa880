//! The rules that messages cite, and the reference that lists them.

use syn::{Expr, ExprLit, Item, Lit};

const REFERENCE: &str = include_str!("../../courier-core/src/mistakes.md");

fn rules() -> Vec<(String, String)> {
    let file = syn::parse_file(include_str!("../src/rules.rs")).expect("Rust");
    let constants = file.items.into_iter().map(|item| match item {
        Item::Const(constant) => constant,
        _ => panic!("only constants"),
    });
    let rules = constants.map(|constant| match *constant.expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => (constant.ident.to_string(), text.value()),
        _ => panic!("{} is a string", constant.ident),
    });
    rules.collect()
}

#[test]
fn every_rule_is_in_the_reference_word_for_word() {
    for (name, rule) in rules() {
        let row = format!("\n| {} | ", rule.replace('|', "\\|"));
        assert_eq!(REFERENCE.matches(&row).count(), 1, "{name}: {rule}");
    }
}

#[test]
fn the_reference_lists_no_other_rule() {
    let rows =
        REFERENCE.lines().filter(|line| line.starts_with("| ") && line.replace("\\|", "").matches(" | ").count() == 1);
    let headings = rows.clone().filter(|row| *row == "| rule | message |").count();
    assert_eq!(rows.count() - headings, rules().len());
}

/// The names in the list `FRAMING` of a source file.
fn framing(source: &str) -> Vec<&str> {
    let (_, list) = source.split_once("const FRAMING: [&str; ").expect("the list");
    let (_, list) = list.split_once('[').expect("its beginning");
    let (list, _) = list.split_once(']').expect("its end");
    list.split('"').skip(1).step_by(2).collect()
}

#[test]
fn the_headers_that_frame_a_message_are_the_same_at_compile_time_and_at_run_time() {
    let ours = framing(include_str!("../src/parse/header.rs"));
    assert_eq!(ours, framing(include_str!("../../courier-core/src/request/header.rs")));
    assert!(ours.contains(&"content-length"), "{ours:?}");
}
