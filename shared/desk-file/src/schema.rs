//! The JSON Schema of the file, for editors.

use crate::sections::DeskFile;
use schemars::generate::SchemaSettings;

/// The schema (draft 2020-12), as a text that ends in a line break.
pub fn schema() -> String {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let schema = generator.into_root_schema_for::<DeskFile>();
    format!("{:#}\n", schema.to_value())
}
