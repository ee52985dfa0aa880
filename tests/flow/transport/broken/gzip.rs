//! Compressed bodies that are not what they say.
