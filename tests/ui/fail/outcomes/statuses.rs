//! A status doesn't exist, or has two outcomes.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict,
    Pending,
}

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 20, conflict = 600)]
    async fn out_of_range(&self) -> Result<Outcome>;

    #[endpoint(GET, "/messages", ok = 999xx)]
    async fn class_of_three_digits(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 40x)]
    async fn part_of_a_class(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, pending = 1xx)]
    async fn informational(&self) -> Result<Outcome>;

    #[endpoint(GET, "/messages", ok = 200 | 202, conflict = 202)]
    async fn in_two_outcomes(&self) -> Result<Outcome>;

    #[endpoint(GET, "/messages", ok = 2xx, conflict = 204 | 409)]
    async fn in_a_class_too(&self) -> Result<Outcome>;

    #[endpoint(GET, "/messages", ok = 200 | 200)]
    async fn twice_in_one(&self) -> Result<String>;
}

fn main() {}
