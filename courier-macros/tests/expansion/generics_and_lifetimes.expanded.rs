trait Store<K>: Transport {
    fn find<'a, T>(
        &'a self,
        kind: impl Display,
        key: &'a K,
    ) -> ::courier_core::Call<'a, Result<Option<T>>>
    where
        T: DeserializeOwned,
        K: Display,
    {
        ::courier_core::__private::call(
            ::courier_core::__private::transport(self),
            ::courier_core::__private::request(
                const {
                    &::courier_core::__private::endpoint(
                        "find",
                        ::courier_core::__private::Method::GET,
                        "/<kind>/<key>",
                        const {
                            &[
                                ::courier_core::__private::outcome(
                                    "some",
                                    const { &[200u16..=200u16] },
                                ),
                                ::courier_core::__private::outcome(
                                    "none",
                                    const { &[404u16..=404u16] },
                                ),
                            ]
                        },
                        false,
                    )
                },
                &[
                    ::courier_core::__private::path_value(&kind),
                    ::courier_core::__private::path_value::<&'a K>(&key),
                ],
            ),
            |__courier_question| ::courier_core::__private::variants::<
                Result<Option<T>>,
            >(
                __courier_question,
                |__courier_outcome, __courier_reader| match __courier_outcome {
                    0usize => {
                        __courier_reader
                            .variant(
                                <<Result<
                                    Option<T>,
                                > as ::courier_core::__private::Returned>::Success>::Some,
                            )
                    }
                    _ => {
                        __courier_reader
                            .variant(
                                <<Result<
                                    Option<T>,
                                > as ::courier_core::__private::Returned>::Success>::None,
                            )
                    }
                },
            ),
        )
    }
    /// The declaration of [`find`](Self::find): method, template, outcomes and flags.
    ///
    /// `GET /<kind>/<key>`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 200 | `Some` |
    /// | 404 | `None` |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn find_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        const {
            &::courier_core::__private::endpoint(
                "find",
                ::courier_core::__private::Method::GET,
                "/<kind>/<key>",
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "some",
                            const { &[200u16..=200u16] },
                        ),
                        ::courier_core::__private::outcome(
                            "none",
                            const { &[404u16..=404u16] },
                        ),
                    ]
                },
                false,
            )
        }
    }
}
