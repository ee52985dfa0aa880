//! Several bodies, one after the other.

use super::*;

fn once() -> Body {
    chunks(["b", "", "c"])
}

fn again() -> Body {
    Body::from_fn(once)
}

#[test]
fn bodies_are_read_in_order() {
    for middle in [once(), again(), once().with_length(2), again().with_length(2), Body::from("bc")] {
        let body = Body::chain(vec!["a".into(), Body::empty(), middle, Body::from_fn(Body::empty), "d".into()]);
        assert_eq!(read(body).expect("all"), "abcd");
    }
    assert_eq!(read(Body::chain(Vec::new())).expect("nothing"), "");
}

#[test]
fn the_length_is_known_if_all_are() {
    for (middle, length) in
        [(once(), None), (again(), None), (once().with_length(2), Some(4)), (Body::from("bc"), Some(4))]
    {
        assert_eq!(Body::chain(vec!["a".into(), middle, "d".into()]).length(), length);
    }
}

#[test]
fn they_can_be_read_again_if_all_can() {
    assert!(Body::chain(vec!["a".into(), once()]).try_clone().is_none());
    let mut body = Body::chain(vec!["a".into(), again().with_length(2)]);
    for _ in 0..3 {
        assert_eq!(read(body.for_attempt().expect("again")).expect("all"), "abc");
    }
}

/// A body that says that it has one byte more than it has, or one less.
struct Lying(Body, u64);

impl http_body::Body for Lying {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.0).poll_frame(context)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.1)
    }
}

#[test]
fn one_that_does_not_have_its_length_is_an_error_even_if_the_sum_is_right() {
    for [first, second] in [[3, 1], [1, 3]] {
        let body = Body::chain(vec![Body::new(Lying(once(), first)), Body::new(Lying(once(), second))]);
        assert_eq!(body.length(), Some(4));
        read(body).expect_err("the second would begin in the wrong place");
    }
}
