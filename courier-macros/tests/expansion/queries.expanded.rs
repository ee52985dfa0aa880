trait Listing: Transport {
    fn list(
        &self,
        path: &str,
        cursor: Option<&str>,
        id: &str,
        ids: &[u32],
        words: &[&str],
        tags: &[&str],
        filter: &Filter,
        more: &More,
    ) -> ::courier_core::Call<'_, Result<Page>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                    {
                        static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                            "list",
                            ::courier_core::__private::Method::GET,
                            "/messages/<path..>?<cursor>&messageId=<id>&<ids:comma>&<words:space>&<tags:pipe>&<filter:json>&limit=50",
                            &[
                                ::courier_core::__private::PathPart::Fixed("/messages/"),
                                ::courier_core::__private::PathPart::Segment(
                                    "<path..>",
                                    &[
                                        ::courier_core::__private::Placeholder {
                                            before: "",
                                            name: "path",
                                            several: true,
                                        },
                                    ],
                                    "",
                                ),
                            ],
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
                    &[<&str as ::courier_core::argument::PathValue>::path_value(&path)],
                )
                .query(
                    <Option<
                        &str,
                    > as ::courier_core::argument::QueryValue>::query_value(
                        &cursor,
                        "cursor",
                    ),
                )
                .query(
                    <&str as ::courier_core::argument::QueryValue>::query_value(
                        &id,
                        "messageId",
                    ),
                )
                .query_joined(
                    "ids",
                    ',',
                    <&[u32] as ::courier_core::argument::QueryValue>::query_value(
                        &ids,
                        "ids",
                    ),
                )
                .query_joined(
                    "words",
                    ' ',
                    <&[&str] as ::courier_core::argument::QueryValue>::query_value(
                        &words,
                        "words",
                    ),
                )
                .query_joined(
                    "tags",
                    '|',
                    <&[&str] as ::courier_core::argument::QueryValue>::query_value(
                        &tags,
                        "tags",
                    ),
                )
                .query(
                    <&Filter as ::courier_core::argument::QueryValue>::query_json(
                        &filter,
                        "filter",
                    ),
                )
                .query_fixed("limit=50")
                .query(
                    <&More as ::courier_core::argument::QueryValue>::query_pairs(&more),
                ),
            <Result<Page> as ::courier_core::outcome::OneOutcome<_>>::body,
        )
    }
    /// The declaration of [`list`](Self::list): method, template, outcomes and flags.
    ///
    /// `GET /messages/<path..>?<cursor>&messageId=<id>&<ids:comma>&<words:space>&<tags:pipe>&<filter:json>&limit=50`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 200 | the body |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn list_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "list",
                ::courier_core::__private::Method::GET,
                "/messages/<path..>?<cursor>&messageId=<id>&<ids:comma>&<words:space>&<tags:pipe>&<filter:json>&limit=50",
                &[
                    ::courier_core::__private::PathPart::Fixed("/messages/"),
                    ::courier_core::__private::PathPart::Segment(
                        "<path..>",
                        &[
                            ::courier_core::__private::Placeholder {
                                before: "",
                                name: "path",
                                several: true,
                            },
                        ],
                        "",
                    ),
                ],
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
