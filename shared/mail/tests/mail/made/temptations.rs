//! Words of a writer that look like those of a mail program, and are none: nothing of them may be hidden.

/// Each is a paragraph of its own.
#[rustfmt::skip]
pub const TEMPTATIONS: &[&str] = &[
    // Appointments and what was said in them.
    "We meet on 30.11.2026 at 09:05 with ann@x.example:\nthe new printer\nthe old one",
    "Please call on Monday, 30.11.2026, 10:30:\nthe shop is closed on Tuesday",
    "Termin am 30.11.2026 um 10:30 Uhr, Raum 5:\nAnn kommt später",
    "Le 30/11/2026 à 10h30 à la mairie :\navec les clés",
    "El 30/11/2026 a las 10:30 en la tienda:\ncon las llaves",
    "On 3 March 2026 I wrote:\nplease refund order 17",
    "Am 3.4.2026 um 10:30 schrieb ich Ihnen wie folgt:\nbitte stornieren Sie",
    "Ann wrote to me on 3.11.2026 at 10:30:\nthe parcel is lost",
    "On 3.11.2026 at 10:30 Ann wrote me the following about it:\nthe parcel is lost",
    "As Ann <ann@x.example> wrote on Monday:\nthe printer is broken",
    "Ann schrieb uns am 3.11.2026 um 10:30 dazu folgendes:\ndas Paket fehlt",
    "Il tecnico ha scritto sul foglio:\nil pezzo manca",
    "The manual wrote:\npress the button twice",
    "Write to ann@x.example or call at 10:30:\nboth work",
    "2026-11-30 09:05 the door was open:\nnobody was there",
    // Lists with labels.
    "From: Berlin\nTo: Hamburg\nDate: 3 March 2026",
    "Von: Berlin Hbf\nAn: Hamburg Hbf 13:40\nBetreff: Fahrkarte",
    "Name: Ann Lee\nEmail: ann@x.example\nPhone: 555 1234",
    "Date: 30.11.2026\nTime: 09:05\nPlace: room 5",
    "Kunde: Max Mustermann\nDatum: 30.11.2026\nVon: 08:00\nBis: 17:00",
    "De: Paris\nÀ: Lyon\nDate: 3 mars 2026",
    "Od: Praha\nDo: Brno\nDatum: 3. 3. 2026",
    "Da: Milano\nA: Roma\nData: 3 marzo 2026",
    "Subject: my question\nPriority: high",
    "From: Ann Lee <ann@x.example>\nTo: shop@x.example\nDate: 2026-11-30 10:30\nSubject: Broken\nPhone: 555 1234\nMessage: it is broken",
    "Von: Ann Lee <ann@x.example>\nDatum: 30.11.2026 10:30\nBetreff: Defekt\nTelefon: 555 1234\nNachricht: es ist defekt",
    "Tel: 030 123456\nAn: Frau Weiß\nOrt: Berlin",
    // Rules, code, logs.
    "----- Contact -----\nName: Ann\nCity: Berlin",
    "-----BEGIN CERTIFICATE-----\nMIIBdjCCARug\n-----END CERTIFICATE-----",
    "*** Important ***\nthe code is 4711",
    "--- a/readme 2026-11-30 09:05\n+++ b/readme 2026-11-30 09:06\n-old\n+new",
    "2026-11-30 09:05:12 ERROR from host mx: timed out\n2026-11-30 09:05:13 INFO to host mx: again",
    "Steps\n------\nopen the lid\npress the button",
    "a | b | c\n1 | 2 | 3",
    "Original message: see ticket 17\nNew message: please close it",
    "The original message was lost, and so was the reply.",
    "It says -- Original part -- on the box.",
    "I forwarded message 17 to you: is it there?",
    "Subtotal: 10\nTo pay: 12\nFrom account: 4711",
    "Temperature > 5 and < 10, see page 3:\nall is well",
    "Sent: the parcel\nReceived: nothing",
    "Gesendet: das Paket\nErhalten: nichts",
    "Q: Is it blue?\nA: No.",
    "To: do\nSent: invoice\nDate: unknown",
];

/// A quote with answers right below its lines.
#[rustfmt::skip]
pub const ANSWERED_RIGHT_BELOW: &[(&str, &[&str])] = &[
    ("> Could you tell us whether the printer on the second floor works by now?\nyes\n> And the scanner?\nno idea", &["yes", "no idea"]),
    ("> Please tell us the number that stands on the back of the blue device\n4711\n> and the colour, thank you.", &["4711"]),
    ("> The order was sent on 28 November and should arrive on Monday. Is it right,\n> that you are in Berlin?\nno, in Hamburg\n> Regards", &["no, in Hamburg"]),
    ("> Welche Nummer steht auf der Rückseite des Geräts, das Sie bekommen haben:\ndie 4711\n> Und welche Farbe hat es?", &["die 4711"]),
];
