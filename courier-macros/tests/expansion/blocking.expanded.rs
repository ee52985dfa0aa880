trait Messages: Transport {
    fn cancel(&self, message_id: &str) -> Result<Cancellation> {
        ::courier_core::__private::call_blocking(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                {
                    static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                        "cancel",
                        ::courier_core::__private::Method::POST,
                        "/messages/<message_id>/cancel",
                        &[
                            ::courier_core::__private::PathPart::Fixed("/messages/"),
                            ::courier_core::__private::PathPart::Segment(
                                "<message_id>",
                                &[
                                    ::courier_core::__private::Placeholder {
                                        before: "",
                                        name: "message_id",
                                        several: false,
                                    },
                                ],
                                "",
                            ),
                            ::courier_core::__private::PathPart::Fixed("/cancel"),
                        ],
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
                        false,
                    );
                    &DECLARATION
                },
                &[<&str as ::courier_core::argument::PathValue>::path_value(&message_id)],
            ),
            |__courier_step, __courier_result| {
                #[allow(unused_imports)]
                use ::courier_core::outcome::UsualOutcomes as _;
                <Result<
                    Cancellation,
                > as ::courier_core::outcome::ReturnType>::several(
                    __courier_step,
                    __courier_result,
                    <<Result<
                        Cancellation,
                    > as ::courier_core::outcome::ReturnType>::Failure as ::courier_core::outcome::Failure>::from_error,
                    |__courier_outcome, __courier_response| match __courier_outcome {
                        0usize => {
                            ::courier_core::outcome::Variant::<
                                ::courier_core::outcome::Success<Result<Cancellation>>,
                                _,
                            >::read(
                                <::courier_core::outcome::Success<
                                    Result<Cancellation>,
                                >>::Ok,
                                __courier_response,
                                <_ as ::courier_core::outcome::Payload<_>>::DECODER,
                            )
                        }
                        _ => {
                            ::courier_core::outcome::Variant::<
                                ::courier_core::outcome::Success<Result<Cancellation>>,
                                _,
                            >::read(
                                <::courier_core::outcome::Success<
                                    Result<Cancellation>,
                                >>::Conflict,
                                __courier_response,
                                <_ as ::courier_core::outcome::Payload<_>>::DECODER,
                            )
                        }
                    },
                )
            },
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
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "cancel",
                ::courier_core::__private::Method::POST,
                "/messages/<message_id>/cancel",
                &[
                    ::courier_core::__private::PathPart::Fixed("/messages/"),
                    ::courier_core::__private::PathPart::Segment(
                        "<message_id>",
                        &[
                            ::courier_core::__private::Placeholder {
                                before: "",
                                name: "message_id",
                                several: false,
                            },
                        ],
                        "",
                    ),
                    ::courier_core::__private::PathPart::Fixed("/cancel"),
                ],
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
                false,
            );
            &DECLARATION
        }
    }
}
