//! How fast server-sent events are parsed, compared with other parsers.

mod parsers;
mod stream;

use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use courier_benches::measure::series::{Series, turns};
use courier_benches::measure::valgrind;
use courier_benches::table::{self, thousands};

use self::parsers::PARSERS;
use self::stream::STREAMS;

const EVENTS: usize = 100_000;
const ROUNDS: usize = 41;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        [] => compare_speed(),
        ["instructions"] => compare_instructions(),
        // What valgrind runs.
        [stream, parser, times] => parse(stream, parser, times.parse()?),
        _ => bail!("usage: events [instructions]"),
    }
}

/// Rounds of every parser, in turns: whatever else the machine does affects each of them.
fn compare_speed() -> Result<()> {
    let mut rows = Vec::new();
    for (name, stream) in STREAMS {
        let chunks = stream.chunks(EVENTS);
        let mut rates = PARSERS.map(|_| Series::default());
        let mut sum = None;
        for round in 0..ROUNDS {
            for index in turns(PARSERS.len(), round) {
                let (parser, parse) = PARSERS[index];
                let (chunks, start) = (chunks.clone(), Instant::now());
                let own = parse(chunks, stream.data, EVENTS).with_context(|| format!("{parser} failed"))?;
                #[expect(clippy::cast_precision_loss, reason = "a hundred thousand")]
                rates[index].add(EVENTS as f64 / 1000.0 / start.elapsed().as_secs_f64());
                ensure!(*sum.get_or_insert(own) == own, "{parser} reads something else in {name}");
            }
        }
        let medians: Vec<f64> = rates.iter().map(Series::median).collect();
        for (index, (parser, _)) in PARSERS.iter().enumerate() {
            let ratio = format!("{:.2}", medians[index] / best_other(&medians, index, f64::max));
            rows.push(vec![name.into(), (*parser).into(), format!("{:.0}", rates[index]), ratio]);
        }
    }
    let columns = ["100,000 events", "parser", "1,000 events/s", "× the best other"];
    table::print("Medians (and ranges) of rounds in turns", &columns, &rows);
    Ok(())
}

fn compare_instructions() -> Result<()> {
    let mut rows = Vec::new();
    for (name, _) in STREAMS {
        let costs: Result<Vec<_>> = PARSERS.iter().map(|(parser, _)| valgrind::cost(&[name, parser])).collect();
        let costs = costs?;
        let instructions: Vec<f64> = costs.iter().map(|cost| cost.instructions).collect();
        for (index, (parser, _)) in PARSERS.iter().enumerate() {
            rows.push(vec![
                name.into(),
                (*parser).into(),
                thousands(instructions[index]),
                format!("{:.2}", instructions[index] / best_other(&instructions, index, f64::min)),
                format!("{:.1}", costs[index].allocations),
            ]);
        }
    }
    let columns = ["per event", "parser", "instructions", "× the best other", "allocations"];
    table::print("Counted by valgrind", &columns, &rows);
    Ok(())
}

fn best_other(values: &[f64], own: usize, better: fn(f64, f64) -> f64) -> f64 {
    let others = values.iter().enumerate().filter(|(index, _)| *index != own).map(|(_, value)| *value);
    others.reduce(better).unwrap_or(f64::NAN)
}

/// Parses so many events of a stream that has more.
fn parse(stream: &str, parser: &str, times: usize) -> Result<()> {
    let (_, stream) = STREAMS.into_iter().find(|(name, _)| *name == stream).context("an unknown stream")?;
    let (_, parse) = PARSERS.into_iter().find(|(name, _)| *name == parser).context("an unknown parser")?;
    parse(stream.chunks(2000), stream.data, times)?;
    Ok(())
}
