//! A redirect is a status like any other. If it were followed, a POST would become a GET whose 200 means "cancelled", and
//! the key would go to the location in the response.

use courier_core::messages::Messages as _;
use courier_core::{Error, Result, Transport, endpoint};

use crate::flow::record::{ID, record};
use crate::flow::server::{Reply, Server};

const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

#[tokio::test]
async fn a_redirect_is_not_followed_to_another_origin() {
    for status in REDIRECTS {
        let mut elsewhere = Server::start([Reply::json(200, record("CANCELED"))]).await;
        let location = format!("{}/messages/{ID}/cancel", elsewhere.url());
        let mut server =
            Server::start([Reply::with_headers(status, &[&format!("location: {location}")], "moved")]).await;

        let error = server.courier().cancel(ID).await.expect_err("a redirect is not declared");
        let Error::Status { response, .. } = &error else { panic!("{status}: {error:?}") };
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["location"], location, "the caller can see where it leads");
        assert_eq!(response.body(), "moved");
        assert_eq!(server.received().len(), 1, "{status}");
        assert_eq!(elsewhere.received().len(), 0, "{status}: no request was sent there");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_on_the_same_origin() {
    for status in REDIRECTS {
        let redirect = Reply::with_headers(status, &["location: /messages/2/cancel"], "");
        let mut server = Server::start([redirect, Reply::json(200, record("CANCELED"))]).await;
        let error = server.courier().cancel(ID).await.expect_err("a redirect is not declared");
        assert_eq!(error.status().expect("a response"), status);
        assert_eq!(server.received().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_declared_redirect_is_an_outcome_with_its_location() {
    #[derive(Debug, PartialEq)]
    enum Download {
        Ok(Vec<u8>),
        Elsewhere,
    }
    trait Files: Transport {
        #[endpoint(GET, "/files/<name>", ok = 200, elsewhere = 3xx)]
        async fn download(&self, name: &str) -> Result<Download>;
    }
    impl<T: Transport> Files for T {}

    for status in REDIRECTS {
        let mut server = Server::start([Reply::with_headers(status, &["location: https://cdn.example/1"], "")]).await;
        let response = server.transport().download("1").with_response().await.expect("declared");
        assert_eq!(response.outcome, Download::Elsewhere);
        assert_eq!(response.headers["location"], "https://cdn.example/1");
        assert_eq!(server.received().len(), 1, "{status}");
    }
}

/// The location is not even looked up: only one request is made.
#[tokio::test]
async fn a_redirect_to_any_location_is_not_followed() {
    let elsewhere = crate::flow::server::unused_address().await;
    for location in [
        "https://example.com/messages/1/cancel".to_owned(),
        "//example.com/".to_owned(),
        format!("http://{elsewhere}/"),
        format!("http://key@{elsewhere}/"),
        format!("http://key:secret@{elsewhere}/"),
        "javascript:alert(1)".to_owned(),
        "data:application/json,{}".to_owned(),
        "file:///etc/passwd".to_owned(),
        "ftp://example.com/".to_owned(),
        "unix:/var/run/docker.sock".to_owned(),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[::1]:99999/".to_owned(),
        "\\\\example.com\\share".to_owned(),
        "../../../".to_owned(),
        "?".to_owned(),
        "#".to_owned(),
        "Zo\u{eb}".to_owned(),
        "x".repeat(100_000),
        String::new(),
    ] {
        for status in [300, 301, 302, 303, 304, 305, 306, 307, 308, 399] {
            let redirect = Reply::with_headers(status, &[&format!("location: {location}")], "");
            let mut server = Server::start([redirect, Reply::json(200, record("CANCELED"))]).await;
            let error = server.courier().cancel(ID).await.expect_err("a redirect is not declared");
            let Error::Status { response, .. } = &error else { panic!("{status} {location}: {error:?}") };
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()["location"].as_bytes(), location.as_bytes());
            assert!(error.to_string().len() < 1000, "{error}");
            assert_eq!(server.received().len(), 1, "{status} {location}");
        }
    }
}

/// A second header, a `refresh` header and a meta tag.
#[tokio::test]
async fn a_refresh_header_or_meta_tag_is_not_followed() {
    let page = "<meta http-equiv=\"refresh\" content=\"0; url=/messages/2/cancel\">";
    for (status, headers) in [
        (301, &["location: /a", "location: /b"][..]),
        (200, &["refresh: 0; url=/messages/2/cancel", "content-type: text/html"]),
        (201, &["location: /messages/2/cancel"]),
        (404, &["content-location: /messages/2", "location: /messages/2/cancel"]),
        (300, &["alternates: {\"/messages/2\" 1.0}", "link: </messages/2>; rel=canonical"]),
        (401, &["www-authenticate: Basic realm=\"x\""]),
        (407, &["proxy-authenticate: Basic realm=\"x\""]),
        (421, &["alt-svc: h2=\"example.com:443\""]),
    ] {
        let mut server = Server::start([Reply::with_headers(status, headers, page)]).await;
        let error = server.courier().cancel(ID).await.expect_err("an error");
        assert_eq!(error.status().expect("a response"), status);
        assert_eq!(server.received().len(), 1, "{status}");
    }
}
