trait Books: Transport {
    fn get(
        &self,
        isbn: Isbn,
    ) -> ::courier_core::Call<'_, courier_core::Result<Book, MyError>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                {
                    static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                        "get",
                        ::courier_core::__private::Method::GET,
                        "/books/<isbn>",
                        &[
                            ::courier_core::__private::PathPart::Fixed("/books/"),
                            ::courier_core::__private::PathPart::Segment(
                                "<isbn>",
                                &[
                                    ::courier_core::__private::Placeholder {
                                        before: "",
                                        name: "isbn",
                                        several: false,
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
                &[<Isbn as ::courier_core::argument::PathValue>::path_value(&isbn)],
            ),
            <courier_core::Result<
                Book,
                MyError,
            > as ::courier_core::outcome::OneOutcome<_>>::body,
        )
    }
    /// The declaration of [`get`](Self::get): method, template, outcomes and flags.
    ///
    /// `GET /books/<isbn>`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 200 | the body |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn get_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "get",
                ::courier_core::__private::Method::GET,
                "/books/<isbn>",
                &[
                    ::courier_core::__private::PathPart::Fixed("/books/"),
                    ::courier_core::__private::PathPart::Segment(
                        "<isbn>",
                        &[
                            ::courier_core::__private::Placeholder {
                                before: "",
                                name: "isbn",
                                several: false,
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
