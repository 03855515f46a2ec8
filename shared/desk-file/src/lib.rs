//! `docket.yaml`: the configuration of a desk as a file.
//!
//! A file has sections ([`DeskFile`]); one that is left out stays as it is on the desk. People write names: of calendars,
//! policies, templates, groups, agents. [`parse`] reads the file, and every mistake has its line, column and path. [`Written::book`] gives the
//! [`Book`](docket_domain::sla::Book) that the file makes of the one in force: what has kept its name keeps its id, and what
//! has not changed is left as it stands. [`file_of`] writes a book as a file, [`changes`] says how two books differ.
//!
//! Other sections get a module each in `sections` (how they are written), `to_book` and `of_book` (what they mean).
//!
//! This crate must not know the store, files or the network: names of the desk and imported files are handed in.

mod changes;
mod names;
mod of_book;
mod problem;
mod reader;
mod schema;
mod sections;
mod to_book;
mod tree;
mod values;
mod written;

pub use changes::{Change, ChangeKind, FieldChange, Section, changes, changes_of};
pub use names::DeskNames;
pub use of_book::{NoName, file_of, text_of};
pub use problem::{Place, Problem, Problems};
pub use schema::schema;
pub use sections::{
    ActionEntry, AgentEntry, AutomationEntry, ByPriority, CalendarEntry, ChannelEntry, ChannelKind, DateKey,
    DeskFile, EscalationEntry, FieldEntry, GroupEntry, HolidayEntry, HoursOf, MacroEntry, MailboxEntry,
    NotifyEntry, PausingStatus, PolicyEntry, PriorityName, PromiseEntry, RecipientEntry, RoleName,
    RuleActionEntry, RuleEntry, SinceName, StatusName, StrategyName, Targets, TemplateEntry, TextEntry,
    TimersEntry, TypeName, Within, WordsEntry,
};
pub use to_book::{BookFromFile, DeskAgent, DeskAgents, DeskGroups, Imports, Note};
pub use tree::{DEEPEST_NESTING, LARGEST_FILE_BYTES};
pub use values::{Days, Duration, Hours, Opening, Wait, WarnAt};
pub use written::{Written, parse};
