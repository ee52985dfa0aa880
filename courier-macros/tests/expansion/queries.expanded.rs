trait Listing: Transport {
    fn list(
        &self,
        path: &str,
        cursor: Option<&str>,
        id: &str,
        ids: &[u32],
        filter: &Filter,
        more: &More,
    ) -> ::courier_core::Call<'_, Result<Page>> {
        ::courier_core::__private::call(
            ::courier_core::__private::transport(self),
            ::courier_core::__private::request(
                    const {
                        &::courier_core::__private::endpoint(
                            "list",
                            ::courier_core::__private::Method::GET,
                            "/messages/<path..>?<cursor>&messageId=<id>&<ids:comma>&<filter:json>&limit=50",
                            const {
                                &[
                                    ::courier_core::__private::outcome(
                                        "ok",
                                        const { &[200u16..=200u16] },
                                    ),
                                ]
                            },
                            false,
                        )
                    },
                    &[::courier_core::__private::path_value::<&str>(&path)],
                )
                .query(
                    ::courier_core::__private::query_value::<
                        Option<&str>,
                    >("cursor", &cursor),
                )
                .query(::courier_core::__private::query_value::<&str>("messageId", &id))
                .query_joined(
                    "ids",
                    ',',
                    ::courier_core::__private::query_value::<&[u32]>("ids", &ids),
                )
                .query(
                    ::courier_core::__private::query_json_value::<
                        &Filter,
                    >("filter", &filter),
                )
                .query_fixed("limit=50")
                .query(::courier_core::__private::query_pairs_value::<&More>(&more)),
            ::courier_core::__private::body::<Result<Page>>,
        )
    }
    /// The declaration of [`list`](Self::list): method, template, outcomes and flags.
    ///
    /// `GET /messages/<path..>?<cursor>&messageId=<id>&<ids:comma>&<filter:json>&limit=50`
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
        const {
            &::courier_core::__private::endpoint(
                "list",
                ::courier_core::__private::Method::GET,
                "/messages/<path..>?<cursor>&messageId=<id>&<ids:comma>&<filter:json>&limit=50",
                const {
                    &[
                        ::courier_core::__private::outcome(
                            "ok",
                            const { &[200u16..=200u16] },
                        ),
                    ]
                },
                false,
            )
        }
    }
}
