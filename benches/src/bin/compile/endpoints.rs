//! What an endpoint costs the compiler: a crate for each way to write calls, with 1, 10, 100 and 1,000 of them.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};
use courier_benches::measure::series::{Series, turns};
use courier_benches::table;

use crate::api::Api;
use crate::cargo::Workspace;
use crate::ways::{WAYS, Way};

const COUNTS: [usize; 4] = [1, 10, 100, 1000];
const CHECKS: usize = 5;
const RELEASES: usize = 3;
/// The ways whose figures are subtracted from, and compared with, those of the others.
const TYPES: usize = 0;
const BY_HAND: usize = 1;

/// What is measured of a crate, in the order of the columns.
const FIGURES: [&str; 4] = ["check ms", "release ms", "LLVM lines", "bytes"];

/// The figures of each crate, by way and count.
type Figures = BTreeMap<(usize, usize), [Series; FIGURES.len()]>;

/// Compares crates with at most so many endpoints.
pub(crate) fn compare(most: usize) -> Result<()> {
    let workspace = Workspace::create("endpoints")?;
    let crates: Vec<(usize, usize)> = COUNTS
        .into_iter()
        .filter(|&count| count <= most)
        .flat_map(|count| (0..WAYS.len()).map(move |way| (way, count)))
        .collect();
    for &(way, count) in &crates {
        let way = WAYS[way];
        let api = Api { operations: count };
        let mut files = (way.files)(api);
        files.push(("src/main.rs", program(way, api)));
        workspace.write(&name(way, count), way.dependencies, &files)?;
    }
    let mut figures = Figures::new();
    for &(way, count) in &crates {
        eprintln!("{} × {}: dependencies, code", table::thousands(float(count)), WAYS[way].name);
        let [_, _, lines, bytes] = figures.entry((way, count)).or_default();
        let package = name(WAYS[way], count);
        workspace.cargo(&["check", "--quiet", "--lib", "--package", &package])?;
        lines.add(float(llvm_lines(&workspace, &package)?));
        bytes.add(float(size(&workspace, &package)?));
    }
    for round in 0..CHECKS {
        eprintln!("check, round {} of {CHECKS}", round + 1);
        for turn in turns(crates.len(), round) {
            let (way, count) = crates[turn];
            let arguments = ["check", "--quiet", "--lib", "--package", &name(WAYS[way], count)];
            figures.entry((way, count)).or_default()[0].add(milliseconds(&workspace, &arguments)?);
        }
    }
    for round in 0..RELEASES {
        eprintln!("release, round {} of {RELEASES}", round + 1);
        for turn in turns(crates.len(), round) {
            let (way, count) = crates[turn];
            let package = name(WAYS[way], count);
            let arguments = ["build", "--quiet", "--release", "--lib", "--features", "uses", "--package", &package];
            figures.entry((way, count)).or_default()[1].add(milliseconds(&workspace, &arguments)?);
        }
    }
    print(&figures);
    Ok(())
}

fn name(way: Way, count: usize) -> String {
    format!("{}-{count}", way.name)
}

/// A program that contains every call.
fn program(way: Way, api: Api) -> String {
    let krate = name(way, api.operations).replace('-', "_");
    let calls = if way.name == WAYS[TYPES].name {
        String::new()
    } else {
        api.each(|operations| {
            let calls = operations.iter().map(|&operation| {
                let (name, _) = crate::ways::call(operation);
                format!("std::hint::black_box({krate}::uses{{n}}::{name} as *const ());\n")
            });
            calls.collect()
        })
    };
    format!("#[cfg(feature = \"uses\")]\nfn main() {{\n{calls}}}\n#[cfg(not(feature = \"uses\"))]\nfn main() {{}}\n")
}

/// CPU milliseconds of a command that compiles the package which is its last argument.
fn milliseconds(workspace: &Workspace, arguments: &[&str]) -> Result<f64> {
    workspace.touch(arguments.last().context("a package")?)?;
    let (seconds, _) = workspace.cargo(arguments)?;
    Ok(seconds * 1000.0)
}

/// The lines within functions that rustc passes to LLVM in a build without optimization.
fn llvm_lines(workspace: &Workspace, package: &str) -> Result<usize> {
    let flags = ["--emit=llvm-ir", "-Ccodegen-units=1", "-Cdebuginfo=0"];
    workspace.touch(package)?;
    let arguments = ["rustc", "--quiet", "--lib", "--features", "uses", "--package", package, "--"];
    workspace.cargo(&[&arguments[..], &flags].concat())?;
    let prefix = format!("{}-", package.replace('-', "_"));
    let mut files = Vec::new();
    for entry in fs::read_dir(workspace.folder().join("target/debug/deps"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(&prefix) && name.ends_with(".ll") {
            files.push((path.metadata()?.modified()?, path));
        }
    }
    let (_, newest) = files.into_iter().max().with_context(|| format!("rustc wrote no {prefix}*.ll"))?;
    let code = fs::read_to_string(newest)?;
    let mut within = false;
    let lines = code.lines().filter(|line| {
        within = (within || line.starts_with("define ")) && *line != "}";
        within && !line.is_empty()
    });
    Ok(lines.count())
}

/// The size of the program with every call, without symbols.
fn size(workspace: &Workspace, package: &str) -> Result<usize> {
    workspace.cargo(&["build", "--quiet", "--release", "--features", "uses", "--package", package])?;
    let program = workspace.folder().join("target/release").join(package);
    Ok(usize::try_from(program.metadata()?.len())?)
}

fn print(figures: &Figures) {
    // Of the calls alone: the types are the same for all.
    let calls = |way: usize, count: usize, figure: usize| {
        figures[&(way, count)][figure].median() - figures[&(TYPES, count)][figure].median()
    };
    let each = |way: usize, (from, to): (usize, usize), figure: usize| {
        let before = if from == 0 { 0.0 } else { calls(way, from, figure) };
        (calls(way, to, figure) - before) / float(to - from)
    };
    let mut rows = Vec::new();
    let ranges = [((0, 1), "the first"), ((10, 100), "each at 100"), ((100, 1000), "each at 1,000")];
    for (range, title) in ranges.into_iter().filter(|((_, to), _)| figures.contains_key(&(TYPES, *to))) {
        for (index, way) in WAYS.iter().enumerate().skip(BY_HAND) {
            let mut row = vec![title.to_owned(), way.name.to_owned()];
            for figure in 0..FIGURES.len() {
                let value = each(index, range, figure);
                let decimals = usize::from(value < 100.0 && figure < 2);
                let shown = if decimals > 0 { format!("{value:.1}") } else { table::thousands(value) };
                row.extend([shown, format!("{:.2}", value / each(BY_HAND, range, figure))]);
            }
            rows.push(row);
        }
    }
    let columns: Vec<&str> =
        ["endpoint", "written"].into_iter().chain(FIGURES.into_iter().flat_map(|name| [name, "×"])).collect();
    table::print("An endpoint (CPU milliseconds; × the same without this library)", &columns, &rows);
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn float(number: usize) -> f64 {
    number as f64
}
