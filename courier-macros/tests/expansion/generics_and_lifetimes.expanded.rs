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
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                {
                    static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                        "find",
                        ::courier_core::__private::Method::GET,
                        "/<kind>/<key>",
                        &[
                            ::courier_core::__private::PathPart::Fixed("/"),
                            ::courier_core::__private::PathPart::Segment(
                                "<kind>",
                                &[
                                    ::courier_core::__private::Placeholder {
                                        before: "",
                                        name: "kind",
                                        several: false,
                                    },
                                ],
                                "",
                            ),
                            ::courier_core::__private::PathPart::Fixed("/"),
                            ::courier_core::__private::PathPart::Segment(
                                "<key>",
                                &[
                                    ::courier_core::__private::Placeholder {
                                        before: "",
                                        name: "key",
                                        several: false,
                                    },
                                ],
                                "",
                            ),
                        ],
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
                    );
                    &DECLARATION
                },
                &[
                    ::courier_core::argument::PathValue::path_value(&kind),
                    <&'a K as ::courier_core::argument::PathValue>::path_value(&key),
                ],
            ),
            |__courier_step, __courier_result| {
                #[allow(unused_imports)]
                use ::courier_core::outcome::UsualOutcomes as _;
                <Result<
                    Option<T>,
                > as ::courier_core::outcome::ReturnType>::several(
                    __courier_step,
                    __courier_result,
                    <<Result<
                        Option<T>,
                    > as ::courier_core::outcome::ReturnType>::Failure as ::courier_core::outcome::Failure>::from_error,
                    |__courier_outcome, __courier_response| match __courier_outcome {
                        0usize => {
                            ::courier_core::outcome::Variant::<
                                ::courier_core::outcome::Success<Result<Option<T>>>,
                                _,
                            >::read(
                                <::courier_core::outcome::Success<Result<Option<T>>>>::Some,
                                __courier_response,
                                <_ as ::courier_core::outcome::Payload<_>>::DECODER,
                            )
                        }
                        _ => {
                            ::courier_core::outcome::Variant::<
                                ::courier_core::outcome::Success<Result<Option<T>>>,
                                _,
                            >::read(
                                <::courier_core::outcome::Success<Result<Option<T>>>>::None,
                                __courier_response,
                                <_ as ::courier_core::outcome::Payload<_>>::DECODER,
                            )
                        }
                    },
                )
            },
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
        {
            static DECLARATION: ::courier_core::Endpoint = ::courier_core::__private::endpoint(
                "find",
                ::courier_core::__private::Method::GET,
                "/<kind>/<key>",
                &[
                    ::courier_core::__private::PathPart::Fixed("/"),
                    ::courier_core::__private::PathPart::Segment(
                        "<kind>",
                        &[
                            ::courier_core::__private::Placeholder {
                                before: "",
                                name: "kind",
                                several: false,
                            },
                        ],
                        "",
                    ),
                    ::courier_core::__private::PathPart::Fixed("/"),
                    ::courier_core::__private::PathPart::Segment(
                        "<key>",
                        &[
                            ::courier_core::__private::Placeholder {
                                before: "",
                                name: "key",
                                several: false,
                            },
                        ],
                        "",
                    ),
                ],
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
            );
            &DECLARATION
        }
    }
}
