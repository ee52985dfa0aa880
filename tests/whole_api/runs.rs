//! The filter shared by the runs of automations and journeys.

use serde::Serialize;

/// A field that is `None` has no effect. Dates are in ISO 8601.
#[derive(Default, Serialize)]
pub(crate) struct RunFilter<'f> {
    cursor: Option<&'f str>,
    end_date: Option<&'f str>,
    limit: Option<&'f str>,
    start_date: Option<&'f str>,
    status: Option<&'f str>,
    template_id: Option<&'f str>,
}

/// Every field is set, for the check.
pub(crate) const RUNS: RunFilter<'_> = RunFilter {
    cursor: Some("cursor"),
    end_date: Some("end_date"),
    limit: Some("limit"),
    start_date: Some("start_date"),
    status: Some("status"),
    template_id: Some("template_id"),
};
