trait Files: Transport {
    fn file(
        &self,
        name: &str,
        minor: u8,
        major: u8,
    ) -> ::courier_core::Call<'_, Result<File>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                {
                    static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                        "file",
                        ::courier_core::__private::Method::GET,
                        "/files/v<major>.<minor>/<name>.json",
                        &[
                            ::courier_core::__private::PathPart::Fixed("/files/"),
                            ::courier_core::__private::PathPart::Segment(
                                "v<major>.<minor>",
                                &[
                                    ::courier_core::__private::Placeholder {
                                        before: "v",
                                        name: "major",
                                        several: false,
                                    },
                                    ::courier_core::__private::Placeholder {
                                        before: ".",
                                        name: "minor",
                                        several: false,
                                    },
                                ],
                                "",
                            ),
                            ::courier_core::__private::PathPart::Fixed("/"),
                            ::courier_core::__private::PathPart::Segment(
                                "<name>.json",
                                &[
                                    ::courier_core::__private::Placeholder {
                                        before: "",
                                        name: "name",
                                        several: false,
                                    },
                                ],
                                ".json",
                            ),
                        ],
                        const {
                            &[
                                ::courier_core::__private::outcome(
                                    "ok",
                                    const { &[200u16..=299u16] },
                                ),
                            ]
                        },
                        false,
                    );
                    &DECLARATION
                },
                &[
                    <u8 as ::courier_core::argument::PathValue>::path_value(&major),
                    <u8 as ::courier_core::argument::PathValue>::path_value(&minor),
                    <&str as ::courier_core::argument::PathValue>::path_value(&name),
                ],
            ),
            <Result<File> as ::courier_core::outcome::OneOutcome<_>>::body,
        )
    }
    /// The declaration of [`file`](Self::file): method, template, outcomes and flags.
    ///
    /// `GET /files/v<major>.<minor>/<name>.json`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 2xx | the body |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn file_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "file",
                ::courier_core::__private::Method::GET,
                "/files/v<major>.<minor>/<name>.json",
                &[
                    ::courier_core::__private::PathPart::Fixed("/files/"),
                    ::courier_core::__private::PathPart::Segment(
                        "v<major>.<minor>",
                        &[
                            ::courier_core::__private::Placeholder {
                                before: "v",
                                name: "major",
                                several: false,
                            },
                            ::courier_core::__private::Placeholder {
                                before: ".",
                                name: "minor",
                                several: false,
                            },
                        ],
                        "",
                    ),
                    ::courier_core::__private::PathPart::Fixed("/"),
                    ::courier_core::__private::PathPart::Segment(
                        "<name>.json",
                        &[
                            ::courier_core::__private::Placeholder {
                                before: "",
                                name: "name",
                                several: false,
                            },
                        ],
                        ".json",
                    ),
                ],
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[200u16..=299u16] },
                        ),
                    ]
                },
                false,
            );
            &DECLARATION
        }
    }
}
