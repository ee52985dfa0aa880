//! The name in a placeholder, and what was meant by something that is none.

/// Whether an argument can have this name; a raw one is `r#type` there and `type` here.
pub(super) fn is_name(name: &str) -> bool {
    let first = name.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    first && name.chars().all(is_of_a_name) && name != "self"
}

pub(super) fn is_of_a_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The placeholder that was meant by `*path`, `id: u64`, `int:id`, `r#type` or `message id`.
pub(super) fn remedy(written: &str) -> String {
    const TYPES: [&str; 8] = ["int", "str", "string", "float", "uuid", "path", "number", "any"];
    let several =
        written.starts_with('*') || written.ends_with('*') || written.ends_with("...") || written.starts_with("..");
    let bare = written.trim_matches(|character: char| "*. $:?".contains(character));
    let bare = bare.strip_prefix("r#").unwrap_or(bare);
    let name = match bare.split_once(':').map(|(first, second)| (first.trim(), second.trim())) {
        // Flask's converters stand before the name, a type behind it.
        Some((first, second)) if TYPES.contains(&first) && is_name(second) => second,
        Some((first, _)) => first,
        None => bare,
    };
    if let Some((_, field)) =
        name.rsplit_once('.').filter(|(value, field)| value.split('.').all(is_name) && is_name(field))
    {
        return format!("pass `{name}` as an argument of its own: `<{field}>`");
    }
    let name = name.replace([' ', '-'], "_");
    match (is_name(&name), several) {
        (true, false) => format!("write `<{name}>`"),
        (true, true) => format!("write `<{name}..>`"),
        (false, _) => "write the name of an argument, as in `<message_id>`".to_owned(),
    }
}
