//! Tables for a terminal and for Markdown, with the date and the machine above them.

use std::process::Command;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

/// Prints what was measured: a first column of names, then columns of figures.
pub fn print(title: &str, columns: &[&str], rows: &[Vec<String>]) {
    let mut table = Table::new();
    table.load_preset(ASCII_MARKDOWN).set_header(columns).add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("\n{title}\n{}\n\n{table}", machine());
}

/// The date, and the machine as far as the system says what it is.
fn machine() -> String {
    let date = Command::new("date").arg("+%F").output().map(|output| output.stdout).unwrap_or_default();
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, model)| model);
    format!("{}, {cpus} CPUs ({})", String::from_utf8_lossy(&date).trim(), model.unwrap_or("unknown model"))
}

/// A number with a comma between thousands.
#[must_use]
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
