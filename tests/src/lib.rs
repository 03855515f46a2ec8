//! What the tests of the whole repository share: reading `infra/template.yaml`, the house rules that it keeps,
//! what it wires and permits, and the map of the workspace.

pub mod permissions;
pub mod rules;
pub mod template;
pub mod wiring;
pub mod workspace_map;
