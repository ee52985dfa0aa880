//! The program can set its logger after the library's first call, and gets no record below its own level.

use log::{LevelFilter, Log, Metadata, Record};

struct Printed;

impl Log for Printed {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        println!("{}: {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

fn main() {
    guest();
    println!("level at the start: {}", log::max_level());
    log::set_logger(&Printed).expect("the first logger");
    log::set_max_level(LevelFilter::Info);
    log::info!("the program's own record");
    guest();
    println!("level at the end: {}", log::max_level());
}

fn guest() {
    #[cfg(feature = "guest")]
    {
        guest::check_plain();
        guest::check_tls();
    }
}
