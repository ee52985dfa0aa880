//! A mistake in a declaration isn't a second error where its method is called.
use courier_core::{Result, Transport, endpoint};

trait Plain: Transport {
    #[endpoint(GET, "/messages", ok = 2000)]
    async fn list(&self) -> Result<String>;
}
impl<T: Transport> Plain for T {}

async fn plain(api: impl Plain) -> Result<usize> {
    Ok(api.list().await?.len())
}

trait Blocking: Transport {
    #[endpoint(GET, "/messages/<ids>", ok = 200)]
    fn get(&self, id: &str) -> Result<String>;
}
impl<T: Transport> Blocking for T {}

fn blocking(api: impl Blocking) -> Result<usize> {
    Ok(api.get("1")?.len())
}

trait Future: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    fn list(&self) -> impl Future<Output = Result<String>>;
}
impl<T: Transport> Future for T {}

async fn future(api: impl Future) -> Result<usize> {
    Ok(api.list().await?.len())
}

trait Pattern: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, (id, _): (&str, u8)) -> Result<String>;
}
impl<T: Transport> Pattern for T {}

async fn pattern(api: impl Pattern) -> Result<usize> {
    Ok(api.get(("1", 2)).await?.len())
}

trait Public: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    pub async fn list(&self) -> Result<String>;
}
impl<T: Transport> Public for T {}

async fn public(api: impl Public) -> Result<usize> {
    Ok(api.list().await?.len())
}

trait TraitObject: Transport {
    #[endpoint(GET, "/messages/<ids>", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}
impl<T: Transport> TraitObject for T {}

async fn trait_object(api: &dyn TraitObject) -> Result<usize> {
    Ok(api.get("1").await?.len())
}

trait UnknownAttribute: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn create(&self, #[json] message: &str) -> Result<String>;
}
impl<T: Transport> UnknownAttribute for T {}

async fn unknown_attribute(api: impl UnknownAttribute) -> Result<usize> {
    Ok(api.create("Hello").await?.len())
}

trait ImplTrait: Transport {
    #[endpoint(GET, "/messages/<ids>", ok = 200)]
    async fn get(&self, id: impl std::fmt::Display) -> Result<String>;
}
impl<T: Transport> ImplTrait for T {}

async fn impl_trait(api: impl ImplTrait) -> Result<usize> {
    Ok(api.get("1").await?.len())
}

trait Declaration: Transport {
    #[endpoint(GET, "/messages", ok = 2000)]
    async fn list(&self) -> Result<String>;
}
impl<T: Transport> Declaration for T {}

fn declaration<A: Declaration>() -> &'static str {
    A::list_endpoint().template()
}

trait NoReturnType: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self);
}
impl<T: Transport> NoReturnType for T {}

async fn no_return_type(api: impl NoReturnType) {
    let _ = api.list().await;
}

trait NoSelf: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list() -> Result<String>;
}
impl<T: Transport> NoSelf for T {}

async fn no_self(api: impl NoSelf) -> Result<usize> {
    Ok(api.list().await?.len())
}

trait ByValue: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(self) -> Result<String>;
}
impl<T: Transport> ByValue for T {}

async fn by_value(api: impl ByValue) -> Result<usize> {
    Ok(api.list().await?.len())
}

trait TwoEndpoints: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    #[endpoint(GET, "/mail", ok = 200)]
    async fn list(&self) -> Result<String>;
}
impl<T: Transport> TwoEndpoints for T {}

async fn two_endpoints(api: impl TwoEndpoints) -> Result<usize> {
    Ok(api.list().await?.len())
}

fn main() {}
