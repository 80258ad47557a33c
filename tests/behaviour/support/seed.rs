//! Numbers that look random and can be had again: DLT_TEST_SEED takes what a run has printed.

use std::time::SystemTime;

/// A sequence of numbers (splitmix64).
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    /// A new one for each run, printed.
    pub fn of_this_run(what: &str) -> Self {
        let given = std::env::var("DLT_TEST_SEED").ok().and_then(|text| text.parse().ok());
        let seed = given.unwrap_or_else(|| {
            let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            time.map_or(1, |time| time.as_nanos() as u64 % 1_000_000_000)
        });
        super::note(&format!("{what}: DLT_TEST_SEED={seed}"));
        Self(seed)
    }

    /// Another sequence, that follows from this one and `number`.
    pub fn branch(&self, number: u64) -> Self {
        Self(self.0.wrapping_add(number.wrapping_mul(0xd134_2543_de82_ef95)))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}
