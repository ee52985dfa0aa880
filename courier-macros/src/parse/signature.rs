//! `async fn cancel(&self, message_id: &str) -> Result<Cancellation>;`

mod kind;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::{FnArg, Item, Pat, PatType, Receiver, ReceiverKind, ReturnType, Safety, TraitItemFn, Type};

pub(crate) use self::kind::{Kind, header_name, is_kind};
use crate::diagnostics::{Diagnostics, Message, written};

/// A method that an endpoint can be. What it lacks has been told, and is `None`.
pub(crate) struct Method {
    /// As it was written.
    pub(crate) item: TraitItemFn,
    pub(crate) arguments: Vec<Argument>,
    /// Where an argument could not be read: a placeholder may have been meant for it.
    pub(crate) unread_argument: bool,
    pub(crate) output: Option<Type>,
    /// Whether it is no `async fn`.
    pub(crate) blocking: bool,
}

/// `message_id: &str`
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    /// How it is sent, where an attribute of its own says so.
    pub(crate) kind: Option<Kind>,
}

impl Argument {
    /// The name as a template writes it, without `r#`.
    pub(crate) fn plain_name(&self) -> String {
        self.name.unraw().to_string()
    }
}

/// Reads the item under the attribute; `None`, and told, if it is no method.
pub(crate) fn method(item: TokenStream, diagnostics: &mut Diagnostics) -> Option<Method> {
    match syn::parse2::<TraitItemFn>(item.clone()) {
        Ok(item) if item.default.is_some() => {
            misplaced_function(&item, diagnostics);
            None
        }
        Ok(item) => Some(signature(item, diagnostics)),
        Err(error) => {
            misplaced(item, &error, diagnostics);
            None
        }
    }
}

const PLACE: &str = "`#[endpoint]` stands on a method of a trait, which ends with `;` and has no body";

fn misplaced_function(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    let name = &item.sig.ident;
    let message = if item.sig.receiver().is_some() {
        Message::new(
            format!("the method `{name}` has a body"),
            PLACE,
            "in a trait, put `;` in place of the body, which the attribute writes; an `impl` block can't declare endpoints",
        )
    } else {
        Message::new(
            format!("`{name}` is a function, not a method of a trait"),
            PLACE,
            format!("declare it in a trait: `trait Api: Transport {{ async fn {name}(&self, …) -> Result<…>; }}`"),
        )
    };
    diagnostics.on(name, &message);
}

/// The attribute on something that is no function.
fn misplaced(item: TokenStream, error: &syn::Error, diagnostics: &mut Diagnostics) {
    let (kind, place) = match syn::parse2::<Item>(item) {
        Ok(Item::Trait(item)) => ("trait", item.ident.to_token_stream()),
        Ok(Item::Struct(item)) => ("struct", item.ident.to_token_stream()),
        Ok(Item::Enum(item)) => ("enum", item.ident.to_token_stream()),
        Ok(Item::Impl(item)) => ("`impl` block", item.self_ty.to_token_stream()),
        Ok(Item::Mod(item)) => ("module", item.ident.to_token_stream()),
        Ok(other) => ("thing that is no method", other.into_token_stream()),
        // A method that is half typed: the parser's own words say best what is missing.
        Err(_) => return diagnostics.note(error.span(), &error.to_string()),
    };
    let remedy = match kind {
        "trait" => "put it on each of the trait's methods; the trait itself needs no attribute",
        _ => "declare the call in a trait: `trait Api: Transport { … }`",
    };
    diagnostics.on(place, &Message::new(format!("the attribute stands on a {kind}"), PLACE, remedy));
}

fn signature(item: TraitItemFn, diagnostics: &mut Diagnostics) -> Method {
    qualifiers(&item, diagnostics);
    receiver(&item, diagnostics);
    let typed = item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    });
    let arguments: Vec<_> = typed.map(|typed| argument(typed, diagnostics)).collect();
    let unread_argument = arguments.iter().any(Option::is_none);
    let arguments = arguments.into_iter().flatten().collect();
    let output = output(&item, diagnostics);
    let blocking = item.sig.asyncness.is_none();
    Method { item, arguments, unread_argument, output, blocking }
}

fn qualifiers(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    const RULE: &str = "an endpoint's method is a plain `async fn`, or a plain `fn` that blocks";
    let signature = &item.sig;
    let unsafety = match &signature.safety {
        Safety::Unsafe(token) => Some(token.to_token_stream()),
        Safety::Safe(token) => Some(token.to_token_stream()),
        Safety::Default => None,
    };
    let constness = signature.constness.as_ref().map(ToTokens::to_token_stream);
    let abi = signature.abi.as_ref().map(ToTokens::to_token_stream);
    for qualifier in [constness, unsafety, abi].into_iter().flatten() {
        let message = Message::new(format!("the method is `{qualifier}`"), RULE, format!("remove `{qualifier}`"));
        diagnostics.on(qualifier, &message);
    }
    if let Some(variadic) = &signature.variadic {
        diagnostics.on(variadic, &Message::new("the method is variadic", RULE, "name its arguments"));
    }
}

fn receiver(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    const RULE: &str = "an endpoint borrows its transport, so that several calls can be on their way at once";
    let name = &item.sig.ident;
    let (place, culprit) = match item.sig.receiver() {
        None => (name.to_token_stream(), format!("the method `{name}` has no `&self`")),
        Some(receiver) if is_shared(receiver) => return,
        Some(receiver) => (receiver.to_token_stream(), format!("the method `{name}` takes `{}`", written(receiver))),
    };
    diagnostics.on(place, &Message::new(culprit, RULE, "make `&self` its first argument"));
}

/// `&self`, `&'a self` or `self: &Self`
pub(crate) fn is_shared(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_none(),
        ReceiverKind::Typed(_, ty) => matches!(&**ty, Type::Reference(ty) if ty.mutability.is_none()),
        _ => false,
    }
}

fn argument(argument: &PatType, diagnostics: &mut Diagnostics) -> Option<Argument> {
    let kind = kind::kind(&argument.attrs, diagnostics);
    match &*argument.pat {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.mutability.is_none() && pattern.subpat.is_none() => {
            Some(Argument { name: pattern.ident.clone(), ty: (*argument.ty).clone(), kind: kind.ok()? })
        }
        pattern => {
            let message = Message::new(
                format!("`{}` is a pattern", written(pattern)),
                "a placeholder finds its argument by name",
                "give the argument a plain name",
            );
            diagnostics.on(pattern, &message);
            None
        }
    }
}

fn output(item: &TraitItemFn, diagnostics: &mut Diagnostics) -> Option<Type> {
    const RULE: &str = "an endpoint's method returns a `Result` with its outcome";
    let ReturnType::Type(_, ty) = &item.sig.output else {
        let name = &item.sig.ident;
        let message = Message::new(
            format!("the method `{name}` has no return type"),
            RULE,
            "write `-> Result<Message>` with the type of the answer's body, or `-> Result<()>` for none",
        );
        diagnostics.on(name, &message);
        return None;
    };
    let remedy = if matches!(&**ty, Type::ImplTrait(_)) {
        "name the type: `async fn … -> Result<Message>`; the call that the method returns is a future".to_owned()
    } else if is_surely_no_result(ty) {
        format!("a call can fail before there is an outcome: write `-> courier_core::Result<{}>`", written(ty))
    } else {
        return Some((**ty).clone());
    };
    let culprit = format!("the method returns `{}`, which is no `Result`", written(ty));
    diagnostics.on(ty, &Message::new(culprit, RULE, remedy));
    None
}

/// What can be told from the name alone. An alias of `Result` can have any other: there the compiler tells.
fn is_surely_no_result(ty: &Type) -> bool {
    const NAMES: [&str; 9] = ["Option", "Vec", "String", "bool", "i32", "i64", "u32", "u64", "f64"];
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| NAMES.iter().any(|name| last.ident == name)),
        Type::Group(_) | Type::Paren(_) | Type::Macro(_) | Type::Infer(_) | Type::Verbatim(_) => false,
        _ => true,
    }
}
