//! Which places of an event hold somebody's words. All else is the desk's vocabulary: ids, times, tags, the names of rules,
//! fields and groups, sentences that the desk makes of these alone.

use crate::record::words::{Word, absent, blank};

/// Each kind of event with its words. One that is missing here is found by a test.
const KINDS: &[(&str, &[Word])] = &[
    (
        "TicketCreated",
        &[
            blank(&["subject"]),
            absent(&["external_id"]),
            blank(&["reply_via", "url"]),
        ],
    ),
    (
        "CommentAdded",
        &[
            // A plain digest of a short text can be guessed.
            blank(&["body", "digest"]),
            absent(&["written_by", "subject"]),
            blank(&["written_by", "snippet"]),
        ],
    ),
    ("Triaged", &[blank(&["decision"])]),
    ("Assigned", &[blank(&["decision"])]),
    ("AssignmentDeferred", &[absent(&["decision"])]),
    ("SkillsRequired", &[]),
    ("HandedBack", &[]),
    ("Escalated", &[blank(&["reason"])]),
    ("StatusChanged", &[]),
    ("AssigneeChanged", &[]),
    ("GroupChanged", &[]),
    ("PriorityChanged", &[]),
    ("TypeChanged", &[]),
    ("ReplyViaChanged", &[blank(&["to", "url"])]),
    ("SubjectChanged", &[blank(&["from"]), blank(&["to"])]),
    ("ReopenHeldBack", &[]),
    ("CcsChanged", &[]),
    ("TagsChanged", &[]),
    ("FieldsChanged", &[blank(&["changed", "*"])]),
    ("FormChanged", &[]),
    ("CustomStatusChanged", &[]),
    ("DueChanged", &[]),
    ("SlaPolicySet", &[]),
    (
        "RuleRan",
        &[absent(&["read"]), absent(&["left_undone"]), absent(&["calls"])],
    ),
    ("RuleStopped", &[]),
    (
        "AgentsNotified",
        &[absent(&["subject"]), blank(&["body", "digest"])],
    ),
    ("AutomationsPlanned", &[]),
    ("SlaPolicyApplied", &[]),
    ("SlaWarned", &[]),
    ("SlaBreached", &[]),
    ("SlaEscalated", &[]),
    ("SlaBreachVoided", &[blank(&["reason"])]),
    ("SlaFulfilled", &[]),
    ("Snoozed", &[]),
    ("SnoozeEnded", &[]),
    ("CustomerReminded", &[]),
    ("SolutionConfirmed", &[]),
    ("SatisfactionRated", &[absent(&["comment"])]),
    ("Skipped", &[absent(&["reason"])]),
    ("DeliveryReported", &[blank(&["detail"])]),
    ("Deleted", &[]),
    ("Restored", &[]),
    ("PermanentlyDeleted", &[]),
    ("CommentRedacted", &[absent(&["subject"])]),
    ("CommentMadePrivate", &[]),
    ("RequesterMerged", &[]),
    ("PersonForgotten", &[]),
    ("Erased", &[]),
    ("Merged", &[]),
    ("MergedIn", &[]),
    ("MergeUndone", &[]),
    ("MergedInUndone", &[]),
    ("SplitOff", &[]),
    ("SplitFrom", &[]),
    ("ProblemChanged", &[]),
    ("IncidentsQueued", &[]),
    ("IncidentsSolved", &[]),
    ("FollowersChanged", &[]),
    ("Imported", &[]),
    ("ExternalIdChanged", &[absent(&["from"]), absent(&["to"])]),
];

/// Words that stand on the head, too: it is what its events add up to, so they stay as long as the ticket does.
const ON_HEAD: &[Word] = &[
    blank(&["subject"]),
    absent(&["external_id"]),
    blank(&["reply_via", "url"]),
    blank(&["to", "url"]),
    blank(&["from"]),
    blank(&["to"]),
    blank(&["changed", "*"]),
];

/// Whether the words at a place of an event may stand on the head, too.
pub fn stands_on_head(place: &str) -> bool {
    ON_HEAD.iter().any(|word| word.is_at(place))
}

/// The places with words in an event of this kind; nothing for a kind that is not known.
pub(super) fn words_of(kind: &str) -> Option<&'static [Word]> {
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    known.map(|(_, words)| *words)
}
