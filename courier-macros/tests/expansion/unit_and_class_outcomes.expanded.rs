trait Jobs: Transport {
    fn delete(&self, id: u64) -> ::courier_core::Call<'_, Result<Deletion>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                {
                    static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                        "delete",
                        ::courier_core::__private::Method::DELETE,
                        "/jobs/<id>",
                        &[
                            ::courier_core::__private::PathPart::Fixed("/jobs/"),
                            ::courier_core::__private::PathPart::Segment(
                                "<id>",
                                &[
                                    ::courier_core::__private::Placeholder {
                                        before: "",
                                        name: "id",
                                        several: false,
                                    },
                                ],
                                "",
                            ),
                        ],
                        const {
                            &[
                                ::courier_core::__private::outcome(
                                    "gone",
                                    const {
                                        &[200u16..=200u16, 202u16..=202u16, 204u16..=204u16]
                                    },
                                ),
                                ::courier_core::__private::outcome(
                                    "not_found",
                                    const { &[404u16..=404u16] },
                                ),
                                ::courier_core::__private::outcome(
                                    "failed",
                                    const { &[500u16..=599u16] },
                                ),
                            ]
                        },
                        false,
                    );
                    &DECLARATION
                },
                &[<u64 as ::courier_core::argument::PathValue>::path_value(&id)],
            ),
            |__courier_step, __courier_result| {
                #[allow(unused_imports)]
                use ::courier_core::outcome::UsualOutcomes as _;
                <Result<
                    Deletion,
                > as ::courier_core::outcome::ReturnType>::several(
                    __courier_step,
                    __courier_result,
                    <<Result<
                        Deletion,
                    > as ::courier_core::outcome::ReturnType>::Failure as ::courier_core::outcome::Failure>::from_error,
                    |__courier_outcome, __courier_response| match __courier_outcome {
                        0usize => {
                            ::courier_core::outcome::Variant::<
                                ::courier_core::outcome::Success<Result<Deletion>>,
                                _,
                            >::read(
                                <::courier_core::outcome::Success<Result<Deletion>>>::Gone,
                                __courier_response,
                                <_ as ::courier_core::outcome::NoBody<
                                    _,
                                >>::DECODER_WITHOUT_BODY,
                            )
                        }
                        1usize => {
                            ::courier_core::outcome::Variant::<
                                ::courier_core::outcome::Success<Result<Deletion>>,
                                _,
                            >::read(
                                <::courier_core::outcome::Success<
                                    Result<Deletion>,
                                >>::NotFound,
                                __courier_response,
                                <_ as ::courier_core::outcome::Payload<_>>::DECODER,
                            )
                        }
                        _ => {
                            ::courier_core::outcome::Variant::<
                                ::courier_core::outcome::Success<Result<Deletion>>,
                                _,
                            >::read(
                                <::courier_core::outcome::Success<
                                    Result<Deletion>,
                                >>::Failed,
                                __courier_response,
                                <_ as ::courier_core::outcome::Payload<_>>::DECODER,
                            )
                        }
                    },
                )
            },
        )
    }
    /// The declaration of [`delete`](Self::delete): method, template, outcomes and flags.
    ///
    /// `DELETE /jobs/<id>`
    ///
    /// | status | outcome |
    /// |---|---|
    /// | 200, 202, 204 | `Gone` |
    /// | 404 | `NotFound` |
    /// | 5xx | `Failed` |
    /// | any other | an error |
    #[allow(dead_code)]
    #[must_use]
    fn delete_endpoint() -> &'static ::courier_core::Endpoint
    where
        Self: ::core::marker::Sized,
    {
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "delete",
                ::courier_core::__private::Method::DELETE,
                "/jobs/<id>",
                &[
                    ::courier_core::__private::PathPart::Fixed("/jobs/"),
                    ::courier_core::__private::PathPart::Segment(
                        "<id>",
                        &[
                            ::courier_core::__private::Placeholder {
                                before: "",
                                name: "id",
                                several: false,
                            },
                        ],
                        "",
                    ),
                ],
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "gone",
                            const {
                                &[200u16..=200u16, 202u16..=202u16, 204u16..=204u16]
                            },
                        ),
                        ::courier_core::__private::outcome(
                            "not_found",
                            const { &[404u16..=404u16] },
                        ),
                        ::courier_core::__private::outcome(
                            "failed",
                            const { &[500u16..=599u16] },
                        ),
                    ]
                },
                false,
            );
            &DECLARATION
        }
    }
}
