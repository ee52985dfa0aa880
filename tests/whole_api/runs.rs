//! The filter that the runs of automations and of journeys share.

use serde::Serialize;

/// What is `None` does not filter. Dates are ISO 8601.
#[derive(Default, Serialize)]
pub(crate) struct RunFilter<'f> {
    cursor: Option<&'f str>,
    end_date: Option<&'f str>,
    limit: Option<&'f str>,
    start_date: Option<&'f str>,
    status: Option<&'f str>,
    template_id: Option<&'f str>,
}

/// For the check: every pair is given.
pub(crate) const RUNS: RunFilter<'_> = RunFilter {
    cursor: Some("cursor"),
    end_date: Some("end_date"),
    limit: Some("limit"),
    start_date: Some("start_date"),
    status: Some("status"),
    template_id: Some("template_id"),
};
