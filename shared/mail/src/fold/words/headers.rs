//! Labels of the header lines mail clients put above a quoted or forwarded mail.

/// Who sent it.
#[rustfmt::skip]
pub(in crate::fold) const FROM: &[&str] = &[
    "from", "von", "absender", "de", "expéditeur", "remitente", "remetente", "da", "mittente", "van",
    "afzender", "fra", "avsender", "afsender", "från", "avsändare", "lähettäjä", "saatja", "kellelt", "no",
    "nuo", "od", "nadawca", "odesílatel", "odosielateľ", "šalje", "pošiljatelj", "šalje od", "feladó",
    "de la", "expeditor", "от", "от кого", "отправитель", "від", "від кого", "відправник", "ад", "подател",
    "από", "αποστολέας", "kimden", "gönderen", "מאת", "من", "از", "từ", "dari", "daripada", "จาก", "发件人",
    "寄件人", "寄件者", "發件人", "差出人", "送信元", "送信者", "보낸 사람", "보낸사람", "발신", "frá", "nga",
    "frå", "kas", "nork", "dende", "од", "шаље", "пошиљалац", "кімнен", "ვინ", "ვისგან", "ումից",
    "oddi wrth", "ó", "a-berzh", "fan", "wot", "wót", "مِن", "المرسل", "فرستنده", "प्रेषक", "से", "থেকে",
    "அனுப்புநர்", "പ്രേഷിതാവ്", "从", "從", "发信人", "發信人", "寄信人", "送信元アドレス", "보내는 사람", "보낸이", "발신자",
    "pengirim", "người gửi", "gönderici", "ผู้ส่ง", "השולח",
];

/// When it was sent, in words that mails alone have.
#[rustfmt::skip]
pub(in crate::fold) const SENT: &[&str] = &[
    "sent", "sent at", "sent on", "date sent", "gesendet", "gesendet am", "envoyé",
    "envoyé le", "envoye", "message du", "date d'envoi", "enviado", "enviado el", "enviado em",
    "enviada em", "enviada", "enviat", "inviato", "inviata", "data invio", "verzonden", "sendt",
    "sendt den", "skickat", "skickades", "lähetetty", "saadetud",
    "nosūtīts", "išsiųsta", "wysłano", "wysłane", "data wysłania", "odesláno",
    "odoslané", "poslano", "poslato", "elküldve", "küldve", "trimis", "trimis la", "trimisă",
    "отправлено", "надіслано", "відправлено", "изпратено", "адпраўлена", "στάλθηκε",
    "gönderildi", "gönderme tarihi", "gönderilme tarihi", "נשלח",
    "تاريخ الإرسال", "تم الإرسال", "đã gửi", "gửi", "dikirim", "terkirim", "ส่ง",
    "ส่งเมื่อ", "发送时间", "发送日期", "發送時間", "寄件日期", "传送时间", "送信日時", "送信日",
    "보낸 날짜", "보낸 시간",
    "saatmisaeg", "saatmise aeg", "bidaltze-data", "bidalia", "bidalita", "noiz bidalia", "dihantar",
    "ngày gửi", "đã gửi lúc", "ارسال شده", "ارسال", "تاریخ ارسال", "المُرسل", "أرسلت", "भेजा गया", "भेजा",
    "प्रेषित", "αποστολή", "εστάλη", "ημερομηνία αποστολής", "enviat el", "anfonwyd", "seolta", "dërguar",
    "dërguar më", "послато", "gönderilme", "inviato il", "inviata il", "ferstjoerd", "寄送日期", "传送日期", "傳送日期",
    "傳送時間", "发送于", "გაიგზავნა", "жіберілді", "ուղարկուած", "verzonden op", "lähetysaika",
    "elküldés ideje", "elküldés dátuma", "datum odeslání", "odeslané", "odoslaný", "data trimiterii",
    "дата отправки", "дата на изпращане", "sent date", "date d’envoi", "envoyé à", "fecha de envío",
    "data de envio", "data di invio", "보낸 일시", "보낸날짜", "보낸시간",
    "tarikh dihantar",
];

/// When it was sent, in words that forms and consignments have too.
#[rustfmt::skip]
pub(in crate::fold) const DATE: &[&str] = &[
    "date", "datum", "fecha", "data", "dato", "päiväys", "päivämäärä", "pvm", "kuupäev", "datums", "dátum",
    "дата", "ημερομηνία", "tarih", "תאריך", "تاريخ", "التاريخ", "ngày", "tanggal", "tarikh", "วันที่", "日期",
    "時間", "时间", "日付", "日時", "날짜", "dagsetning",
    "dată", "datë", "dáta", "dyddiad", "deiziad", "ceann-là", "датум", "күні", "თარიღი", "ամսաթիվ",
    "ամսաթիւ", "तारीख", "दिनांक", "তারিখ", "டேட்",
];

/// To whom it was sent.
#[rustfmt::skip]
pub(in crate::fold) const TO: &[&str] = &[
    "to", "an", "empfänger", "à", "a", "pour", "destinataire", "para", "destinatario", "destinatário", "per",
    "aan", "til", "modtager", "mottaker", "till", "mottagare", "vastaanottaja", "kenelle", "saaja",
    "adressaat", "kellele",
    "kam", "kam:", "adresātam", "kam adresēts", "kam skirta", "gavėjas", "do", "adresat", "komu", "pro",
    "prima", "za", "primatelj", "prejemnik", "címzett", "către", "catre", "pentru", "кому", "получатель",
    "одержувач", "до", "каму", "προς", "kime", "alıcı", "אל", "إلى", "به", "đến", "tới", "kepada", "untuk",
    "ถึง", "收件人", "收件者", "宛先", "送信先", "받는 사람", "받는사람", "수신", "per a", "za:",
    "pre", "uz", "nori", "да", "прима", "примаоц", "кімге", "ვის", "ում", "për", "chuig", "oan", "al",
    "kome", "primalac", "到", "प्रति", "को", "प्राप्तकर्ता", "প্রতি", "பெறுநர்", "സ്വീകർത്താവ്",
    "destinatari", "príjemca", "příjemce", "címzettek", "mottakere", "ontvanger", "prejemniki",
    "primatelji", "odbiorca", "адресат", "penerima", "người nhận", "الى", "받는이", "수신자",
    "收信人", "ผู้รับ",
];

/// What it is about.
#[rustfmt::skip]
pub(in crate::fold) const SUBJECT: &[&str] = &[
    "subject", "betreff", "objet", "sujet", "asunto", "assunto", "assumpte", "oggetto", "onderwerp", "emne",
    "ämne", "aihe", "teema", "temats", "tēma", "tema", "temat", "předmět", "predmet", "zadeva", "naslov",
    "tárgy", "subiect", "тема", "относно", "тэма", "θέμα", "konu", "נושא", "الموضوع", "موضوع", "chủ đề",
    "tiêu đề", "perihal", "subjek", "subyek", "เรื่อง", "หัวเรื่อง", "主题", "主題", "主旨", "件名", "제목", "efni",
    "gaia", "viðfangsefni", "rubrik", "ogg", "subjekt", "pwnc", "danvez", "ábhar", "cuspair", "underwerp",
    "тақырыбы", "тақырып", "თემა", "საგანი", "վերնագիր", "թեմա", "विषय", "বিষয়", "பொருள்", "വിഷയം",
    "наслов", "предмет", "asuntu", "temo", "mavzu", "หัวข้อ", "ชื่อเรื่อง", "perkara", "הנושא",
];

/// Lines that stand among the others and say nothing of their own.
#[rustfmt::skip]
pub(in crate::fold) const OTHER: &[&str] = &[
    "cc", "bcc", "reply-to", "reply to", "importance", "priority", "attachments", "attachment", "sender",
    "resent-from", "organization", "organisation", "message-id", "kopie", "kopie (cc)", "blindkopie",
    "antwort an", "wichtigkeit", "anlagen", "anhänge", "priorität", "copie à", "copie", "cci", "répondre à",
    "importance haute", "pièces jointes", "copia", "con copia", "cco", "responder a", "importancia",
    "datos adjuntos", "cópia", "em cópia", "com cópia", "prioridade", "importância", "anexos", "ccn",
    "priorità", "allegati", "rispondi a", "prioriteit", "bijlagen", "urgentie", "kopi", "kopia", "kopio",
    "cc:", "vedlegg", "vedhæftede filer", "bilagor", "liitteet", "koopia", "kopija", "dw", "do wiadomości",
    "udw", "kopie skrytá", "skrytá kopie", "kópia", "másolat", "titkos másolat", "копия", "копія", "копие",
    "скрытая копия", "важность", "вложения", "важливість", "κοιν.", "κοινοποίηση", "bilgi", "gizli", "ek",
    "עותק", "נסח", "نسخة", "نسخة إلى", "رونوشت", "sao chép", "tembusan", "สำเนา", "抄送", "副本", "密送", "コピー",
    "写し", "참조", "숨은 참조", "첨부", "重要性", "附件", "添付ファイル", "優先度",
    "másolatot kap", "titkos másolatot kap", "afrit", "a/c", "kp", "skp", "коп", "κοιν", "κρυφή κοιν.",
    "kopi til (cc)", "kopi til", "са", "сса", "көшірме", "ასლი", "प्रतिलिपि", "sk", "s.k.", "رونوشت به",
    "نسخة كربونية", "สำเนาถึง", "svar til", "svar-til", "vastausosoite", "válaszcím", "válasz",
    "răspuns către", "răspunde", "odpowiedź-do", "odpowiedz do", "adresa pro odpověď", "odpovědět",
    "odpovedať na", "odgovori za", "odgovori na", "atbildēt uz", "atgalinis adresas", "vastamise aadress",
    "отвечать", "ответить", "відповісти", "απάντηση", "απάντηση σε", "antwoord-naar", "antwoorden aan",
    "responder-para", "rispondi-a", "respon a", "répondre", "reply-to address", "返信先", "답장", "回复地址", "回覆地址",
    "organizace", "organizácia", "organizacja", "firma/organizacja", "szervezet", "organizație",
    "организация", "організація", "οργανισμός", "kurum", "järjestö", "organisatie", "organisasjon",
    "organización", "organização", "organizzazione", "组织", "prílohy", "přílohy", "załączniki",
    "mellékletek", "atașamente", "bijlage", "lampiran", "ekler", "συνημμένα", "вкладення",
    "прикачени файлове", "prioritás", "priorita", "ważność", "důležitost", "dôležitosť", "fontosság",
    "importanță", "σπουδαιότητα", "önem",
];

/// Labels above the text that a visitor typed into a form. A block followed by one is a form's, not a mail's.
#[rustfmt::skip]
pub(in crate::fold) const BODY_LABELS: &[&str] = &[
    "message", "message body", "comment", "comments", "question", "your message", "description", "nachricht",
    "ihre nachricht", "kommentar", "frage", "mensaje", "comentarios", "comentario", "mensagem", "messaggio",
    "bericht", "opmerking", "meddelelse", "meddelande", "melding", "viesti", "wiadomość", "treść wiadomości",
    "zpráva", "správa", "üzenet", "mesaj", "сообщение", "повідомлення", "съобщение", "μήνυμα", "tin nhắn",
    "pesan", "留言", "内容", "メッセージ", "お問い合わせ内容", "메시지", "내용",
];
