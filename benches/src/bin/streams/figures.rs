//! The figures of the table.

use courier_benches::measure::process::Cost;
use courier_benches::measure::series::Series;
use courier_benches::server::SIZE;

/// What was measured for one transfer by one client.
#[derive(Default)]
pub(crate) struct Figures {
    rate: Series,
    /// To reqwest's of the same round.
    rate_ratio: Series,
    cpu_seconds: Series,
    cpu_ratio: Series,
    peak: Series,
}

impl Figures {
    pub(crate) const COLUMNS: [&str; 7] =
        ["1 GiB over loopback", "client", "MiB/s", "× reqwest", "CPU s", "× reqwest", "peak of the process, MiB"];

    #[expect(clippy::cast_precision_loss, reason = "figures with three digits")]
    pub(crate) fn add(&mut self, own: Cost, reqwest: Cost) {
        const MEBIBYTE: f64 = 1024.0 * 1024.0;
        self.rate.add(SIZE as f64 / MEBIBYTE / own.seconds);
        self.rate_ratio.add(reqwest.seconds / own.seconds);
        self.cpu_seconds.add(own.cpu_seconds);
        self.cpu_ratio.add(own.cpu_seconds / reqwest.cpu_seconds);
        self.peak.add(own.peak as f64 / MEBIBYTE);
    }

    pub(crate) fn row(&self, transfer: &str, client: &str) -> Vec<String> {
        vec![
            transfer.into(),
            client.into(),
            format!("{:.0}", self.rate),
            self.rate_ratio.to_string(),
            self.cpu_seconds.to_string(),
            self.cpu_ratio.to_string(),
            format!("{:.1}", self.peak),
        ]
    }
}
