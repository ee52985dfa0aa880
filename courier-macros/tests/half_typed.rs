//! What an editor sees while a declaration is being typed: a method, with as much of it as can be read.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Pat, TraitItem, TraitItemFn};

const ATTRIBUTE: &str = "GET, \"/messages/<id>\", ok = 200";
const METHOD: &str = "async fn get(&self, id: &str) -> Result<Message>;";

/// The signature of the method that is emitted next to an error.
fn emitted(attribute: &str, item: &str) -> String {
    signature(expanded(attribute, item, None))
}

fn expanded(attribute: &str, item: &str, renamed: Option<&str>) -> TokenStream {
    let [attribute, item] = [attribute, item].map(|text| text.parse::<TokenStream>().expect(text));
    crate::endpoint::endpoint(attribute, item, renamed)
}

fn signature(expanded: TokenStream) -> String {
    assert!(expanded.to_string().contains("compile_error"), "{expanded}");
    let method = methods(expanded).into_iter().next().expect("a method");
    let TraitItemFn { sig, .. } = method;
    let inputs = sig.inputs.iter().map(|input| match input {
        syn::FnArg::Receiver(receiver) => receiver.to_token_stream().to_string(),
        syn::FnArg::Typed(argument) => {
            let Pat::Ident(name) = &*argument.pat else { panic!("a pattern") };
            format!("{}: {}", name.ident, argument.ty.to_token_stream())
        }
    });
    let inputs = inputs.collect::<Vec<_>>().join(", ");
    format!("{}({inputs}) {}", sig.ident, sig.output.to_token_stream()).replace(' ', "")
}

fn methods(expanded: TokenStream) -> Vec<TraitItemFn> {
    let items = |input: ParseStream<'_>| {
        let mut methods = Vec::new();
        while !input.is_empty() {
            if let TraitItem::Fn(method) = input.parse()? {
                methods.push(method);
            }
        }
        Ok(methods)
    };
    items.parse2(expanded).expect("items of a trait")
}

#[test]
fn under_a_half_typed_attribute_the_method_is_whole() {
    for attribute in [
        "",
        "G",
        "GET",
        "GET,",
        "GET, \"",
        "GET, \"/messages/<",
        "GET, \"/messages/<id>\", ok",
        "GET, \"/messages/<id>\", ok =",
    ] {
        // Up to here no lexer reads an open string.
        let attribute =
            if attribute.matches('"').count() == 1 { format!("{attribute}\"") } else { attribute.to_owned() };
        let method = "get(&self,id:&str)->::courier_core::Call<'_,Result<Message>>";
        assert_eq!(emitted(&attribute, METHOD), method, "{attribute}");
    }
}

#[test]
fn as_much_of_a_half_typed_signature_is_kept_as_can_be_read() {
    let call = "->::courier_core::Call<'_,Result<Message>>";
    let nothing = "->::courier_core::Call<'_,::courier_core::Result<()>>";
    let any = "impl::core::marker::Sized";
    for (item, method) in [
        ("async fn get(&self, id: ) -> Result<Message>;", format!("get(&self,id:{any}){call}")),
        ("async fn get(&self, id) -> Result<Message>;", format!("get(&self,id:{any}){call}")),
        ("async fn get(&self, id: , part: u8) -> Result<Message>;", format!("get(&self,id:{any},part:u8){call}")),
        ("async fn get(&self, id: HashMap<u8, , part: u8) -> Result<Message>;", format!("get(&self,id:{any}){call}")),
        ("async fn get(&self, id: &str, #[header(\"a\")]) -> Result<Message>;", format!("get(&self,id:&str){call}")),
        ("async fn get(&self, id: &str) -> ;", format!("get(&self,id:&str){nothing}")),
        ("async fn get(&self, id: &str) -> Result<", format!("get(&self,id:&str){nothing}")),
        ("async fn get(&self, id: &str) -> Result<Message>", format!("get(&self,id:&str){call}")),
        ("async fn get(&self, id: &str)", format!("get(&self,id:&str){nothing}")),
        ("async fn get(&) -> Result<Message>;", format!("get(&self){call}")),
        ("async fn get", format!("get(&self){nothing}")),
        ("fn get(&self, id: ) -> Result<Message>;", format!("get(&self,id:{any})->Result<Message>")),
    ] {
        assert_eq!(emitted(ATTRIBUTE, item), method, "{item}");
    }
}

#[test]
fn an_item_that_is_not_a_method_is_left_as_it_is() {
    for item in ["async", "async fn", "const LIST: &str;", "struct Messages;"] {
        let expanded = expanded(ATTRIBUTE, item, None).to_string();
        let item: TokenStream = item.parse().expect(item);
        assert!(expanded.starts_with(":: core :: compile_error"), "{expanded}");
        assert!(expanded.ends_with(&item.to_string()), "{expanded}");
    }
}

#[test]
fn a_crate_that_renames_courier_core_gets_one_message_and_keeps_its_method() {
    let expanded = expanded(ATTRIBUTE, METHOD, Some("post"));
    let text = expanded.to_string();
    assert!(text.contains("courier-core is called `post` in this crate"), "{text}");
    assert!(text.contains(crate::rules::RENAMED), "{text}");
    assert_eq!(text.matches("compile_error").count(), 1, "{text}");
    assert_eq!(methods(expanded.clone()).len(), 2, "the method and its declaration: {text}");
    assert_eq!(signature(expanded), "get(&self,id:&str)->::post::Call<'_,Result<Message>>");
}

#[test]
fn the_path_in_the_attribute_needs_no_other_name() {
    let attribute = format!("{ATTRIBUTE}, crate = \"post\"");
    let text = expanded(&attribute, METHOD, Some("post")).to_string();
    assert!(!text.contains("compile_error") && text.contains("-> post :: Call"), "{text}");
}
