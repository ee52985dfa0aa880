trait Wrong: Transport {
    ::core::compile_error! {
        "`GETT` is not an endpoint's HTTP method\nrule: the method is GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in capitals and without quotes\nhelp: did you mean `GET`?"
    }
    ::core::compile_error! {
        "the argument `id` fills a placeholder, and has an attribute too\nrule: every argument is sent exactly once: the template names it, or it has an attribute that says how\nhelp: remove the attribute, or `<id>` from the template"
    }
    ::core::compile_error! {
        "same mistake, other end: the template has the placeholder `<id>`"
    }
    #[allow(async_fn_in_trait, unused_mut, unused_variables, clippy::unimplemented)]
    fn wrong(&self, id: &str) -> ::courier_core::Call<'_, Result<Wrong>> {
        ::core::unimplemented!()
    }
    /// The declaration of [`wrong`](Self::wrong): method, template, outcomes and flags.
    #[allow(dead_code)]
    #[must_use]
    fn wrong_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        ::core::unimplemented!()
    }
    ::core::compile_error! {
        "the method is `const`\nrule: an endpoint's method is an `async fn`, or a plain `fn` that blocks\nhelp: remove `const`"
    }
    ::core::compile_error! {
        "the method is `unsafe`\nrule: an endpoint's method is an `async fn`, or a plain `fn` that blocks\nhelp: remove `unsafe`"
    }
    ::core::compile_error! {
        "the method is `extern \"C\"`\nrule: an endpoint's method is an `async fn`, or a plain `fn` that blocks\nhelp: remove `extern \"C\"`"
    }
    ::core::compile_error! {
        "the method `wronger` has no `&self`\nrule: an endpoint's method borrows its transport with `&self`, so that calls can run at the same time\nhelp: write `fn wronger(&self, …)` in a trait: `trait Api: Transport { … }`"
    }
    ::core::compile_error! {
        "the method `wronger` has no return type\nrule: an endpoint's method returns a `Result`, since a call can fail before there is an outcome\nhelp: write `-> Result<Message>` with the type of the response's body, or `-> Result<()>` without one"
    }
    #[allow(async_fn_in_trait, unused_mut, unused_variables, clippy::unimplemented)]
    fn wronger(&self) -> ::courier_core::Result<()> {
        ::core::unimplemented!()
    }
}
