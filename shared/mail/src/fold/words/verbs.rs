//! Words of the lines that introduce a quote: "On … wrote:".

/// Ends of an introducing line, before its colon.
#[rustfmt::skip]
pub(in crate::fold) const VERBS: &[&str] = &[
    // English
    "wrote", "writes", "wrote the following",
    // German
    "schrieb", "schreibt", "geschrieben", "schrieb folgendes",
    // French
    "a écrit", "a ecrit", "écrit", "a e\u{301}crit",
    // Spanish, Galician, Catalan, Basque
    "escribió", "escribio", "escribe", "ha escrito", "escribiu", "va escriure", "ha escrit", "idatzi du",
    "idatzi zuen",
    // Portuguese
    "escreveu", "escreve",
    // Italian
    "ha scritto", "scrive", "ha scritto quanto segue", "scriveva",
    // Dutch, Afrikaans
    "schreef", "geschreven", "het volgende geschreven", "schreef het volgende", "het geskryf",
    // Danish, Norwegian, Swedish, Icelandic
    "skrev", "skrev følgende", "skrev följande", "skrifaði", "skreiv",
    // Finnish, Estonian
    "kirjoitti", "kirjutas",
    // Latvian, Lithuanian
    "rakstīja", "rašė", "parašė",
    // Polish
    "napisał", "napisała", "napisał(a)", "napisał/a", "pisze",
    // Czech, Slovak
    "napsal", "napsala", "napsal(a)", "napsal/a", "napísal", "napísala", "napísal(a)", "píše",
    // Slovene, Croatian, Bosnian, Serbian, Macedonian
    "napisal", "napisal/a", "napisao", "napisala", "napisao/la", "napisao je", "je napisao/la", "piše",
    "написао", "написао/ла", "напиша",
    // Hungarian
    "írta", "ezt írta", "írt", "írja",
    // Romanian
    "a scris", "scrie",
    // Bulgarian, Russian, Ukrainian, Belarusian
    "написа", "пишет", "написал", "написала", "написал(а)", "писал", "писал(а)", "написал:а", "пише",
    "написав", "написав(ла)", "написав(-ла)", "писав", "піша", "напісаў",
    // Greek
    "έγραψε", "γράφει", "έγραψε τα εξής",
    // Turkish
    "yazdı", "şunu yazdı", "şunları yazdı",
    // Hebrew, Arabic, Persian
    "כתב", "כתבה", "כתב/ה", "כתב\u{200f}/ה", "كتب", "كتبت", "كتب/كتبت", "نوشت",
    // Vietnamese, Indonesian, Malay, Thai, Hindi
    "đã viết", "viết", "menulis", "เขียนว่า", "เขียน", "ने लिखा",
    // Chinese
    "写道", "寫道", "写到",
    // Japanese
    "書きました", "のメール", "のメッセージ", "wrote",
    // Korean
    "작성", "님이 작성", "썼습니다", "님의 말",
    // Albanian, Welsh, Irish
    "shkroi", "ysgrifennodd", "scríobh",
    "yazıb", "yazmış", "schreift", "نوشته است", "жазған", "жазды", "წერს", "დაწერა",
    "գրել է", "գրեց", "쓴 글", "쓴 내용", "이 씀", "작성함", "님이 쓴", "쓴 메일", "に書きました", "さんは書きました", "より", "寫到", "写于", "寫於",
    "sporoča", "je napisal", "je napisala", "napisal(a)", "je napisal(a)", "napisal je", "napisa",
    "je napisao", "je napisao(la)", "napisao(la)", "је написао/ла", "је написао", "написао је",
    "igorleak idatzi zuen", "skribis", "ha scrittu", "hà scrittu", "ha scribite", "ha scrit",
    "eo bet skrivet", "skrivet eo bet", "sgrìobh", "skreau", "skrivaði", "folgendes geschrieben",
    "hat geschrieben", "yozgan", "yozdi", "membalas", "escribeu", "लिखा", "ने लिहीले", "எழுதியது", "എഴുതി",
    "تمت كتابة ما يلي بواسطة", "كتب ما يلي", "а написав", "написа(ла)", "писав(ла)", "napsal (a)",
    "napísal (a)",
];

/// Words that only stand before the name or the date, with the verb at the end or not at all: "Op … heeft … geschreven:",
/// "Missatge de …", "Wiadomość napisana przez …", "נכתב על ידי …".
#[rustfmt::skip]
pub(in crate::fold) const INNER_VERBS: &[&str] = &[
    "heeft", "het", "hat", "вы писали", "ви писали", "missatge de", "napisana przez", "נכתב על ידי",
    "bet skrivet gant",
];

/// First words of an introducing line.
#[rustfmt::skip]
pub(in crate::fold) const OPENERS: &[&str] = &[
    // English, German
    "on", "at", "am", "in",
    // French, Spanish, Portuguese, Catalan
    "le", "el", "em", "a", "el dia", "às", "no", "na", "o",
    // Italian
    "il", "in data", "alle",
    // Dutch, Danish, Norwegian, Swedish, Icelandic
    "op", "den", "d.", "på", "þann", "kl.", "vid",
    // Polish, Czech, Slovak
    "dnia", "w", "dne", "dňa", "v", "ve",
    // Slovene, Croatian, Serbian, Romanian, Hungarian, Lithuanian, Latvian
    "dana", "dne", "u", "în", "pe", "la", "ekkor", "data",
    // Russian, Ukrainian, Bulgarian, Serbian
    "в", "во", "на", "у", "дана",
    // Greek, Turkish
    "στις", "την", "τη", "tarihinde",
    // Hebrew, Arabic
    "ב", "בתאריך", "في", "بتاريخ", "در",
    // Vietnamese, Indonesian, Thai
    "vào", "pada", "lúc", "เมื่อ",
    // Chinese, Japanese, Korean
    "在", "于", "於",
    "ar", "ar an", "më", "di", "je", "tann", "az", "datumā", "kuupäeval", "dne", "dana", "در تاریخ", "على",
    "ในวันที่", "ใน",
    "vào lúc", "vào ngày", "за", "تم", "ب", "ב-", "la data de", "pada tanggal", "wiadomość napisana przez",
    "missatge de", "en", "no dia", "nel", "w dniu", "dna", "дня",
];

/// Subjects of a sentence about the writer's own words, which introduces no earlier mail.
#[rustfmt::skip]
pub(in crate::fold) const FIRST_PERSONS: &[&str] = &[
    "i", "we", "ich", "wir", "jeg", "vi", "jag", "ik", "wij", "we've", "i've", "minä", "yo", "eu", "io", "я",
    "мы",
];

/// Whole beginnings of an introduction that has no verb: Horde's.
#[rustfmt::skip]
pub(in crate::fold) const QUOTING: &[&str] = &[
    "quoting", "zitat von", "zitiere", "citando a", "citando", "selon", "citeren", "citerar", "citerer",
    "lainaus",
    "cytowanie", "cytat", "citace", "citácia", "idézem", "citez", "цитирую", "цитирование", "цитую",
];
