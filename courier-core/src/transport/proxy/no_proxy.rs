//! The list of `NO_PROXY`: the hosts that are reached without the proxy of the environment. It is read as reqwest and curl do.

use std::net::IpAddr;

/// Whether such a list has this host of a URL.
pub(super) fn has(list: &str, host: &str) -> bool {
    let without_brackets = host.trim_start_matches('[').trim_end_matches(']');
    let mut entries = list.split(',').map(str::trim);
    match without_brackets.parse() {
        Ok(address) => entries.any(|entry| entry == "*" || has_address(entry, address)),
        Err(_) => entries.any(|entry| entry == "*" || has_name(entry, host)),
    }
}

/// `10.0.0.7`, `10.0.0.0/8`, `2001:db8::/32`.
fn has_address(entry: &str, address: IpAddr) -> bool {
    let Some((network, bits)) = entry.split_once('/') else { return entry.parse() == Ok(address) };
    let (Ok(network), Ok(bits)) = (network.parse(), bits.parse::<u32>()) else { return false };
    // What is left of the differences after the rest was shifted out: of all of them, nothing is.
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) if bits <= 32 => {
            (network.to_bits() ^ address.to_bits()).checked_shr(32 - bits).is_none_or(|rest| rest == 0)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) if bits <= 128 => {
            (network.to_bits() ^ address.to_bits()).checked_shr(128 - bits).is_none_or(|rest| rest == 0)
        }
        _ => false,
    }
}

/// `api.example` and `.api.example` are this name and those below it.
fn has_name(entry: &str, host: &str) -> bool {
    let name = entry.strip_prefix('.').unwrap_or(entry);
    if name.is_empty() || name.len() > host.len() {
        return false;
    }
    let Some((start, end)) = host.split_at_checked(host.len() - name.len()) else { return false };
    end.eq_ignore_ascii_case(name) && (start.is_empty() || start.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_names_with_those_below_them_addresses_and_networks() {
        for (list, hosts, others) in [
            (
                "api.example",
                &["api.example", "v2.api.example"][..],
                &["notapi.example", "example", "api.example.com"][..],
            ),
            (".api.example", &["api.example", "v2.api.example"], &["notapi.example"]),
            ("other.example, API.Example ,", &["api.example", "other.example"], &["third.example"]),
            ("10.1.2.3", &["10.1.2.3"], &["10.1.2.4", "v.10.1.2.3.example"]),
            ("10.0.0.0/8", &["10.1.2.3", "10.255.0.0"], &["11.0.0.0", "api.example", "[::a00:1]"]),
            ("10.1.2.3/31", &["10.1.2.2", "10.1.2.3"], &["10.1.2.4"]),
            ("10.1.2.3/32", &["10.1.2.3"], &["10.1.2.2"]),
            ("0.0.0.0/0", &["10.1.2.3"], &["[2001:db8::1]", "api.example"]),
            ("2001:db8::/32", &["[2001:db8::1]", "[2001:db8:ffff::]"], &["[2001:db9::]", "10.1.2.3"]),
            ("2001:db8::1", &["[2001:db8::1]"], &["[2001:db8::2]"]),
            ("::/0", &["[2001:db8::1]"], &["10.1.2.3"]),
            ("*", &["api.example", "10.1.2.3", "[::1]"], &[]),
            ("", &[], &["api.example", "10.1.2.3"]),
            (".", &[], &["api.example", "api.example."]),
            ("10.0.0.0/33,10.0.0.0/x,/8,10.0.0.0/", &[], &["10.0.0.0", "10.1.2.3"]),
            ("*.example,exam*,ä", &[], &["api.example", "xn--4ca"]),
        ] {
            assert!(hosts.iter().all(|host| has(list, host)), "{list}: {hosts:?}");
            assert!(!others.iter().any(|host| has(list, host)), "{list}: {others:?}");
        }
    }

    /// But for `*`, which doesn't have addresses there.
    #[cfg(feature = "reqwest")]
    #[test]
    fn a_list_is_read_as_by_reqwest() {
        use http::Uri;
        use hyper_util::client::proxy::matcher::Matcher;

        let hosts = ["api.example", "v2.api.example", "example", "10.1.2.3", "10.1.2.255", "[2001:db8::1]", "[::]"];
        let entries = [
            "api.example",
            ".api.example",
            "API.EXAMPLE",
            "example",
            "e",
            ".",
            "..",
            "",
            "pi.example",
            "v2.api.example.",
            "10.1.2.3",
            "10.1.2.3/24",
            "10.1.2.3/25",
            "10.1.2.3/0",
            "10.1.2.3/32",
            "10.1.2.3/33",
            "10.1.2/24",
            "10.1.2.3/",
            "2001:db8::1",
            "2001:db8::/16",
            "2001:db8::/128",
            "2001:db8::1/127",
            "::/0",
            "::/1",
            "[2001:db8::1]",
            "::ffff:10.1.2.3",
        ];
        for host in hosts {
            let uri: Uri = format!("https://{host}").parse().expect(host);
            for list in entries.iter().flat_map(|entry| [(*entry).to_owned(), format!("other.example , {entry},x")]) {
                let matcher = Matcher::builder().all("http://proxy").no(list.clone()).build();
                assert_eq!(has(&list, host), matcher.intercept(&uri).is_none(), "{host} in {list:?}");
            }
        }
    }
}
