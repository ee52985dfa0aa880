//! What a declaration and a build cost the compiler: endpoints declared with this library, compared with the same calls written in
//! other ways, and clean builds of a small application.

mod api;
mod app;
mod cargo;
mod endpoints;
mod ways;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        [] => {
            endpoints::compare(usize::MAX)?;
            app::compare()
        }
        ["endpoints"] => endpoints::compare(usize::MAX),
        ["endpoints", most] => endpoints::compare(most.parse()?),
        ["app"] => app::compare(),
        _ => bail!("usage: compile [endpoints [MOST] | app]"),
    }
}
