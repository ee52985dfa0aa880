//! A body that reports how much of it has been read.

use std::sync::{Arc, Mutex};

use super::*;

fn watched(body: Body) -> (Body, Arc<Mutex<Vec<u64>>>) {
    let positions = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&positions);
    (body.on_progress(move |read| seen.lock().expect("no panic").push(read)), positions)
}

fn taken(positions: &Mutex<Vec<u64>>) -> Vec<u64> {
    std::mem::take(&mut positions.lock().expect("no panic"))
}

#[test]
fn each_attempt_begins_with_zero_and_keeps_length_and_content() {
    let (mut body, positions) = watched(Body::from_fn(|| chunks(["ab", "c"])).with_length(3));
    assert_eq!(taken(&positions), [0; 0], "nothing is read yet");
    for _ in 0..3 {
        let attempt = body.for_attempt().expect("produced anew");
        assert_eq!((attempt.length(), read(attempt).as_deref()), (Some(3), Ok(&b"abc"[..])));
        assert_eq!(taken(&positions), [0, 2, 3]);
    }
    assert!(body.try_clone().is_some() && !body.is_spent());
}

#[test]
fn a_stream_that_can_be_read_once_still_can_be_read_once() {
    let (mut body, positions) = watched(chunks(["ab", "c"]));
    assert!(body.try_clone().is_none() && body.length().is_none());
    drop(body.for_attempt().expect("untouched"));
    assert_eq!(taken(&positions), [0; 0]);
    assert_eq!(read(body.for_attempt().expect("untouched")).expect("all"), "abc");
    assert_eq!(taken(&positions), [0, 2, 3]);
    assert!(body.is_spent());
}

#[test]
fn a_body_that_is_whole_is_read_in_pieces() {
    let content = Bytes::from(vec![b'a'; 150_000]);
    let (mut body, positions) = watched(content.clone().into());
    for _ in 0..2 {
        let attempt = body.for_attempt().expect("whole");
        assert_eq!((attempt.length(), read(attempt).as_ref()), (Some(150_000), Ok(&content)));
        assert_eq!(taken(&positions), [0, 65_536, 131_072, 150_000]);
    }
}

#[test]
fn an_error_is_passed_on() {
    let (body, positions) = watched(chunks(["ab"]).with_length(3));
    read(body).expect_err("shorter");
    assert_eq!(taken(&positions), [0, 2]);
}
