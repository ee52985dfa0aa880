trait Wrong: Transport {
    ::core::compile_error! {
        "`GETT` is no HTTP method of an endpoint\nrule: the attribute begins with GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in capitals\nhelp: did you mean `GET`?"
    }
    ::core::compile_error! {
        "the argument `id` is used twice: the template names it, and it has an attribute\nrule: every argument is sent, exactly once\nhelp: remove the attribute, or the placeholder"
    }
    #[allow(unused_mut, unused_variables)]
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
        "the method is `const`\nrule: an endpoint's method is a plain `async fn`, or a plain `fn` that blocks\nhelp: remove `const`"
    }
    ::core::compile_error! {
        "the method is `unsafe`\nrule: an endpoint's method is a plain `async fn`, or a plain `fn` that blocks\nhelp: remove `unsafe`"
    }
    ::core::compile_error! {
        "the method is `extern \"C\"`\nrule: an endpoint's method is a plain `async fn`, or a plain `fn` that blocks\nhelp: remove `extern \"C\"`"
    }
    ::core::compile_error! {
        "the method `wronger` has no `&self`\nrule: an endpoint borrows its transport, so that several calls can be on their way at once\nhelp: make `&self` its first argument"
    }
    ::core::compile_error! {
        "the method `wronger` has no return type\nrule: an endpoint's method returns a `Result` with its outcome\nhelp: write `-> Result<Message>` with the type of the answer's body, or `-> Result<()>` for none"
    }
    #[allow(unused_mut, unused_variables)]
    fn wronger() {
        ::core::unimplemented!()
    }
    /// The declaration of [`wronger`](Self::wronger): method, template, outcomes and flags.
    #[allow(dead_code)]
    #[must_use]
    fn wronger_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        ::core::unimplemented!()
    }
}
