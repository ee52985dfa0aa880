//! After errors: a method that has the name, the arguments and the return type of the one that was written, so that one mistake
//! gives one message and an editor keeps its completion. What was reported is mended as the messages say.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{FnArg, GenericArgument, Pat, PathArguments, Safety, Signature, Type, parse_quote};

use crate::parse::{Method, is_endpoint, is_shared};
use crate::signature;
use crate::types::{mentions, output_of_future, owner, success};

/// `runtime` is `None` if the path of courier-core isn't known.
pub(crate) fn fallback(method: &Method, runtime: Option<&TokenStream>) -> TokenStream {
    let attributes = method.item.attrs.iter().filter(|attribute| !is_endpoint(attribute));
    let mut call = mended(method);
    let future = method.written_output().and_then(output_of_future);
    if let Some(runtime) = runtime {
        let unit = parse_quote!(#runtime::Result<()>);
        let output = future.cloned().or_else(|| mended_output(method)).unwrap_or(unit);
        if method.is_blocking() && future.is_none() {
            call.output = parse_quote!(-> #output);
        } else {
            signature::returns_a_call(&mut call, &output, runtime);
        }
    } else {
        call.asyncness = method.item.sig.asyncness;
    }
    let body = signature::body(method, quote!(::core::unimplemented!()));
    // A function without `&self` may be outside of a trait, and then it has no `Self`.
    let declaration = runtime.filter(|_| method.item.sig.receiver().is_some()).map(|runtime| {
        signature::of_declaration(method, &TokenStream::new(), &quote!(::core::unimplemented!()), runtime)
    });
    quote! {
        #(#attributes)*
        #[allow(async_fn_in_trait, unused_mut, unused_variables, clippy::unimplemented)]
        #call #body
        #declaration
    }
}

/// The signature without the mistakes that the compiler would report again, here or at each call.
fn mended(method: &Method) -> Signature {
    let mut signature = method.item.sig.clone();
    signature::strip(&mut signature);
    (signature.constness, signature.abi, signature.variadic) = (None, None, None);
    signature.safety = Safety::Default;
    if signature.receiver().is_none() {
        let this = quote_spanned!(signature.ident.span()=> &self);
        signature.inputs.insert(0, parse_quote!(#this));
    }
    let mut names = HashSet::new();
    for input in &mut signature.inputs {
        match input {
            FnArg::Receiver(receiver) if !is_shared(receiver) => {
                let this = receiver.self_token;
                *receiver = parse_quote!(&#this);
            }
            FnArg::Typed(argument) => match &*argument.pat {
                Pat::Ident(pattern) if !names.insert(pattern.ident.unraw()) => *argument.pat = parse_quote!(_),
                _ => {}
            },
            FnArg::Receiver(_) => {}
        }
    }
    signature
}

/// The return type, with an owned success type, unless it has a type without a name.
fn mended_output(method: &Method) -> Option<Type> {
    let mut output = method.written_output().filter(|output| !mentions(output, &["impl"]))?.clone();
    let owner = success(&output).and_then(owner);
    if let (Some(owner), Type::Path(path)) = (owner, &mut output) {
        let result = path.path.segments.last_mut().map(|result| &mut result.arguments);
        if let Some(PathArguments::AngleBracketed(arguments)) = result {
            let success = arguments.args.iter_mut().find(|argument| matches!(argument, GenericArgument::Type(_)));
            if let Some(success) = success {
                *success = GenericArgument::Type(owner);
            }
        }
    }
    Some(output)
}
