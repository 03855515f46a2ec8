//! Lines that stand above a whole mail: "-----Original Message-----", "Begin forwarded message:".

/// Between dashes: an earlier mail follows.
#[rustfmt::skip]
pub(in crate::fold) const ORIGINAL: &[&str] = &[
    "original message", "original email", "original mail", "reply message", "replied message",
    "original appointment", "ursprüngliche nachricht", "urspr. nachricht", "original-nachricht",
    "originalnachricht", "ursprüngl. nachricht", "message d'origine", "message d’origine", "message original",
    "message initial", "courriel original", "mensaje original", "missatge original", "mensaxe orixinal",
    "mensagem original", "messaggio originale", "messaggio di origine", "oorspronkelijk bericht",
    "oorspronkelijke bericht", "origineel bericht", "oprindelig meddelelse", "original meddelelse",
    "opprinnelig melding", "originalmelding", "original melding", "ursprungligt meddelande",
    "originalmeddelande", "ursprungligt mejl", "alkuperäinen viesti", "alkup. viesti", "algne sõnum",
    "algne kiri", "sākotnējais ziņojums", "pradinis laiškas", "originalus laiškas", "wiadomość oryginalna",
    "oryginalna wiadomość", "wiadomość pierwotna", "původní zpráva", "původní e-mail", "pôvodná správa",
    "izvirno sporočilo", "izvorna poruka", "originalna poruka", "оригинална порука", "eredeti üzenet",
    "eredeti levél", "mesaj original", "mesajul original", "исходное сообщение", "оригинальное сообщение",
    "пересылаемое сообщение исходное", "вихідне повідомлення", "оригінальне повідомлення",
    "оригинално съобщение", "арыгінальнае паведамленне", "αρχικό μήνυμα", "orijinal mesaj", "özgün ileti",
    "orijinal ileti", "הודעה מקורית", "ההודעה המקורית", "الرسالة الأصلية", "رسالة أصلية", "پیام اصلی",
    "thư gốc", "tin nhắn gốc", "pesan asli", "mesej asal", "ข้อความต้นฉบับ", "ข้อความเดิม", "原始邮件", "原始郵件",
    "原邮件", "邮件原件", "元のメッセージ", "元のメール", "original message 元のメッセージ", "원본 메시지", "원본 메일", "upprunaleg skilaboð",
];

/// Between dashes, or alone with a colon: a forwarded mail follows.
#[rustfmt::skip]
pub(in crate::fold) const FORWARDED: &[&str] = &[
    "forwarded message", "forwarded by", "forwarded mail", "forwarded email", "fwd message",
    "weitergeleitete nachricht", "weitergeleitet von", "weitergeleitete mail", "message transféré",
    "message transmis", "message réexpédié", "message transfere", "courriel transféré", "mensaje reenviado",
    "missatge reenviat", "mensaxe reenviada", "mensagem encaminhada", "mensagem reencaminhada",
    "messaggio inoltrato", "inoltrato da", "doorgestuurd bericht", "doorgestuurde bericht",
    "videresendt meddelelse", "videresendt besked", "videresendt melding", "videresendt e-post",
    "vidarebefordrat meddelande", "vidarebefordrat mejl", "välitetty viesti", "edelleenlähetetty viesti",
    "edastatud kiri", "edastatud sõnum", "pārsūtīts ziņojums", "pārsūtītā ziņa", "persiųstas laiškas",
    "persiųsta žinutė", "wiadomość przesłana dalej", "przekazana wiadomość", "wiadomość przekazana",
    "treść przekazanej wiadomości", "przesłana wiadomość", "přeposlaná zpráva", "přeposílaná zpráva",
    "předaná zpráva", "preposlaná správa", "posredovano sporočilo", "proslijeđena poruka",
    "prosleđena poruka", "прослеђена порука", "továbbított üzenet", "továbbított levél",
    "mesaj redirecționat", "mesaj redirecţionat", "mesaj trimis mai departe", "mesaj redirectionat",
    "перенаправленное сообщение", "пересылаемое сообщение", "переадресованное сообщение",
    "пересланное сообщение", "перенаправлене повідомлення", "переслане повідомлення",
    "переадресоване повідомлення", "препратено съобщение", "препратено писмо", "προωθημένο μήνυμα",
    "διαβιβασθέν μήνυμα", "yönlendirilmiş mesaj", "iletilen mesaj", "iletilmiş mesaj", "yönlendirilen ileti",
    "iletilen ileti", "הודעה שהועברה", "הודעה מועברת", "رسالة تمت إعادة توجيهها", "رسالة معاد توجيهها",
    "الرسالة المعاد توجيهها", "پیام هدایت‌شده", "پیام بازارسال", "thư được chuyển tiếp",
    "tin nhắn được chuyển tiếp", "thư đã chuyển tiếp", "pesan terusan", "pesan yang diteruskan",
    "mesej dimajukan", "ข้อความที่ส่งต่อ", "转发的邮件", "转发邮件", "轉寄郵件", "轉寄的郵件", "转发邮件信息", "転送されたメッセージ",
    "転送メッセージ", "メッセージを転送", "転送されたメール", "전달된 메시지", "전달된 메일", "전달 메시지", "áframsend skilaboð",
];

/// Alone on a line with a colon: Apple Mail's and MailMate's way to say the same.
#[rustfmt::skip]
pub(in crate::fold) const FORWARD_OPENINGS: &[&str] = &[
    "begin forwarded message", "start of forwarded message", "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail", "début du message réexpédié", "début du message transféré",
    "inicio del mensaje reenviado", "inici del missatge reenviat", "início da mensagem reencaminhada",
    "início da mensagem encaminhada", "inizio messaggio inoltrato", "inizio del messaggio inoltrato",
    "begin doorgestuurd bericht", "begin van doorgestuurd bericht", "start på videresendt besked",
    "starten på videresendt melding", "start på videresendt melding", "videresendt e-mail",
    "vidarebefordrat mejl", "början på vidarebefordrat meddelande", "vidarebefordrat brev",
    "välitetty viesti alkaa", "edelleenlähetetty viesti alkaa", "början av vidarebefordrat mejl",
    "początek przekazywanej wiadomości", "początek przekazanej wiadomości", "začátek přeposílané zprávy",
    "začátek předávané zprávy", "začiatok preposlanej správy", "začetek posredovanega sporočila",
    "započni proslijeđenu poruku", "početak proslijeđene poruke", "továbbított levél kezdete",
    "a továbbított üzenet kezdete", "început mesaj redirecționat", "începutul mesajului redirecționat",
    "începe mesajul redirecționat", "начало переадресованного сообщения", "начало пересылаемого сообщения",
    "начало перенаправленного сообщения", "початок листа, що пересилається",
    "початок пересланого повідомлення", "начало на препратеното съобщение", "έναρξη προωθημένου μηνύματος",
    "αρχή προωθημένου μηνύματος", "iletilen e-postanın başlangıcı", "yönlendirilen iletinin başlangıcı",
    "iletinin başlangıcı", "ileti başlangıcı", "yönlendirilmiş iletinin başlangıcı", "תחילת ההודעה שהועברה", "התחלת ההודעה שהועברה", "بدء الرسالة المعاد توجيهها",
    "بداية الرسالة المعاد توجيهها", "bắt đầu thư được chuyển tiếp", "mulai pesan terusan",
    "mula mesej dimajukan", "เริ่มข้อความที่ส่งต่อ", "以下是转发的邮件", "下面是被转发的邮件", "以下是轉寄的郵件", "開始轉寄郵件", "開始轉寄訊息",
    "以下转发的邮件", "転送されたメッセージ", "転送メッセージ開始", "전달된 메시지 시작", "전달된 메시지", "上記のメッセージを転送",
];

/// Anywhere in a line: what a desk asks its correspondents to leave below their answer.
#[rustfmt::skip]
pub(in crate::fold) const REPLY_ABOVE: &[&str] = &[
    "reply above this line", "type your reply above this line", "write above this line",
    "reply above the line", "antworten sie oberhalb dieser linie", "antworten sie über dieser linie",
    "antworten sie oberhalb dieser zeile", "bitte oberhalb dieser linie antworten",
    "bitte geben sie ihre antwort oberhalb dieser zeile ein", "répondre au-dessus de cette ligne",
    "répondez au-dessus de cette ligne", "responda por encima de esta línea", "responda sobre esta línea",
    "responda acima desta linha", "escreva acima desta linha", "rispondi sopra questa linea",
    "rispondi sopra questa riga", "antwoord boven deze lijn", "antwoord boven deze regel",
    "svar over denne linje", "svara ovanför den här linjen", "svara ovanför denna rad",
    "vastaa tämän rivin yläpuolelle", "odpowiedz powyżej tej linii", "odpovězte nad tímto řádkem",
    "ответ выше этой строки", "ответьте выше этой линии", "bu satırın üzerine yanıt", "この行より上に返信", "请在此行上方回复",
    "請在此行上方回覆",
];
