//! What holds for every message: it is short, complete, and doesn't speak of the expansion.

use std::fs;
use std::path::{Path, PathBuf};

/// Mistakes, and what the compiler reports.
pub(super) struct Fixture {
    /// `template/braces`
    pub(super) name: String,
    source: String,
    pub(super) stderr: String,
}

/// The first line of an error, and the rule if the macro cites one.
pub(super) struct Message {
    pub(super) line: String,
    pub(super) rule: Option<String>,
}

impl Fixture {
    pub(super) fn messages(&self) -> Vec<Message> {
        let mut messages: Vec<Message> = Vec::new();
        for line in self.stderr.lines() {
            if let Some(rule) = line.trim_start().strip_prefix("rule: ") {
                messages.last_mut().expect("a rule follows its error").rule = Some(rule.to_owned());
            } else if line.starts_with("error") {
                let (_, line) = line.split_once(": ").expect("`error: …` or `error[E0277]: …`");
                messages.push(Message { line: line.to_owned(), rule: None });
            }
        }
        messages
    }
}

fn ui() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of fixtures");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

pub(super) fn fixtures() -> Vec<Fixture> {
    let files = entries(&ui().join("fail")).into_iter().flat_map(|folder| entries(&folder));
    let sources = files.filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    let fixtures = sources.map(|file| {
        let stderr = file.with_extension("stderr");
        let name = file.strip_prefix(ui().join("fail")).expect("a fixture").with_extension("");
        Fixture {
            name: name.display().to_string(),
            source: fs::read_to_string(&file).expect("a fixture"),
            stderr: fs::read_to_string(&stderr).unwrap_or_else(|_| panic!("{} is missing", stderr.display())),
        }
    });
    fixtures.collect()
}

/// Fails with a line for each fixture that something was found in.
fn none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_messages_first_line_is_shorter_than_120_characters() {
    let mut found = Vec::new();
    for fixture in fixtures() {
        let errors = fixture.stderr.lines().filter(|line| line.starts_with("error"));
        let long = errors.filter(|line| line.chars().count() >= 120);
        found.extend(long.map(|line| format!("{}: {line}", fixture.name)));
    }
    none(&found);
}

/// Names that no user wrote and no public documentation has.
const INTERNALS: [&str; 8] = [
    "__private",
    "__courier",
    "courier-core/src/outcome/reader.rs",
    "AsDyn",
    "Reading",
    "Step<",
    "DECODER",
    "attribute macro expansion",
];

/// The files of the documented traits that the attribute requires.
const DOCUMENTED: [&str; 4] = [
    include_str!("../../courier-core/src/argument.rs"),
    include_str!("../../courier-core/src/outcome.rs"),
    include_str!("../../courier-core/src/outcome/variant.rs"),
    include_str!("../../courier-core/src/transport.rs"),
];

/// The last name of `` the trait `courier_core::outcome::Variant<Outcome, _>` is not … ``.
fn traits_named(line: &str) -> impl Iterator<Item = &str> {
    line.split("trait `").skip(1).map(|rest| {
        let path = rest.split(['`', '<']).next().expect("a first part");
        path.rsplit("::").next().expect("a last part")
    })
}

#[test]
fn every_trait_that_a_message_names_is_a_common_one_or_documented_with_a_fix() {
    const COMMON: [&str; 4] = ["Display", "From", "Serialize", "Deserialize"];
    let mut found = Vec::new();
    for fixture in fixtures() {
        // The fixture's own traits are in its source.
        let strange = |name: &&str| !COMMON.contains(name) && !fixture.source.contains(&format!("trait {name}"));
        // Each error by itself, with its notes.
        let errors = fixture.stderr.split("\nerror");
        let named = errors.flat_map(|error| error.lines().flat_map(traits_named).map(move |name| (error, name)));
        for (error, name) in named.filter(|(_, name)| strange(name)) {
            let declaration =
                [format!("pub trait {name} "), format!("pub trait {name}:"), format!("pub trait {name}<")];
            let is_documented = DOCUMENTED.iter().any(|file| declaration.iter().any(|text| file.contains(text)));
            let has_fix = error.contains("= note: ");
            if !is_documented || !has_fix {
                found.push(format!("{} names `{name}`", fixture.name));
            }
        }
    }
    none(&found);
}

#[test]
fn no_message_names_an_internal() {
    let mut found = Vec::new();
    for fixture in fixtures() {
        let lines = fixture.stderr.lines();
        // A line of the fixture itself may have any name.
        let said = lines.filter(|line| !line.trim_start().starts_with(|first: char| first.is_ascii_digit()));
        for line in said {
            let internals = INTERNALS.iter().filter(|internal| line.contains(**internal));
            found.extend(internals.map(|internal| format!("{} names `{internal}`: {line}", fixture.name)));
        }
    }
    none(&found);
}

/// If a message is about the whole attribute, the compiler says that it originates in a macro.
#[test]
fn every_message_points_at_a_token_of_the_user() {
    let of_the_whole = fixtures().into_iter().filter(|fixture| fixture.stderr.contains("this error originates in"));
    none(&of_the_whole.map(|fixture| fixture.name).collect::<Vec<_>>());
}

/// The macro reports a problem with its rule, or the other end of one.
#[test]
fn every_other_end_follows_a_message_with_a_rule() {
    let mut found = Vec::new();
    for fixture in fixtures() {
        let messages = fixture.messages();
        for (position, message) in messages.iter().enumerate() {
            let is_other_end = message.line.starts_with("same mistake, other end: ");
            let before = position.checked_sub(1).and_then(|before| messages[before].rule.as_ref());
            if is_other_end && (before.is_none() || message.rule.is_some()) {
                found.push(format!("{}: {}", fixture.name, message.line));
            }
        }
    }
    none(&found);
}

/// A user who calls the method of a wrong declaration reads of the declaration alone: one mistake for each trait.
#[test]
fn users_of_a_wrong_method_see_no_follow_up() {
    let fixture = fixtures().into_iter().find(|fixture| fixture.name == "several/users_see_no_follow_up");
    let fixture = fixture.expect("the fixture");
    let mistakes = fixture.messages();
    let of_the_macro = mistakes.iter().filter(|message| message.rule.is_some()).count();
    let others = mistakes.iter().filter(|message| message.rule.is_none());
    let others = others.filter(|message| !message.line.starts_with("same mistake, other end: "));
    assert_eq!(of_the_macro, fixture.source.matches("\ntrait ").count());
    assert_eq!(others.count(), 0, "{}", fixture.stderr);
    assert!(!fixture.stderr.contains("warning"), "{}", fixture.stderr);
}

#[test]
fn every_fixture_begins_with_a_sentence() {
    let is_sentence = |line: &str| line.starts_with("//! ") && line.ends_with('.');
    let silent = fixtures().into_iter().filter(|fixture| !fixture.source.lines().next().is_some_and(is_sentence));
    none(&silent.map(|fixture| fixture.name).collect::<Vec<_>>());
}

#[test]
fn every_stderr_file_has_its_fixture() {
    let files = entries(&ui().join("fail")).into_iter().flat_map(|folder| entries(&folder));
    let left = files
        .filter(|file| file.extension().is_some_and(|kind| kind == "stderr") && !file.with_extension("rs").exists());
    none(&left.map(|file| file.display().to_string()).collect::<Vec<_>>());
}

#[test]
fn the_readme_explains_every_folder() {
    let readme = fs::read_to_string(ui().join("README.md")).expect("the README");
    let rows = readme.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()));
    let mut explained: Vec<String> = rows.collect();
    explained.sort();
    let folders: Vec<String> = entries(&ui().join("fail"))
        .iter()
        .map(|folder| folder.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(explained, folders);
}
