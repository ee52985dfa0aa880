//! Snapshots of the expansion: for each declaration in `expansion/`, what the attribute makes of it.
//!
//! `UPDATE_EXPECT=1 cargo test -p courier-macros` rewrites them.

use expect_test::expect_file;
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, ItemTrait, Token, TraitItem};

/// Expands every `#[endpoint(…)]` of a trait as the compiler would, and prints the trait.
fn expand(declaration: &str) -> String {
    let mut item: ItemTrait = syn::parse_str(declaration).expect("a trait");
    let methods = std::mem::take(&mut item.items);
    let members: TokenStream = methods.into_iter().map(expand_method).collect();
    let ItemTrait { attrs, vis, trait_token, ident, generics, supertraits, .. } = item;
    let supertraits: Punctuated<_, Token![+]> = supertraits;
    let expanded = quote! {
        #(#attrs)* #vis #trait_token #ident #generics: #supertraits { #members }
    };
    prettyplease::unparse(&syn::parse2(expanded).expect("valid Rust"))
}

fn expand_method(item: TraitItem) -> TokenStream {
    let TraitItem::Fn(mut method) = item else { panic!("only methods") };
    let is_endpoint = |attribute: &Attribute| attribute.path().is_ident("endpoint");
    let position = method.attrs.iter().position(is_endpoint).expect("an `#[endpoint(…)]`");
    let endpoint = method.attrs.remove(position).meta.require_list().expect("with arguments").tokens.clone();
    crate::endpoint::endpoint(endpoint, quote!(#method), None)
}

macro_rules! snapshots {
    ($($(#[$attribute:meta])* $name:ident)*) => {$(
        $(#[$attribute])*
        #[test]
        fn $name() {
            let declaration = include_str!(concat!("expansion/", stringify!($name), ".rs"));
            expect_file![concat!("expansion/", stringify!($name), ".expanded.rs")].assert_eq(&expand(declaration));
        }
    )*};
}

snapshots! {
    several_outcomes
    one_outcome
    unit_and_class_outcomes
    parts_of_a_segment
    queries
    headers_and_bodies
    blocking
    generics_and_lifetimes
    attributes_and_documentation
    after_errors
}

/// Whatever is written, the result is an expansion or errors.
#[test]
fn an_attribute_is_read_without_a_panic_whatever_is_in_it() {
    let item = quote!(
        async fn get(&self, id: &str) -> Result<()>;
    );
    for attribute in [
        "",
        ",",
        ",,",
        "GET",
        "GET,",
        "GET,,",
        "GET, \"\"",
        "GET, \"/\",",
        "GET, \"/<\"",
        "GET, \"/<<>>\"",
        "GET, \"/>\"",
        "GET, \"/{\"",
        "GET, \"/}{\"",
        "GET, \"<ü\"",
        "GET, \"/%\"",
        "GET, \"/%e\"",
        "GET, \"/%ü\"",
        "GET, \"://\"",
        "GET, \"?\"",
        "GET, \"/a?#\"",
        "GET, \"a#b://c\"",
        "GET, \"//\"",
        "GET, \"/<id..>\"",
        "GET, \"/<id>\", _ = 200",
        "GET, \"/<id>\", __ = 200",
        "GET, \"/<id>\", ok = 99999999999999999999",
        "GET, \"/<id>\", ok = 0xFF",
        "GET, \"/<id>\", ok = 2xxx",
        "GET, \"/<id>\", ok = 99xx",
        "GET, \"/<id>\", ok = 200 |",
        "GET, \"/<id>\", ok = = 200",
        "GET, \"/<id>\", crate = 1",
        "GET, \"/<id>\", ok = 200.5",
        "GET, \"/<id>\", ok = -200",
        "GET, b\"/<id>\"",
        "'G', 1",
    ] {
        let tokens: TokenStream = TokenStream::from_iter([attribute.parse::<TokenStream>().expect(attribute)]);
        let expanded = crate::endpoint::endpoint(tokens, item.clone(), None).to_string();
        assert!(expanded.contains("compile_error"), "{attribute}: {expanded}");
        Attribute::parse_outer.parse2(quote!()).expect("the rest of the process is well");
    }
}

/// What is quoted from a declaration may be long, or have line ends in it.
#[test]
fn a_message_is_a_short_problem_a_rule_and_a_fix_whatever_it_quotes() {
    let long = "a".repeat(200);
    let item =
        format!("async fn {long}(&mut self, #[raw(\"a\\nb\")] raw: &str, (x, y): ({long}, {long})) -> [{long}];");
    let attribute =
        format!("{long}, \"{long}\\n<{long}>?{long}=<{long}:{long}>\", {long} = \"a\\nb\", header(\"a\\nb\" = \"c\")");
    let [attribute, item] = [attribute, item].map(|text| text.parse::<TokenStream>().expect("tokens"));
    let expanded = crate::endpoint::endpoint(attribute, item, None);
    let messages: Vec<String> = expanded
        .into_iter()
        .filter_map(|token| match token {
            proc_macro2::TokenTree::Group(group) => syn::parse2::<syn::LitStr>(group.stream()).ok(),
            _ => None,
        })
        .map(|message| message.value())
        .collect();
    assert!(messages.len() >= 8, "{messages:#?}");
    for message in messages {
        let lines: Vec<&str> = message.lines().collect();
        assert!(lines[0].chars().count() < 113, "{message}");
        assert!(lines.len() == 3 && lines[1].starts_with("rule: ") && lines[2].starts_with("help: "), "{message}");
    }
}
