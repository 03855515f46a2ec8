//! Which places of an event hold somebody's words. All else is the desk's vocabulary: ids, times, tags, the names of rules,
//! fields and groups, sentences that the desk makes of these alone.

/// A place with words.
pub(super) struct Word {
    /// The names that lead to it; `*` is each member.
    pub path: &'static [&'static str],
    /// What stands there once they are erased.
    pub gone: Gone,
}

/// What stands in place of words that are erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// A text without a letter.
    Blank,
    /// Nothing.
    Absent,
}

impl Word {
    pub fn is_at(&self, place: &str) -> bool {
        let mut names = place.split('/');
        let fits = |name: &&str| names.next().is_some_and(|found| *name == "*" || *name == found);
        self.path.iter().all(fits) && names.next().is_none()
    }
}

const fn blank(path: &'static [&'static str]) -> Word {
    let gone = Gone::Blank;
    Word { path, gone }
}

const fn absent(path: &'static [&'static str]) -> Word {
    let gone = Gone::Absent;
    Word { path, gone }
}

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
    ("SubjectChanged", &[blank(&["from"]), blank(&["to"])]),
    ("ReopenHeldBack", &[]),
    ("CcsChanged", &[]),
    ("TagsChanged", &[]),
    ("FieldsChanged", &[blank(&["changed", "*"])]),
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
    ("DeliveryReported", &[blank(&["detail"])]),
];

/// The places with words in an event of this kind; nothing for a kind that is not known.
pub(super) fn words_of(kind: &str) -> Option<&'static [Word]> {
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    known.map(|(_, words)| *words)
}
