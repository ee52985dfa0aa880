//! Declares all 168 operations of Courier's API, one attribute each, and compares them with the reference.
//!
//! The declarations are what an application developer would write from the reference: one trait per resource, one file
//! per trait. Bodies and responses are [`serde_json::Value`] unless the library ships a type. A success status that the
//! reference only guesses is declared as its class, `2xx`.

mod whole_api {
    pub(crate) mod audiences;
    pub(crate) mod audit_events;
    pub(crate) mod auth;
    pub(crate) mod automations;
    pub(crate) mod brands;
    pub(crate) mod broadcasts;
    pub(crate) mod bulk;
    pub(crate) mod digests;
    pub(crate) mod inbound;
    pub(crate) mod journeys;
    pub(crate) mod lists;
    pub(crate) mod messages;
    pub(crate) mod notifications;
    pub(crate) mod previews;
    pub(crate) mod profiles;
    pub(crate) mod providers;
    pub(crate) mod requests;
    pub(crate) mod routing_strategies;
    pub(crate) mod send;
    pub(crate) mod tenants;
    pub(crate) mod translations;
    pub(crate) mod users;
    pub(crate) mod workspace_preferences;

    pub(crate) mod outcomes;
    pub(crate) mod runs;
    pub(crate) mod version;

    pub(crate) mod check;
    pub(crate) mod declared;
    pub(crate) mod reference;
}

use courier_core::{MemoryTransport, NoRequest};

use whole_api::check::differences;
use whole_api::declared::Declared;
use whole_api::reference::{Operation, Reference};
use whole_api::{
    audiences, audit_events, auth, automations, brands, broadcasts, bulk, digests, inbound, journeys, lists, messages,
    notifications, previews, profiles, providers, requests, routing_strategies, send, tenants, translations, users,
    workspace_preferences,
};

fn declared() -> Vec<Declared> {
    let api = MemoryTransport::new();
    let resources = [
        audiences::declared(&api),
        audit_events::declared(&api),
        auth::declared(&api),
        automations::declared(&api),
        brands::declared(&api),
        broadcasts::declared(&api),
        bulk::declared(&api),
        digests::declared(&api),
        inbound::declared(&api),
        journeys::declared(&api),
        lists::declared(&api),
        messages::declared(&api),
        notifications::declared(&api),
        previews::declared(&api),
        profiles::declared(&api),
        providers::declared(&api),
        requests::declared(&api),
        routing_strategies::declared(&api),
        send::declared(&api),
        tenants::declared(&api),
        translations::declared(&api),
        users::declared(&api),
        workspace_preferences::declared(&api),
    ];
    resources.into_iter().flatten().collect()
}

#[test]
fn every_operation_of_the_reference_is_declared_as_documented() {
    let differences = differences(&Reference::read(), &declared());
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// Tests the check itself, with a copy of the reference in which one thing is changed.
#[test]
fn every_kind_of_difference_is_reported_with_its_operation() {
    let declared = declared();
    for (name, change, expected) in CHANGES {
        let mut reference = Reference::read();
        let operation = reference.operations.iter_mut().find(|operation| operation.name == *name);
        change(operation.expect("the operation is in the reference"));
        let expected: Vec<_> = expected.iter().map(|line| format!("{name}: {line}")).collect();
        assert_eq!(differences(&reference, &declared), expected);
    }
}

/// An operation, a change to it, and what the check reports.
type Change = (&'static str, fn(&mut Operation), &'static [&'static str]);

const CHANGES: &[Change] = &[
    ("messages.cancel", |cancel| cancel.method = "PUT".into(), &[r#"method: documented "PUT", declared "POST""#]),
    (
        "messages.cancel",
        |cancel| cancel.path = "/messages/{id}/cancel".into(),
        &[
            r#"template: documented "/messages/<id>/cancel", declared "/messages/<message_id>/cancel""#,
            r#"with every optional part, path: documented "/messages/id/cancel", declared "/messages/message_id/cancel""#,
            r#"with no optional part, path: documented "/messages/id/cancel", declared "/messages/message_id/cancel""#,
        ],
    ),
    ("messages.cancel", |cancel| cancel.path_params.push("part".to_owned()), &[r#"placeholders: "<part>" is missing"#]),
    (
        "messages.cancel",
        |cancel| cancel.success = 202,
        &["outcomes: 202..=202 is missing", "outcomes: 200..=200 is not documented"],
    ),
    ("send.message", |send| send.also_seen.push(207), &["outcomes: 207..=207 is missing"]),
    ("messages.cancel", |cancel| cancel.other_statuses.clear(), &["outcomes: 409..=409 is not documented"]),
    ("messages.cancel", |cancel| cancel.other_statuses.push(404), &["outcomes: 404..=404 is missing"]),
    (
        "tenants.retrieve",
        |retrieve| retrieve.response = None,
        &[
            "with every optional part, a response with a body: documented false, declared true",
            "with no optional part, a response with a body: documented false, declared true",
        ],
    ),
    (
        "tenants.delete",
        |delete| delete.response = Some("Tenant".to_owned()),
        &[
            "with every optional part, a response with a body: documented true, declared false",
            "with no optional part, a response with a body: documented true, declared false",
        ],
    ),
    (
        "messages.list",
        |list| list.query[0].name = "old".into(),
        &[
            r#"with every optional part, query: "old=true" is missing"#,
            r#"with every optional part, query: "archived=true" is not documented"#,
        ],
    ),
    (
        "messages.list",
        |list| list.query[1].required = true,
        &[r#"with no optional part, query: "cursor=cursor" is missing"#],
    ),
    (
        "brands.create",
        |create| drop(create.headers.pop()),
        &[
            r#"with every optional part, headers: "x-idempotency-expiration: x-idempotency-expiration" is not documented"#,
        ],
    ),
    (
        "bulk.run_job",
        |run| run.headers.push("Idempotency-Key".to_owned()),
        &[r#"with every optional part, headers: "idempotency-key: Idempotency-Key" is missing"#],
    ),
    (
        "brands.create",
        |create| create.body.clear(),
        &[
            r#"with every optional part, body: "true" is not documented"#,
            r#"with no optional part, body: "true" is not documented"#,
        ],
    ),
    (
        "broadcasts.schedule",
        |schedule| schedule.body[3].name = "zone".into(),
        &[
            r#"with every optional part, body: "zone" is missing"#,
            r#"with every optional part, body: "timezone" is not documented"#,
        ],
    ),
    (
        "broadcasts.schedule",
        |schedule| schedule.body[3].required = true,
        &[r#"with no optional part, body: "timezone" is missing"#],
    ),
];

#[test]
fn a_missing_surplus_duplicate_or_invalid_declaration_is_reported() {
    let mut reference = Reference::read();
    reference.operations.retain(|operation| operation.name != "auth.issue_token");
    assert_eq!(
        differences(&reference, &declared()),
        ["the reference counts 168 operations and has 167", "auth.issue_token: declared, but not in the reference"]
    );

    let mut declared = declared();
    declared.retain(|declared| declared.operation != "auth.issue_token");
    declared.extend(requests::declared(&MemoryTransport::new()));
    declared[0].without = Err(NoRequest::Fake);
    assert_eq!(
        differences(&Reference::read(), &declared),
        [
            &format!("audiences.list: with no optional part, no request: {}", NoRequest::Fake),
            "auth.issue_token: not declared",
            "requests.archive: declared 2 times",
            "requests.archive: same endpoint as requests.archive",
        ]
    );
}

/// The table is maintained manually. A declaration that is missing from it wouldn't be checked.
#[test]
fn every_declaration_in_the_files_is_in_the_table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/whole_api");
    let files = std::fs::read_dir(folder).expect("the folder of this test").map(|file| file.expect("a file").path());
    let sources = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let attributes = sources.map(|path| {
        let source = std::fs::read_to_string(path).expect("a source file");
        source.lines().filter(|line| line.trim_start().starts_with("#[endpoint(")).count()
    });
    assert_eq!(attributes.sum::<usize>(), declared().len());
}
