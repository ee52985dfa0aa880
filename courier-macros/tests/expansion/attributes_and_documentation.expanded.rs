trait Old: Transport {
    /// Gets the old thing.
    #[cfg(feature = "old")]
    #[deprecated(note = "use `new`")]
    ///
    /// `GET /old`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 200 | the body |
    /// | any other | an error |
    ///
    /// # Errors
    ///
    /// `courier_core::Error`: the request can't be built, no complete response arrives in time, its status is not in
    /// the table, or its body can't be read.
    fn r#type(&self) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                {
                    static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                        "type",
                        ::courier_core::__private::Method::GET,
                        "/old",
                        &[::courier_core::__private::PathPart::Fixed("/old")],
                        const {
                            &[
                                ::courier_core::__private::outcome(
                                    "ok",
                                    const { &[200u16..=200u16] },
                                ),
                            ]
                        },
                        false,
                    );
                    &DECLARATION
                },
                &[],
            ),
            <Result<()> as ::courier_core::outcome::OneOutcome<_>>::body,
        )
    }
    #[cfg(feature = "old")]
    /// The declaration of [`type`](Self::r#type): method, template, outcomes and flags.
    #[allow(dead_code)]
    #[must_use]
    fn type_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "type",
                ::courier_core::__private::Method::GET,
                "/old",
                &[::courier_core::__private::PathPart::Fixed("/old")],
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[200u16..=200u16] },
                        ),
                    ]
                },
                false,
            );
            &DECLARATION
        }
    }
}
