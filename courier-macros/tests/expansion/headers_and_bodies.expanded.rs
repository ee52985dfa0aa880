trait Writing: Transport {
    fn json(
        &self,
        key: Option<&str>,
        message: &Message,
    ) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                    {
                        static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                            "json",
                            ::courier_core::__private::Method::POST,
                            "/a",
                            &[::courier_core::__private::PathPart::Fixed("/a")],
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        );
                        &DECLARATION
                    },
                    &[],
                )
                .body(
                    "application/json",
                    <&Message as ::courier_core::argument::BodyValue>::json(&message),
                )
                .header_fixed("api-version", "2")
                .header(
                    "Idempotency-Key",
                    <Option<
                        &str,
                    > as ::courier_core::argument::HeaderText<_>>::header_text(&key),
                ),
            <Result<()> as ::courier_core::outcome::OneOutcome<_>>::body,
        )
    }
    /// The declaration of [`json`](Self::json): method, template, outcomes and flags.
    ///
    /// `POST /a`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 204 | the body |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn json_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "json",
                ::courier_core::__private::Method::POST,
                "/a",
                &[::courier_core::__private::PathPart::Fixed("/a")],
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            );
            &DECLARATION
        }
    }
    fn optional(
        &self,
        message: Option<&Message>,
    ) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                    {
                        static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                            "optional",
                            ::courier_core::__private::Method::POST,
                            "/b",
                            &[::courier_core::__private::PathPart::Fixed("/b")],
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        );
                        &DECLARATION
                    },
                    &[],
                )
                .body(
                    "application/scim+json",
                    <Option<
                        &Message,
                    > as ::courier_core::argument::OptionalBody>::optional_json(&message),
                ),
            <Result<()> as ::courier_core::outcome::OneOutcome<_>>::body,
        )
    }
    /// The declaration of [`optional`](Self::optional): method, template, outcomes and flags.
    ///
    /// `POST /b`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 204 | the body |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn optional_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "optional",
                ::courier_core::__private::Method::POST,
                "/b",
                &[::courier_core::__private::PathPart::Fixed("/b")],
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            );
            &DECLARATION
        }
    }
    fn form(&self, message: impl Serialize) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                    {
                        static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                            "form",
                            ::courier_core::__private::Method::POST,
                            "/c",
                            &[::courier_core::__private::PathPart::Fixed("/c")],
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        );
                        &DECLARATION
                    },
                    &[],
                )
                .body(
                    "application/x-www-form-urlencoded",
                    ::courier_core::argument::BodyValue::form(&message),
                ),
            <Result<()> as ::courier_core::outcome::OneOutcome<_>>::body,
        )
    }
    /// The declaration of [`form`](Self::form): method, template, outcomes and flags.
    ///
    /// `POST /c`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 204 | the body |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn form_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "form",
                ::courier_core::__private::Method::POST,
                "/c",
                &[::courier_core::__private::PathPart::Fixed("/c")],
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            );
            &DECLARATION
        }
    }
    fn raw(&self, text: String) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                    {
                        static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                            "raw",
                            ::courier_core::__private::Method::POST,
                            "/d",
                            &[::courier_core::__private::PathPart::Fixed("/d")],
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        );
                        &DECLARATION
                    },
                    &[],
                )
                .raw(
                    "text/markdown",
                    <String as ::courier_core::argument::RawBody>::into_body(text),
                ),
            <Result<()> as ::courier_core::outcome::OneOutcome<_>>::body,
        )
    }
    /// The declaration of [`raw`](Self::raw): method, template, outcomes and flags.
    ///
    /// `POST /d`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 204 | the body |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn raw_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "raw",
                ::courier_core::__private::Method::POST,
                "/d",
                &[::courier_core::__private::PathPart::Fixed("/d")],
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            );
            &DECLARATION
        }
    }
    fn multipart(&self, form: Multipart) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                    {
                        static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                            "multipart",
                            ::courier_core::__private::Method::POST,
                            "/e",
                            &[::courier_core::__private::PathPart::Fixed("/e")],
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        );
                        &DECLARATION
                    },
                    &[],
                )
                .multipart(
                    <Multipart as ::courier_core::argument::MultipartBody>::form(form),
                ),
            <Result<()> as ::courier_core::outcome::OneOutcome<_>>::body,
        )
    }
    /// The declaration of [`multipart`](Self::multipart): method, template, outcomes and flags.
    ///
    /// `POST /e`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 204 | the body |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn multipart_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "multipart",
                ::courier_core::__private::Method::POST,
                "/e",
                &[::courier_core::__private::PathPart::Fixed("/e")],
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            );
            &DECLARATION
        }
    }
}
