//! What a page or Node calls, and what it has to have: a text goes in, a text comes out.
//!
//! `room(length)` says where to write the request, in UTF-8; `ask()` answers it and says how long the answer
//! is, `answered()` where it is. Three imports: `freshest.now`, milliseconds since any moment;
//! `freshest.panicked`, which is told where the words of a bug are, and after that the instance is of no
//! use any more; and `freshest.engine`, which runs scripts: it is told where an order is, and leaves its
//! answer where a request is written.

use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

static REQUEST: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[link(wasm_import_module = "freshest")]
unsafe extern "C" {
    safe fn now() -> f64;
    safe fn panicked(text: *const u8, length: usize);
    safe fn engine(order: *const u8, length: usize);
}

/// What the page's engine answers.
fn order(text: &str) -> String {
    engine(text.as_ptr(), text.len());
    let answer = std::mem::take(&mut *lock(&REQUEST));
    String::from_utf8(answer).unwrap_or_default()
}

fn lock(text: &'static Mutex<Vec<u8>>) -> MutexGuard<'static, Vec<u8>> {
    text.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for a request of so many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *mut u8 {
    let mut request = lock(&REQUEST);
    request.clear();
    request.resize(length, 0);
    request.as_mut_ptr()
}

/// Answers it; how long the answer is, in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn ask() -> usize {
    static BEGIN: Once = Once::new();
    BEGIN.call_once(|| {
        freshest::time::set_clock(|| {
            Duration::try_from_secs_f64(now() / 1000.0).unwrap_or_default()
        });
        freshest::script::run_with(order);
        std::panic::set_hook(Box::new(|panic| {
            let text = panic.to_string();
            panicked(text.as_ptr(), text.len());
        }));
    });
    let request = std::mem::take(&mut *lock(&REQUEST));
    let answer = match str::from_utf8(&request) {
        Ok(text) => crate::answer(text),
        Err(_) => "{\"error\":\"error: the request is not text in UTF-8\"}".to_owned(),
    };
    let mut place = lock(&ANSWER);
    *place = answer.into_bytes();
    place.len()
}

/// Where the answer is, until something else is asked.
#[unsafe(no_mangle)]
pub extern "C" fn answered() -> *const u8 {
    lock(&ANSWER).as_ptr()
}

/// stateright's hashers begin with these. Any will do: nothing that anybody sees depends on them.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(
    to: *mut u8,
    length: usize,
) -> Result<(), getrandom::Error> {
    // SAFETY: getrandom hands over a buffer of this length that may be written.
    unsafe { std::ptr::write_bytes(to, 0x5a, length) };
    Ok(())
}
