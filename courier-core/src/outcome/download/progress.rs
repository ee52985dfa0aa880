//! How much of a download has arrived.

use super::Download;

impl Download {
    /// Calls `report` with the number of bytes that were read so far, for a progress bar.
    ///
    /// ```no_run
    /// # struct Bar; impl Bar { fn new(_: u64) -> Self { Bar } fn set_position(&self, _: u64) {} }
    /// # async fn example(download: courier_core::Download) -> Result<(), courier_core::outcome::SaveError> {
    /// // `Bar` is `indicatif::ProgressBar`.
    /// let bar = Bar::new(download.content_length().unwrap_or_default());
    /// download.on_progress(move |read| bar.set_position(read)).save_to("monday.tar.zst").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The first number is 0, when the first chunk is waited for. The next ones follow with each chunk, after decompression.
    ///
    /// For a request, use [`Body::on_progress`](crate::Body::on_progress).
    pub fn on_progress(mut self, report: impl Fn(u64) + Send + Sync + 'static) -> Self {
        let body = std::mem::take(self.response.body_mut());
        *self.response.body_mut() = body.on_progress(report);
        self
    }
}
