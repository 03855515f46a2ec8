//! Lines that devices, clients and lists add below a text.

/// First words of a line that can hardly be the writer's own.
#[rustfmt::skip]
pub(in crate::fold) const DEVICE_OPENINGS: &[&str] = &[
    // English
    "sent from my", "sent from mobile", "sent from phone", "sent from iphone", "sent from ipad",
    "sent from android", "sent from outlook", "sent from mail", "sent from [mail]", "sent from yahoo",
    "sent from aol", "sent from windows", "sent from samsung", "sent from proton", "sent from gmail",
    "sent from galaxy", "sent from blackberry", "sent from postbox", "sent from nine", "sent from bluemail",
    "sent from type", "sent from huawei", "sent from spark", "sent from xfinity", "sent from canary",
    "sent from email.", "sent from workspace", "sent from polymail", "sent via mobile", "sent via iphone",
    "sent via android", "sent via blackberry", "sent via samsung", "sent via the samsung", "sent via my",
    "sent via superhuman", "sent with airmail", "sent with protonmail", "sent with proton mail",
    "sent with unibox", "sent with spark", "sent with shift", "sent with tutanota", "sent with mailtrack",
    "sent with aqua mail", "sent using outlook", "sent using zoho", "sent using the", "sent by galaxy",
    "sent by my", "sent by outlook", "sent with genius scan", "secured with tutanota", "from my iphone",
    "from my ipad", "from my android", "from my mobile", "via mobile", "get outlook for", "get [outlook for",
    "download outlook for", "get bluemail for", "typed on my", "written on my phone", "envoyé by mail",
    // German
    "von meinem iphone", "von meinem ipad", "von meinem mobil", "von meinem handy", "von meinem smartphone",
    "von meinem android", "von meinem samsung", "gesendet von", "gesendet mit", "gesendet aus",
    "gesendet über", "gesendet via", "diese nachricht wurde von meinem", "holen sie sich outlook",
    "outlook für", "von unterwegs gesendet", "diese e-mail wurde von meinem",
    // French
    "envoyé de mon", "envoyé depuis", "envoyé à partir", "envoyé avec", "envoyé par mobile", "envoyé via",
    "télécharger outlook", "obtenez outlook", "obtenir outlook", "provenance : courrier", "envoye de mon",
    "envoye depuis",
    // Spanish, Catalan, Portuguese, Italian
    "enviado desde", "enviado con", "obtener outlook", "descargar outlook", "enviat des", "enviado do",
    "enviado de meu", "enviado a partir", "enviado pelo", "enviado via", "enviado com", "obter o outlook",
    "obter outlook", "baixe o outlook", "inviato da", "inviato dal", "inviato con", "ottieni outlook",
    "scarica outlook",
    // Dutch
    "verzonden vanaf", "verzonden met", "verzonden van", "verstuurd vanaf", "verstuurd met", "verstuurd van",
    "outlook voor", "download outlook voor",
    // Danish, Norwegian, Swedish, Icelandic
    "sendt fra", "sendt via", "sendt med", "hent outlook", "skaff deg outlook", "skickat från", "skickat med",
    "skickat via", "hämta outlook", "sent úr", "sent frá",
    // Finnish, Estonian, Latvian, Lithuanian
    "lähetetty iphone", "lähetetty ipad", "lähetetty android", "lähetetty puhelim", "lähetetty minun",
    "lähetetty samsung", "lähetetty outlook", "hanki outlook", "saadetud minu", "nosūtīts no", "išsiųsta iš",
    // Polish, Czech, Slovak
    "wysłane z", "wysłano z", "wiadomość wysłana z", "pobierz outlook", "pobierz aplikację outlook",
    "odesláno z", "odesláno ze", "posláno z", "získat outlook", "stáhnout outlook", "odoslané z",
    "odoslané zo", "získajte outlook",
    // Slovene, Croatian, Serbian, Hungarian, Romanian
    "poslano z", "poslano iz", "poslano s", "poslato sa", "preuzmi outlook", "послато са", "küldve a",
    "elküldve a", "az iphone-omról", "iphone-omról", "outlook beszerzése", "trimis de pe",
    "trimis de la iphone", "trimis din", "obțineți outlook",
    // Russian, Ukrainian, Bulgarian
    "отправлено с", "отправлено из", "отправлено через", "послано с", "скачать outlook", "загрузить outlook",
    "надіслано з", "надіслано із", "відправлено з", "завантажити outlook", "изпратено от", "изпратено с",
    // Greek, Turkish
    "στάλθηκε από", "εστάλη από", "λήψη του outlook", "iphone'umdan", "ipad'imden", "android'imden",
    // Vietnamese, Indonesian, Malay, Thai
    "gửi từ", "đã gửi từ", "được gửi từ", "dikirim dari", "terkirim dari", "dihantar dari", "ส่งจาก",
    // Hebrew, Arabic, Persian
    "נשלח מה", "נשלח מ", "أرسلت من", "مرسل من", "تم الإرسال من", "تم إرساله من", "ارسال شده از",
    "فرستاده شده از",
    // Chinese, Japanese, Korean
    "发自", "發自", "从我的", "從我的", "寄自", "由我的", "來自我的", "来自我的", "获取 outlook", "取得 outlook", "iphoneから送信",
    "ipadから送信", "androidから送信", "スマートフォンから送信", "私のiphone", "나의 iphone", "나의 ipad", "내 iphone", "나의 갤럭시",
];

/// Last words of such a line, where the device comes first.
#[rustfmt::skip]
pub(in crate::fold) const DEVICE_CLOSINGS: &[&str] = &[
    "mobilgerät gesendet", "iphone gesendet", "ipad gesendet", "handy gesendet", "smartphone gesendet",
    "k-9 mail gesendet", "samsung gesendet", "gönderildi", "から送信", "傳送", "传送", "发送的", "에서 보냄", "에서 보냈습니다",
    "에서 발송", "küldve", "wysłana z iphone", "lähetetty iphonesta", "lähetetty ipadista", "via mobile",
];

/// First words of a line that is a device's when it stands alone as the last paragraph.
#[rustfmt::skip]
pub(in crate::fold) const WEAK_OPENINGS: &[&str] = &[
    "sent from a", "sent from an", "sent from the", "sent via", "sent with", "sent by",
];

/// Words of the apologies that people add to such lines; more of them are links and trade marks.
#[rustfmt::skip]
pub(in crate::fold) const EXCUSES: &[&str] = &[
    "excuse", "sorry", "pardon", "forgive", "typo", "brevity", "autocorrect", "://", "aka.ms", "smartphone", "handy",
    "android", "iphone", "ipad", "samsung", "galaxy", "huawei", "k-9", "blackberry", "outlook",
];

/// Words of the footers that lists and notification services add.
#[rustfmt::skip]
pub(in crate::fold) const LIST_WORDS: &[&str] = &[
    "mailing list", "listinfo", "unsubscribe", "-users@", "mailman", "list-help", "groups.google",
    "you received this", "you are receiving this", "abmelden", "désabonner", "se désinscrire",
    "darse de baja", "cancelar a inscrição", "uitschrijven", "отписаться",
];

/// Labels of the lines of a visiting card. Others ("order:", "name:") are what a form asks for.
#[rustfmt::skip]
pub(in crate::fold) const CONTACT_LABELS: &[&str] = &[
    "t", "f", "m", "e", "p", "w", "tel", "tel.", "phone", "telefon", "téléphone", "teléfono", "telefone",
    "telefono", "telefoon", "puh", "puh.", "tlf", "tlf.", "тел", "тел.", "mobile", "mobil", "mob", "mob.",
    "handy", "gsm", "cell", "móvil", "fax", "e-mail", "email", "mail", "web", "website", "www", "skype",
    "internet", "http", "https", "direct", "office", "twitter", "linkedin", "facebook", "whatsapp", "blog",
    "电话", "電話", "手机", "전화",
];
