//! Words that stand in names and are none. In lower case, without dots; where a word is a first name too, it is not here.

/// Titles before a name.
pub(super) const TITLES: &str =
    "dr prof professor dipl dipl-ing dipl-kfm ing univ-prof rev sir dame lord lady dott dra capt sgt";
/// What follows a title and belongs to it.
pub(super) const OF_A_TITLE: &str = "med rer nat phil jur habil hc ing oec pol";
/// Forms of address before a name.
pub(super) const ADDRESSES: &str = "frau herr herrn fr hr mr mrs ms miss mx mister monsieur madame mademoiselle mme mlle señor señora \
    sr sra srta signor signora dhr mevr fru pani";
/// What stands behind a name.
pub(super) const SUFFIXES: &str = "jr sr ii iii iv phd md mba msc bsc llm llb esq cpa rn dds cfa";
/// Words of companies.
pub(super) const COMPANIES: &str = "gmbh ag kg ohg gbr ug verein se inc incorporated llc llp ltd limited plc corp corporation co company \
    sa sarl sas srl spa bv nv ab as oy aps group holding university";
/// Words with which the name of an office ends, and often begins.
pub(super) const OFFICES: &str = "support team service services helpdesk department billing accounting accounts invoices marketing \
    newsletter notification notifications alerts vertrieb buchhaltung einkauf verwaltung sekretariat procurement purchasing noreply \
    no-reply";
/// Words with which the name of an office, of a machine or of nobody begins.
pub(super) const NOBODY: &str = "the info sales office contact kontakt help desk invoice hr it donotreply do-not-reply postmaster \
    mailer-daemon webmaster hostmaster admin administrator root system bot robot unknown unbekannt anonymous none null undefined \
    customer kunde guest gast user";
/// Words after which a company or a place stands.
pub(super) const BEFORE_A_COMPANY: &str = "via at from bei c/o | - – — / @ ·";

/// Whether a list has a word.
pub(super) fn is_among(list: &str, word: &str) -> bool {
    let letters = word.chars().filter(|c| *c != '.');
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    list.split_whitespace().any(|known| known == plain)
}
