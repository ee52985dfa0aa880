pub trait Messages: Transport {
    fn cancel(
        &self,
        message_id: &str,
    ) -> ::courier_core::Call<'_, Result<Cancellation>> {
        ::courier_core::__private::call(
            ::courier_core::__private::transport(self),
            ::courier_core::__private::request(
                const {
                    &::courier_core::__private::endpoint(
                        "cancel",
                        ::courier_core::__private::Method::POST,
                        "/messages/<message_id>/cancel",
                        const {
                            &[
                                ::courier_core::__private::outcome(
                                    "ok",
                                    const { &[200u16..=200u16] },
                                ),
                                ::courier_core::__private::outcome(
                                    "conflict",
                                    const { &[409u16..=409u16] },
                                ),
                            ]
                        },
                        true,
                    )
                },
                &[::courier_core::__private::path_value::<&str>(&message_id)],
            ),
            |__courier_question| ::courier_core::__private::variants::<
                Result<Cancellation>,
            >(
                __courier_question,
                |__courier_outcome, __courier_reader| match __courier_outcome {
                    0usize => {
                        __courier_reader
                            .variant(
                                <<Result<
                                    Cancellation,
                                > as ::courier_core::__private::Returned>::Success>::Ok,
                            )
                    }
                    _ => {
                        __courier_reader
                            .variant(
                                <<Result<
                                    Cancellation,
                                > as ::courier_core::__private::Returned>::Success>::Conflict,
                            )
                    }
                },
            ),
        )
    }
    /// The declaration of [`cancel`](Self::cancel): method, template, outcomes and flags.
    ///
    /// `POST /messages/<message_id>/cancel`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 200 | `Ok` |
    /// | 409 | `Conflict` |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn cancel_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        const {
            &::courier_core::__private::endpoint(
                "cancel",
                ::courier_core::__private::Method::POST,
                "/messages/<message_id>/cancel",
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[200u16..=200u16] },
                        ),
                        ::courier_core::__private::outcome(
                            "conflict",
                            const { &[409u16..=409u16] },
                        ),
                    ]
                },
                true,
            )
        }
    }
}
