//! The figures of the table.

use courier_benches::measure::process::Cost;
use courier_benches::measure::series::Series;
use courier_benches::measure::valgrind;
use courier_benches::table::thousands;

/// How many calls are in flight at a time, and how many are made.
pub const LOADS: [(usize, usize); 3] = [(1, 2000), (32, 4000), (1000, 6000)];

/// What was measured for one candidate.
pub struct Figures {
    instructions: f64,
    allocations: f64,
    /// KiB of each call in flight.
    memory: Series,
    memory_ratio: Series,
    loads: [Load; LOADS.len()],
}

/// What was measured with so many calls at a time.
#[derive(Default)]
struct Load {
    /// Calls per second.
    rate: Series,
    /// To the first candidate's of the same round.
    rate_ratio: Series,
    /// Of the processor, for 1,000 calls.
    cpu_seconds: Series,
    cpu_ratio: Series,
}

impl Figures {
    pub const COLUMNS: [&str; 12] = [
        "",
        "instructions",
        "×",
        "allocations",
        "×",
        "KiB per call in flight",
        "calls/s, 1 at a time",
        "32 at a time",
        "1,000 at a time",
        "CPU s per 1,000 calls, 1 at a time",
        "32 at a time",
        "1,000 at a time",
    ];

    pub fn new(of_call: &valgrind::Cost) -> Self {
        let valgrind::Cost { instructions, allocations } = *of_call;
        Self {
            instructions,
            allocations,
            memory: Series::default(),
            memory_ratio: Series::default(),
            loads: Default::default(),
        }
    }

    /// Adds the memory in bytes of a call in flight.
    #[expect(clippy::cast_precision_loss, reason = "figures with three digits")]
    pub fn add_memory(&mut self, own: u64, first: u64) {
        self.memory.add(own as f64 / 1024.0);
        self.memory_ratio.add(own as f64 / first as f64);
    }

    /// Adds a round with this load.
    #[expect(clippy::cast_precision_loss, reason = "figures with three digits")]
    pub fn add(&mut self, load: usize, own: Cost, first: Cost) {
        let ((_, calls), load) = (LOADS[load], &mut self.loads[load]);
        load.rate.add(calls as f64 / own.seconds);
        load.rate_ratio.add(first.seconds / own.seconds);
        load.cpu_seconds.add(own.cpu_seconds * 1000.0 / calls as f64);
        load.cpu_ratio.add(own.cpu_seconds / first.cpu_seconds);
    }

    pub fn row(&self, description: &str, first: &Self) -> Vec<String> {
        let ratio = |own: f64, first: f64| format!("{:.2}", own / first);
        let mut row = vec![
            description.into(),
            thousands(self.instructions),
            ratio(self.instructions, first.instructions),
            format!("{:.1}", self.allocations),
            ratio(self.allocations, first.allocations),
        ];
        let is_first = std::ptr::eq(self, first);
        let absolute_or = |absolute: String, ratio: &Series| if is_first { absolute } else { format!("× {ratio}") };
        row.push(absolute_or(format!("{:.1}", self.memory), &self.memory_ratio));
        row.extend(self.loads.iter().map(|load| absolute_or(format!("{:.0}", load.rate), &load.rate_ratio)));
        row.extend(self.loads.iter().map(|load| absolute_or(format!("{:.3}", load.cpu_seconds), &load.cpu_ratio)));
        row
    }
}
