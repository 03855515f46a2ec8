//! Who writes to whom in a mail that is made up.

use super::dice::Dice;

/// A person with an address.
#[derive(Clone)]
pub struct Person {
    pub name: &'static str,
    pub address: String,
}

const NAMES: &[&str] = &[
    "Ann Lee",
    "Max Mustermann",
    "Jürgen Weiß",
    "Zoë Žižek-Brown",
    "José María Pérez",
    "Иван Иванов",
    "Γιώργος Παπαδόπουλος",
    "山田 太郎",
    "Lee, Ann",
    "O'Neil",
    "Dr. Eva Kowalska",
    "Support Desk",
];

const LOCALS: &[&str] = &[
    "ann",
    "max.mustermann",
    "j.weiss",
    "info",
    "zoe+orders",
    "eva_k",
    "o.neil",
    "kundenservice",
    "x1972",
];

const DOMAINS: &[&str] = &[
    "b.example",
    "mail.b-company.example",
    "kunde.example",
    "long-name-of-a-company.example",
    "b.example.com",
];

impl Person {
    pub fn any(dice: &mut Dice) -> Self {
        Self {
            name: dice.pick::<&str>(NAMES),
            address: format!("{}@{}", dice.pick(LOCALS), dice.pick(DOMAINS)),
        }
    }

    pub fn domain(&self) -> &str {
        self.address.split('@').nth(1).unwrap()
    }
}
