//! The desk: what one does with what is stored. Tickets are made and changed, people, groups and agents come and go, rules
//! are fetched and asked, dead letters looked at, a desk is set up.
//!
//! Everything is a method of [`Desk`], which stands on a store (`shared/store`) and names no SDK. What of the store stands
//! in the desk's own signatures is handed on from here.

pub mod agents;
mod beginning;
pub mod dead_letters;
mod desk;
pub mod files;
mod forgetting;
pub mod groups;
pub mod jobs;
mod lookups;
pub mod merging;
pub mod organization_merging;
pub mod parts;
pub mod people;
mod person_work;
pub mod rules;
pub mod seed;
pub mod setup;
mod sign_in;
pub mod tickets;
pub mod views;

pub use desk::Desk;
pub use docket_store::workspace;
pub use docket_store::{
    ChangedPage, Never, Nudge, Queue, Settings, StoreError,
    blob::{BlobError, ObjectLink, Upload, UploadedFile},
    configuration::BookVersion,
    jobs::{JobNudge, JobRows},
    keys::{ChangedClass, GuardKey},
    ledger::{Ledger, MOST_HOURS},
    mail::{HeldContact, HeldRows, IncidentPlace, Preview, Resolution},
    people::{
        MOST_GROUPS, MOST_MEMBERS, MembersNudge, MembershipRows, OrganizationMembership, PendingSignIn,
        PeopleRows, PersonTask, PersonWork, Session, SignInName, TakesPart,
    },
    ports::whole_milliseconds,
    projections::COUNTERS,
    queue::IncidentsNudge,
    secrets::Secret,
    settings::SignInSettings,
    table::{Answer, Committed, Guard, Lease, MOST_TRIES, MailSeen, Rows, ViewPage, Write},
    tickets::{
        Conversation, Decisions, DueCounts, KeptDecision, MOST_COUNTED, MOST_IDS, MOST_LINKED, MailIds,
        Original, Part, RatingPlace, SkipPlace, Stretch, TicketFile, TicketHistory, TicketLinks, TicketList,
        TicketPart, Verified,
    },
    workspace::{
        DraftKept, MOST_NOTIFICATIONS, Marks, MarksOf, NotificationState, Present, Telling, Watched,
    },
};
pub use forgetting::ForgetError;
pub use sign_in::{NotLetIn, SignInProof};
pub use tickets::{Attempt, Beside, Changed, Find, Found, Saved, Try, Want, Wish};
