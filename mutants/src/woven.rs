//! Which mutant is on, in a program that holds all of them: the number in `FRESHEST_MUTANT`. Where `FRESHEST_REACHED`
//! names a file, none is, and the numbers of those that were asked about are written there, once for each process.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// More than there are mutants.
const MOST: usize = 1 << 14;

static CHOSEN: LazyLock<usize> =
    LazyLock::new(|| env::var("FRESHEST_MUTANT").map_or(MOST, |number| number.parse().expect("a number")));
static REACHED: LazyLock<Option<File>> = LazyLock::new(|| {
    let path = env::var_os("FRESHEST_REACHED")?;
    Some(OpenOptions::new().create(true).append(true).open(path).expect("a file to write"))
});
static SEEN: [AtomicBool; MOST] = [const { AtomicBool::new(false) }; MOST];

#[inline]
pub fn on(number: usize) -> bool {
    let chosen = *CHOSEN;
    if chosen == MOST {
        reach(number);
    }
    chosen == number
}

#[inline]
fn reach(number: usize) {
    if let Some(mut file) = REACHED.as_ref()
        && !SEEN[number].swap(true, Ordering::Relaxed)
    {
        // In one piece: others write there too.
        let line = format!("{number}\n");
        file.write_all(line.as_bytes()).expect("a line is written");
    }
}
