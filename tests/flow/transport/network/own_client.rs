//! The application's own client: each row of the table in the documentation of `ReqwestTransport::from_client`.

use courier_core::transport::TransportBuilder;
use courier_core::{ReqwestTransport, reqwest};

use crate::flow::server::{KEY, Server};
use crate::flow::transport::own_client;

mod holds;
mod of_the_client;
mod settings;

/// A client as the documentation advises.
fn client() -> reqwest::Client {
    advised(own_client()).build().expect("a client")
}

fn advised(client: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    client.redirect(reqwest::redirect::Policy::none()).retry(reqwest::retry::never())
}

/// A transport with the key through this client.
fn through(client: reqwest::ClientBuilder, server: &Server) -> ReqwestTransport {
    let builder = ReqwestTransport::from_client(client.build().expect("a client"), server.url());
    builder.bearer_token(KEY).build().expect("a transport")
}

/// A builder of a transport with the key, through a client with the default settings.
fn builder(server: &Server) -> TransportBuilder<ReqwestTransport> {
    ReqwestTransport::from_client(client(), server.url()).bearer_token(KEY)
}
