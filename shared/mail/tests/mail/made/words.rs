//! What people write, by language: words of a reply, and words that are quoted.

pub struct Words {
    pub language: &'static str,
    pub reply: &'static [&'static str],
    pub quoted: &'static [&'static str],
}

const fn of(
    language: &'static str,
    reply: &'static [&'static str],
    quoted: &'static [&'static str],
) -> Words {
    Words {
        language,
        reply,
        quoted,
    }
}

/// The words of a language, English ones where there are none.
pub fn words(language: &str) -> &'static Words {
    let mut known = WORDS.iter();
    known
        .find(|words| words.language == language)
        .unwrap_or(&WORDS[0])
}

#[rustfmt::skip]
pub const WORDS: &[Words] = &[
    of("en", &["Thank you, that works for me.", "Could you send it on Monday at 10:30?", "I wrote to you on 3 November: no answer so far."],
        &["Hello,", "your order 4711 was sent on 28 November and should arrive on Monday, please tell us if it does not.", "Kind regards"]),
    of("de", &["Vielen Dank, das passt mir gut.", "Können Sie es am Montag um 10:30 Uhr schicken?", "Von Berlin aus: drei Paletten, bitte."],
        &["Guten Tag,", "Ihre Bestellung 4711 wurde am 28. November verschickt und müsste am Montag ankommen, sonst melden Sie sich bitte.", "Mit freundlichen Grüßen"]),
    of("fr", &["Merci, cela me convient.", "Pouvez-vous l'envoyer lundi à 10h30 ?", "De mon côté : rien à ajouter."],
        &["Bonjour,", "votre commande 4711 a été expédiée le 28 novembre et devrait arriver lundi, sinon merci de nous le signaler.", "Cordialement"]),
    of("es", &["Gracias, me viene bien.", "¿Pueden enviarlo el lunes a las 10:30?"], &["Hola:", "su pedido 4711 se envió el 28 de noviembre y debería llegar el lunes, avísenos si no es así.", "Saludos"]),
    of("pt", &["Obrigado, está bem assim.", "Podem enviar na segunda às 10:30?"], &["Olá,", "o seu pedido 4711 foi enviado em 28 de novembro e deve chegar na segunda-feira, avise-nos se não chegar.", "Cumprimentos"]),
    of("it", &["Grazie, per me va bene.", "Potete spedirlo lunedì alle 10:30?"], &["Buongiorno,", "il suo ordine 4711 è stato spedito il 28 novembre e dovrebbe arrivare lunedì, altrimenti ci avvisi.", "Cordiali saluti"]),
    of("nl", &["Dank u, dat is goed.", "Kunt u het maandag om 10:30 sturen?"], &["Goedendag,", "uw bestelling 4711 is op 28 november verzonden en zou maandag moeten aankomen, laat het ons weten als dat niet zo is.", "Met vriendelijke groet"]),
    of("da", &["Tak for hjælpen.", "Kan I sende den på mandag kl. 10.30?"], &["Hej", "din ordre 4711 blev sendt den 28. november og skulle komme på mandag, sig til hvis den ikke gør.", "Venlig hilsen"]),
    of("no", &["Takk for hjelpen.", "Kan dere sende den på mandag kl. 10:30?"], &["Hei", "ordren 4711 ble sendt 28. november og skal komme på mandag, si ifra hvis den ikke gjør det.", "Vennlig hilsen"]),
    of("sv", &["Tack för hjälpen.", "Kan ni skicka den på måndag kl. 10:30?"], &["Hej,", "din beställning 4711 skickades den 28 november och bör komma på måndag, hör av dig annars.", "Med vänlig hälsning"]),
    of("fi", &["Kiitos, tämä sopii.", "Voitteko lähettää sen maanantaina klo 10.30?"], &["Hei,", "tilauksenne 4711 lähetettiin 28. marraskuuta ja sen pitäisi saapua maanantaina, kertokaa jos niin ei käy.", "Terveisin"]),
    of("pl", &["Dziękuję, pasuje mi.", "Czy mogą Państwo wysłać w poniedziałek o 10:30?"], &["Dzień dobry,", "zamówienie 4711 wysłano 28 listopada i powinno dotrzeć w poniedziałek, w przeciwnym razie prosimy o wiadomość.", "Pozdrawiam"]),
    of("cs", &["Děkuji, vyhovuje mi to.", "Můžete to poslat v pondělí v 10:30?"], &["Dobrý den,", "vaše objednávka 4711 byla odeslána 28. listopadu a měla by dorazit v pondělí, jinak nám dejte vědět.", "S pozdravem"]),
    of("sk", &["Ďakujem, vyhovuje mi to.", "Môžete to poslať v pondelok o 10:30?"], &["Dobrý deň,", "vaša objednávka 4711 bola odoslaná 28. novembra a mala by prísť v pondelok, inak nám dajte vedieť.", "S pozdravom"]),
    of("hu", &["Köszönöm, így jó lesz.", "El tudják küldeni hétfőn 10:30-kor?"], &["Jó napot,", "a 4711-es rendelését november 28-án feladtuk, hétfőn meg kell érkeznie, ellenkező esetben kérjük, jelezze.", "Üdvözlettel"]),
    of("ro", &["Mulțumesc, este bine așa.", "Puteți să trimiteți luni la 10:30?"], &["Bună ziua,", "comanda 4711 a fost expediată pe 28 noiembrie și ar trebui să ajungă luni, altfel anunțați-ne.", "Cu stimă"]),
    of("ru", &["Спасибо, мне подходит.", "Можете отправить в понедельник в 10:30?"], &["Добрый день!", "Ваш заказ 4711 отправлен 28 ноября и должен прийти в понедельник, если нет, сообщите нам.", "С уважением"]),
    of("uk", &["Дякую, мені підходить.", "Можете надіслати в понеділок о 10:30?"], &["Добрий день!", "Ваше замовлення 4711 надіслано 28 листопада і має прийти в понеділок, якщо ні, повідомте нас.", "З повагою"]),
    of("bg", &["Благодаря, устройва ме.", "Можете ли да го изпратите в понеделник в 10:30?"], &["Добър ден,", "поръчката ви 4711 беше изпратена на 28 ноември и трябва да пристигне в понеделник.", "Поздрави"]),
    of("el", &["Ευχαριστώ, με βολεύει.", "Μπορείτε να το στείλετε τη Δευτέρα στις 10:30;"], &["Καλημέρα,", "η παραγγελία σας 4711 στάλθηκε στις 28 Νοεμβρίου και θα φτάσει τη Δευτέρα, αλλιώς ενημερώστε μας.", "Με εκτίμηση"]),
    of("tr", &["Teşekkürler, bana uyar.", "Pazartesi 10:30'da gönderebilir misiniz?"], &["Merhaba,", "4711 numaralı siparişiniz 28 Kasım'da gönderildi ve pazartesi günü ulaşmalı, ulaşmazsa bize bildirin.", "Saygılarımla"]),
    of("hr", &["Hvala, odgovara mi.", "Možete li poslati u ponedjeljak u 10:30?"], &["Dobar dan,", "vaša narudžba 4711 poslana je 28. studenoga i trebala bi stići u ponedjeljak, inače nam javite.", "Lijep pozdrav"]),
    of("ja", &["ありがとうございます。それで結構です。", "月曜日の10時30分に送っていただけますか。"], &["お世話になっております。", "ご注文4711は11月28日に発送しました。月曜日に届く予定です。", "よろしくお願いいたします。"]),
    of("ko", &["감사합니다. 그렇게 해 주세요.", "월요일 10시 30분에 보내 주실 수 있나요?"], &["안녕하세요.", "주문 4711은 11월 28일에 발송되었으며 월요일에 도착할 예정입니다.", "감사합니다."]),
    of("zh-CN", &["谢谢，这样可以。", "星期一十点半可以寄吗？"], &["您好，", "您的订单4711已于11月28日寄出，应在星期一到达。", "此致"]),
    of("zh-TW", &["謝謝，這樣可以。", "星期一十點半可以寄嗎？"], &["您好，", "您的訂單4711已於11月28日寄出，應在星期一到達。", "敬上"]),
    of("ar", &["شكرا، هذا مناسب لي.", "هل يمكنكم الإرسال يوم الاثنين؟"], &["مرحبا،", "تم شحن طلبك رقم 4711 وسيصل يوم الاثنين.", "مع التحية"]),
    of("he", &["תודה, זה מתאים לי.", "אפשר לשלוח ביום שני?"], &["שלום,", "ההזמנה 4711 נשלחה ותגיע ביום שני.", "בברכה"]),
    of("th", &["ขอบคุณครับ ตกลงตามนี้", "ส่งวันจันทร์ได้ไหม"], &["สวัสดีครับ", "คำสั่งซื้อ 4711 จัดส่งแล้ว จะถึงวันจันทร์", "ขอแสดงความนับถือ"]),
    of("vi", &["Cảm ơn, như vậy là được.", "Có thể gửi vào thứ Hai không?"], &["Xin chào,", "đơn hàng 4711 đã được gửi ngày 28 tháng 11 và sẽ đến vào thứ Hai.", "Trân trọng"]),
    of("id", &["Terima kasih, itu cocok.", "Bisakah dikirim hari Senin?"], &["Halo,", "pesanan 4711 sudah dikirim tanggal 28 November dan akan tiba hari Senin.", "Salam"]),
];
