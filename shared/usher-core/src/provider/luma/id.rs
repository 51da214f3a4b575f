//! The id of any of Luma's objects.

use crate::provider::fields::Field;

/// Returns the id of an object. `api_id` is its older name.
pub fn id(object: Field<'_, '_>) -> Option<String> {
    object.first(&["id", "api_id"], Field::id)
}
