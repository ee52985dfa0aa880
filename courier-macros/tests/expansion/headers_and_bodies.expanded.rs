trait Writing: Transport {
    fn json(
        &self,
        key: Option<&str>,
        message: &Message,
    ) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::__private::transport(self),
            ::courier_core::__private::request(
                    const {
                        &::courier_core::__private::endpoint(
                            "json",
                            ::courier_core::__private::Method::POST,
                            "/a",
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        )
                    },
                    &[],
                )
                .body(
                    "application/json",
                    ::courier_core::__private::json_value::<&Message>(&message),
                )
                .header_fixed("api-version", "2")
                .header(
                    "Idempotency-Key",
                    ::courier_core::__private::header_value::<_, Option<&str>>(&key),
                ),
            ::courier_core::__private::body::<Result<()>>,
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
        const {
            &::courier_core::__private::endpoint(
                "json",
                ::courier_core::__private::Method::POST,
                "/a",
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            )
        }
    }
    fn optional(
        &self,
        message: Option<&Message>,
    ) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::__private::transport(self),
            ::courier_core::__private::request(
                    const {
                        &::courier_core::__private::endpoint(
                            "optional",
                            ::courier_core::__private::Method::POST,
                            "/b",
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        )
                    },
                    &[],
                )
                .body(
                    "application/scim+json",
                    ::courier_core::__private::json_optional_value::<
                        Option<&Message>,
                    >(&message),
                ),
            ::courier_core::__private::body::<Result<()>>,
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
        const {
            &::courier_core::__private::endpoint(
                "optional",
                ::courier_core::__private::Method::POST,
                "/b",
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            )
        }
    }
    fn form(&self, message: impl Serialize) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::__private::transport(self),
            ::courier_core::__private::request(
                    const {
                        &::courier_core::__private::endpoint(
                            "form",
                            ::courier_core::__private::Method::POST,
                            "/c",
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        )
                    },
                    &[],
                )
                .body(
                    "application/x-www-form-urlencoded",
                    ::courier_core::__private::form_value(&message),
                ),
            ::courier_core::__private::body::<Result<()>>,
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
        const {
            &::courier_core::__private::endpoint(
                "form",
                ::courier_core::__private::Method::POST,
                "/c",
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            )
        }
    }
    fn raw(&self, text: String) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::__private::transport(self),
            ::courier_core::__private::request(
                    const {
                        &::courier_core::__private::endpoint(
                            "raw",
                            ::courier_core::__private::Method::POST,
                            "/d",
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        )
                    },
                    &[],
                )
                .body(
                    "text/markdown",
                    ::courier_core::__private::raw_value::<String>(&text),
                ),
            ::courier_core::__private::body::<Result<()>>,
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
        const {
            &::courier_core::__private::endpoint(
                "raw",
                ::courier_core::__private::Method::POST,
                "/d",
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            )
        }
    }
    fn multipart(&self, form: Multipart) -> ::courier_core::Call<'_, Result<()>> {
        ::courier_core::__private::call(
            ::courier_core::__private::transport(self),
            ::courier_core::__private::request(
                    const {
                        &::courier_core::__private::endpoint(
                            "multipart",
                            ::courier_core::__private::Method::POST,
                            "/e",
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[204u16..=204u16] },
                                    ),
                                ]
                            },
                            false,
                        )
                    },
                    &[],
                )
                .multipart(
                    ::courier_core::__private::multipart_value::<Multipart>(&form),
                ),
            ::courier_core::__private::body::<Result<()>>,
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
        const {
            &::courier_core::__private::endpoint(
                "multipart",
                ::courier_core::__private::Method::POST,
                "/e",
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[204u16..=204u16] },
                        ),
                    ]
                },
                false,
            )
        }
    }
}
