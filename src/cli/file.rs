//! Files that the program writes: whole, or not at all.

use super::failure::Failure;
use super::output;
use crate::catalog::Catalog;
use crate::source::read_regular;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::thread;

/// The largest file that is read as a whole, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// How often, and after which time, is looked whether somebody reads from a pipe.
#[cfg(unix)]
const READER_WAITS: u32 = 40;
#[cfg(unix)]
const READER_WAIT: std::time::Duration = std::time::Duration::from_millis(50);

/// Other names of standard output, and of standard error.
const STDOUT: [&str; 3] = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
const STDERR: [&str; 3] = ["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"];

/// The most links that are followed from one name to a file, as on Linux.
const MAX_LINKS: usize = 40;

/// Whether files can be written at these places, as far as one can tell without trying. Two of them
/// must not be the same file, and none may be a file that is read: a run may take long, so what is
/// wrong is said before it.
pub(crate) fn check_places<'a>(
    outputs: impl IntoIterator<Item = &'a Path>,
    catalog: &Catalog,
) -> Result<(), Failure> {
    let is_model = models_of(catalog);
    let mut known: Vec<(&Path, PathBuf)> = Vec::new();
    for path in outputs {
        check_written(path)?;
        let target =
            follow(path).map_err(|error| Failure::of_file(path, "cannot be written", &error))?;
        let other = known
            .iter()
            .find(|(name, file)| *name == path || is_same(file, &target));
        if let Some((other, _)) = other {
            let (path, other) = (path.display(), other.display());
            let message = match path.to_string() == other.to_string() {
                true => format!("{path} is named for two results"),
                false => format!("{path} and {other} are one file, named for two results"),
            };
            return Err(Failure::new(message).help("give each a file of its own"));
        }
        if is_model(&target) {
            let message = format!(
                "{} cannot be written: models are kept there",
                path.display()
            );
            return Err(Failure::new(message).help("name a file outside the models directory"));
        }
        known.push((path, target));
    }
    Ok(())
}

/// An input must not be written over.
pub(crate) fn check_input(output: &Path, input: &Path) -> Result<(), Failure> {
    let target = follow(output).unwrap_or_else(|_| output.to_owned());
    let input_target = follow(input).unwrap_or_else(|_| input.to_owned());
    if target.is_file() && is_same(&target, &input_target) {
        let message = format!("{} cannot be written: it is read", output.display());
        return Err(Failure::new(message).help("name another file"));
    }
    Ok(())
}

/// Whether a file is one of the models, or would be taken for one: it is in a folder of theirs.
fn models_of(catalog: &Catalog) -> impl Fn(&Path) -> bool {
    let canonical = |path: PathBuf| fs::canonicalize(path).ok();
    let directory = catalog.models.directory();
    let folders = ["designs", "scenarios"].into_iter();
    let folders: Vec<_> = folders
        .filter_map(|folder| canonical(directory?.join(folder)))
        .collect();
    let designs = catalog.designs.iter();
    let scripts = designs.clone().flat_map(|design| &design.scripts);
    let files = designs
        .map(|design| &design.path)
        .chain(scripts.flat_map(|script| script.files()))
        .chain(catalog.scenarios.iter().map(|scenario| &scenario.path));
    let files: Vec<_> = files.cloned().filter_map(canonical).collect();
    move |path| {
        folders.iter().any(|folder| path.starts_with(folder))
            || files.iter().any(|file| is_same(file, path))
    }
}

/// Whether a name can be that of a file: it is none of a directory, and is in one.
fn check_place(path: &Path) -> Result<(), Failure> {
    let directory = directory(path);
    let text = path.to_string_lossy();
    let is_named_as_one = text.ends_with(std::path::is_separator);
    if path.is_dir() || path.file_name().is_none() || is_named_as_one {
        let message = format!("{} cannot be written: it is a directory", path.display());
        return Err(Failure::new(message).help("name a file in it"));
    }
    if !directory.is_dir() {
        let (path, directory) = (path.display(), directory.display());
        let message = format!("{path} cannot be written: there is no directory {directory}");
        return Err(Failure::new(message).help(format!("create it first: mkdir -p {directory}")));
    }
    Ok(())
}

/// Whether a file can be written here, be there one or not. A file that is read-only is somebody's
/// wish that it stays as it is. Replacing it needs nothing but its directory to be writable, so
/// without this the wish would be passed over.
pub(crate) fn check_written(path: &Path) -> Result<(), Failure> {
    if is_stream(path) {
        return Ok(());
    }
    check_place(path)?;
    let unwritable = |error| Failure::of_file(path, "cannot be written", &error);
    let target = follow(path).map_err(unwritable)?;
    let Ok(metadata) = fs::metadata(&target) else {
        return Ok(());
    };
    if !metadata.is_file() {
        return Ok(());
    }
    let opened = match metadata.permissions().readonly() {
        true => Err(ErrorKind::PermissionDenied.into()),
        // Opened only: its text and its times stay. Of what others own this is the only test.
        false => OpenOptions::new().write(true).open(&target).map(drop),
    };
    match opened {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            let message = format!("{} cannot be written: it is read-only", path.display());
            Err(Failure::new(message).help("allow that it is written, or name another file"))
        }
        opened => opened.map_err(unwritable),
    }
}

/// Whether a name is that of standard output or standard error.
fn is_stream(path: &Path) -> bool {
    let names = [STDOUT, STDERR].concat();
    path.to_str().is_some_and(|path| names.contains(&path))
}

/// Writes a file in one step: under another name next to it, which then becomes the file. A link
/// stays, and the file that it leads to is written; its mode stays as well, and one that is read-only is
/// an error. What is no plain file (a pipe, a device) is written to directly: it must not be replaced.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    match path.to_str() {
        Some(name) if STDOUT.contains(&name) => return output::print(text),
        Some(name) if STDERR.contains(&name) => {
            output::tell(text);
            return Ok(());
        }
        _ => check_written(path)?,
    }
    let written = follow(path).and_then(|target| match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() => {
            let _kept_open = await_reader(&target, &metadata)?;
            fs::write(&target, text)
        }
        metadata => replace(&target, text, metadata.ok()),
    });
    written.map_err(|error| Failure::of_file(path, "cannot be written", &error))
}

/// Opening a pipe that nobody reads from waits for ever. The writer that is given has to be kept until
/// there is another one, or the reader takes it for the end.
#[cfg(unix)]
fn await_reader(path: &Path, metadata: &fs::Metadata) -> io::Result<Option<File>> {
    use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
    if !metadata.file_type().is_fifo() {
        return Ok(None);
    }
    let mut options = OpenOptions::new();
    options.write(true).custom_flags(libc::O_NONBLOCK);
    for _ in 0..READER_WAITS {
        match options.open(path) {
            Err(error) if error.raw_os_error() == Some(libc::ENXIO) => thread::sleep(READER_WAIT),
            opened => return opened.map(Some),
        }
    }
    Err(io::Error::other("it is a pipe that nobody reads from"))
}

#[cfg(not(unix))]
fn await_reader(_: &Path, _: &fs::Metadata) -> io::Result<Option<File>> {
    Ok(None)
}

/// Writes a file that is not there yet; `false` if it is. Of two programs that do so at the same
/// time one succeeds.
pub(crate) fn create(path: &Path, text: &str) -> Result<bool, Failure> {
    check_place(path)?;
    let created = partial(&directory(path), text).and_then(|partial| {
        let linked = match fs::hard_link(&partial, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => write_new(path, text),
            linked => linked,
        };
        // A partial file that cannot be removed is no harm to what was written.
        let _ = fs::remove_file(&partial);
        linked
    });
    match created {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Failure::of_file(path, "cannot be written", &error)),
    }
}

/// Where there are no hard links: the name is taken first, and given back if the text does not fit.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    written.inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

fn replace(path: &Path, text: &str, old: Option<fs::Metadata>) -> io::Result<()> {
    let partial = partial(&directory(path), text)?;
    let keep_mode = match old {
        Some(old) => fs::set_permissions(&partial, old.permissions()),
        None => Ok(()),
    };
    keep_mode
        .and_then(|()| fs::rename(&partial, path))
        .inspect_err(|_| {
            // Best effort: the failure itself is reported either way.
            let _ = fs::remove_file(&partial);
        })
}

/// Writes the text to a new file of a directory, down to the disk. Nobody can have put another file
/// or a link in its place: its name cannot be guessed, and it must not be there.
fn partial(directory: &Path, text: &str) -> io::Result<PathBuf> {
    // The keys of the standard library's hasher are random, from the system.
    let number = RandomState::new().hash_one(text);
    let path = directory.join(format!(".freshest-{number:016x}.partial"));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    match written {
        Ok(()) => Ok(path),
        Err(error) => {
            let _ = fs::remove_file(&path);
            Err(error)
        }
    }
}

/// The file that a name leads to, be it there or not, by way of as many links as there are.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let parent = fs::canonicalize(directory(&path))?;
        path = parent.join(path.file_name().unwrap_or_default());
        match fs::read_link(&path) {
            Ok(target) => path = parent.join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}

/// Whether two names, links followed, are of one file. Devices and pipes may be written twice.
fn is_same(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one_is), Ok(other_is)) => {
            let is_file = one_is.is_file() && other_is.is_file();
            is_file && (one == other || has_same_inode(&one_is, &other_is))
        }
        _ => one == other,
    }
}

#[cfg(unix)]
fn has_same_inode(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn has_same_inode(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    false
}

fn directory(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    read_up_to(path, MAX_BYTES)
}

/// Reads a text file of at most this many bytes.
pub(crate) fn read_up_to(path: &Path, most: u64) -> Result<String, Failure> {
    read_regular(path, most).map_err(|error| Failure::of_file(path, "cannot be read", &error))
}
