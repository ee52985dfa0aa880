use futures_util::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};

use super::*;

fn chunks<const N: usize>(chunks: [&'static str; N]) -> Body {
    Body::from_stream(stream::iter(chunks.map(Ok::<_, std::io::Error>)))
}

fn read(body: Body) -> Result<Bytes, String> {
    let collected = body.collect(u64::MAX).now_or_never().expect("nothing to wait for");
    collected.map_err(|error| match error {
        Uncollected::Failed(error) => error.to_string(),
        Uncollected::TooLarge => "too large".to_owned(),
    })
}

#[test]
fn a_body_is_as_small_as_its_bytes() {
    assert_eq!(size_of::<Body>(), size_of::<Bytes>());
}

#[test]
fn a_request_can_be_shared_between_threads_whatever_its_body_is() {
    fn is_sync<T: Send + Sync>(_: &T) {}
    // A stream that is not `Sync` itself.
    let stream = stream::unfold(std::cell::Cell::new(0), |state| async { Some((Ok::<_, std::io::Error>("a"), state)) });
    is_sync(&http::Request::new(Body::from_stream(stream)));
}

#[test]
fn a_whole_body_is_read_any_number_of_times_and_is_not_copied() {
    let bytes = Bytes::from("text");
    let mut body = Body::from(bytes.clone());
    for _ in 0..3 {
        let attempt = body.for_attempt().expect("whole");
        assert_eq!(attempt.length(), Some(4));
        assert_eq!(read(attempt).expect("whole").as_ptr(), bytes.as_ptr());
    }
    assert!(!body.is_spent());
}

#[test]
fn a_stream_is_read_by_the_first_attempt_that_polls_it() {
    let mut body = chunks(["a", "b"]);
    drop(body.for_attempt().expect("untouched"));
    let first = body.for_attempt().expect("an attempt that did not touch it took nothing");
    let second = body.for_attempt().expect("nothing is read yet");
    assert_eq!(read(first).expect("its"), "ab");
    assert!(body.is_spent() && body.for_attempt().is_none() && body.try_clone().is_none());
    assert!(read(second).expect_err("it was read").contains("an earlier attempt has read from it"));
}

#[test]
fn a_body_from_a_function_is_read_any_number_of_times() {
    let mut body = Body::from_fn(|| chunks(["a", "b"])).with_length(2);
    for _ in 0..3 {
        let attempt = body.for_attempt().expect("produced anew");
        assert_eq!((attempt.length(), read(attempt).as_deref()), (Some(2), Ok(&b"ab"[..])));
    }
    assert!(body.try_clone().is_some() && !body.is_spent());
}

#[test]
fn a_stream_that_does_not_keep_its_length_is_an_error() {
    assert_eq!(read(chunks(["ab", "c"]).with_length(3)).expect("it does"), "abc");
    assert_eq!(
        read(chunks(["ab", "c"]).with_length(4)).expect_err("shorter"),
        "its stream ended after 3 of 4 bytes (`with_length`)"
    );
    assert_eq!(
        read(chunks(["ab", "c"]).with_length(2)).expect_err("longer"),
        "its stream has more than 2 bytes (`with_length`)"
    );
}

#[test]
fn the_last_bytes_of_a_stream_with_a_length_wait_for_its_end() {
    // With these two bytes, a request would be complete.
    let mut body = chunks(["ab", "", "c"]).with_length(2);
    for _ in 0..2 {
        let first = body.poll_chunk(&mut Context::from_waker(std::task::Waker::noop()));
        match first {
            Poll::Ready(Some(Err(error))) => {
                return assert!(error.to_string().contains("more than 2 bytes"), "{error}");
            }
            Poll::Ready(Some(Ok(chunk))) => assert!(chunk.is_empty(), "{chunk:?} passed for all"),
            other => panic!("{other:?}"),
        }
    }
    panic!("it has more than 2 bytes");
}

#[test]
fn a_stream_with_a_length_that_ends_later_has_all_its_bytes() {
    let pieces = stream::iter([Ok::<_, std::io::Error>("ab"), Ok("c")]).chain(stream::poll_fn({
        let mut is_first = true;
        move |context| {
            context.waker().wake_by_ref();
            if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(None) }
        }
    }));
    let mut body = Body::from_stream(pieces).with_length(3);
    let mut poll = || body.poll_chunk(&mut Context::from_waker(std::task::Waker::noop()));
    assert!(matches!(poll(), Poll::Ready(Some(Ok(chunk))) if chunk == "ab"));
    assert!(poll().is_pending(), "the end isn't known yet");
    assert!(matches!(poll(), Poll::Ready(Some(Ok(chunk))) if chunk == "c"));
    assert!(matches!(poll(), Poll::Ready(None)));
}

#[test]
fn a_limit_holds_for_whole_bodies_and_for_streams() {
    for body in [Body::from("abc"), chunks(["ab", "c"]), chunks(["abc"]).with_length(3)] {
        let too_large = body.collect(2).now_or_never().expect("nothing to wait for");
        assert!(matches!(too_large, Err(Uncollected::TooLarge)), "{too_large:?}");
    }
}

#[test]
fn a_stream_of_one_chunk_is_collected_without_a_copy() {
    // The rest of the buffer is still in use, as with a connection's.
    let mut buffer = Bytes::from(b"chunkrest".to_vec());
    let chunk = buffer.split_to(5);
    let start = chunk.as_ptr();
    let body = Body::from_stream(stream::iter([Ok::<_, std::io::Error>(chunk)]));
    assert_eq!(read(body).expect("one chunk").as_ptr(), start);
    assert_eq!(read(chunks(["a", "", "bc", "d"])).expect("all of them"), "abcd");
    assert_eq!(read(chunks([])).expect("none"), "");
}

#[test]
fn debug_shows_a_whole_body_and_nothing_of_a_stream() {
    assert_eq!(format!("{:?}", Body::from("text")), r#"b"text""#);
    assert_eq!(format!("{:?}", chunks(["text"])), "<stream>");
    assert_eq!(format!("{:?}", chunks(["text"]).with_length(4)), "<stream of 4 bytes>");
}

mod files;
mod joined;
mod positions;
