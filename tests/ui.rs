//! What the compiler says: of mistakes, word for word, and of declarations that are right, nothing.
//!
//! `ui/README.md` says how to add a fixture and how to write the words anew.

mod ui {
    mod rules;
    mod words;
}

#[test]
fn every_mistake_has_its_message_and_every_right_declaration_compiles() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*/*.rs");
}
