//! How often a reading was as meant, and which readings were not.

/// Most readings shown of those that were not as meant.
const SHOWN: usize = 40;

/// A share, and what is behind it.
pub struct Tally {
    of: &'static str,
    agree: usize,
    differ: Vec<String>,
}

impl Tally {
    pub fn new(of: &'static str) -> Self {
        Self {
            of,
            agree: 0,
            differ: Vec::new(),
        }
    }

    pub fn count(&mut self, agrees: bool, what: impl FnOnce() -> String) {
        if agrees {
            self.agree += 1;
        } else {
            self.differ.push(what());
        }
    }

    fn percent(&self) -> f64 {
        100.0 * self.agree as f64 / (self.agree + self.differ.len()) as f64
    }

    /// Prints the share and what is behind it.
    pub fn print(&self) {
        let all = self.agree + self.differ.len();
        println!("{}: {} of {all}, {:.1} %", self.of, self.agree, self.percent());
        for what in self.differ.iter().take(SHOWN) {
            println!("  {what}");
        }
    }

    /// Fails below the least share, in percent.
    pub fn assert_at_least(&self, least_percent: f64) {
        let percent = self.percent();
        assert!(percent >= least_percent, "{}: {percent:.1} %", self.of);
    }
}
