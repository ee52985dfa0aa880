//! What each status becomes when the reference documents several.

use courier_core::messages::Problem;
use courier_core::{MemoryTransport, Result};
use serde_json::{Value, json};

use super::brands::{Brands, NewBrand};
use super::lists::Lists;
use super::notifications::{NewPreviewRun, Notifications};
use super::profiles::Profiles;

/// The result of changing something that may not exist.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum IfFound {
    Done,
    NotFound,
}

const PROBLEM: &str = r#"{"message": "no", "type": "some_error"}"#;

fn problem() -> Problem {
    Problem::new("no", "some_error")
}

#[tokio::test]
async fn each_documented_status_has_its_own_variant() -> Result<()> {
    let api = MemoryTransport::new().answer(200, r#"{"id": "b"}"#).answer(402, PROBLEM).answer(409, PROBLEM);
    let create = || Brands::create(&api, None, None, &Value::Null);
    assert_eq!(create().await?, NewBrand::Created(json!({"id": "b"})));
    assert_eq!(create().await?, NewBrand::PaymentRequired(problem()));
    assert_eq!(create().await?, NewBrand::Conflict(problem()));

    let api = MemoryTransport::new().answer(201, "{}").answer(402, PROBLEM).answer(404, PROBLEM).answer(422, PROBLEM);
    let preview = || api.create_preview_run("nt_1", None, None, None);
    assert_eq!(preview().await?, NewPreviewRun::Started(json!({})));
    assert_eq!(preview().await?, NewPreviewRun::PaymentRequired(problem()));
    assert_eq!(preview().await?, NewPreviewRun::NotFound);
    assert_eq!(preview().await?, NewPreviewRun::Unprocessable(problem()));
    Ok(())
}

#[tokio::test]
async fn not_found_is_none_for_a_read_and_a_variant_for_a_change() -> Result<()> {
    let api = MemoryTransport::new().answer(404, PROBLEM).answer(204, "").answer(404, PROBLEM);
    assert_eq!(Lists::retrieve(&api, "example.list").await?, None);
    assert_eq!(api.restore("example.list").await?, IfFound::Done);
    assert_eq!(api.restore("example.list").await?, IfFound::NotFound);
    Ok(())
}

#[tokio::test]
async fn a_conflict_is_an_inner_error() -> Result<()> {
    let api = MemoryTransport::new().answer(204, "").answer(409, PROBLEM);
    assert_eq!(Brands::delete(&api, "b").await?, Ok(()));
    assert_eq!(Brands::delete(&api, "b").await?, Err(problem()));
    Ok(())
}

#[tokio::test]
async fn a_response_that_may_be_empty_is_an_option() -> Result<()> {
    let api = MemoryTransport::new().answer(200, r#"{"status": "SUCCESS"}"#).answer(204, "");
    let subscribe = || Profiles::subscribe(&api, "ada", None, None, &Value::Null);
    assert_eq!(subscribe().await?, Some(json!({"status": "SUCCESS"})));
    assert_eq!(subscribe().await?, None);
    Ok(())
}
