//! Reading a file that somebody names: a regular one, up to a limit.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Opens a file. Whatever is no regular file is an error at once: opening a pipe that nobody writes
/// to waits for ever, a device may never end.
pub fn open_regular(path: &Path) -> Result<File, String> {
    let regular = |metadata: std::fs::Metadata| match metadata.is_file() {
        true => Ok(()),
        false => Err(format!("it is no regular file, but {}", kind(&metadata))),
    };
    let text = |error: std::io::Error| error.to_string();
    std::fs::metadata(path).map_err(text).and_then(regular)?;
    let file = open_without_waiting(path).map_err(text)?;
    // Somebody may have put another file in its place meanwhile.
    file.metadata().map_err(text).and_then(regular)?;
    Ok(file)
}

/// Some files are regular by name alone, and reading them waits for what the system has to say, as with
/// `/proc/kmsg`; and a pipe may take the place of a file before it is opened.
#[cfg(unix)]
fn open_without_waiting(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options.read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

#[cfg(not(unix))]
fn open_without_waiting(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

/// Reads a regular file of UTF-8 that is no larger than this many bytes.
pub fn read_regular(path: &Path, most: u64) -> Result<String, String> {
    let file = open_regular(path)?;
    let mut text = String::new();
    // One byte more than is allowed tells whether there is more; what the system says of the length
    // is not true of every file.
    match file.take(most.saturating_add(1)).read_to_string(&mut text) {
        Ok(length) if length as u64 > most => Err(format!("it is larger than {most} bytes")),
        Ok(_) => Ok(text),
        // A character that the limit cuts in two is no fault of the file.
        Err(_) if std::fs::metadata(path).is_ok_and(|metadata| metadata.len() > most) => {
            Err(format!("it is larger than {most} bytes"))
        }
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(unix)]
fn kind(metadata: &std::fs::Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    match () {
        () if kind.is_dir() => "a directory",
        () if kind.is_fifo() => "a pipe",
        () if kind.is_socket() => "a socket",
        () if kind.is_char_device() || kind.is_block_device() => "a device",
        () => "something else",
    }
}

#[cfg(not(unix))]
fn kind(metadata: &std::fs::Metadata) -> &'static str {
    match metadata.is_dir() {
        true => "a directory",
        false => "something else",
    }
}
