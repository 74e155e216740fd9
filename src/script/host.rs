//! Where scripts run: in processes that can be ended, or, if somebody says so, in this one.

use super::protocol::{Reply, Request, Trouble};
use super::serve;
use super::session::Session;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use super::lock;

/// The only argument of a process that runs a script.
const ARGUMENT: &str = "--run-script-for-freshest";

/// The longest reply that is read, in bytes.
const REPLY_BYTES: u64 = 1 << 20;

/// As much as is read of what a process said before it ended, in bytes.
const LAST_WORDS_BYTES: u64 = 4 << 10;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// In processes of this program, one for each script, with limits on time, address space and
    /// stack. It must be `freshest`, or a program whose `main` begins with [`serve_if_asked`].
    Program(PathBuf),
    /// In a thread of this process. The engine has limits on time, memory and stack, but a native
    /// loop goes on behind its back, and a text that is nested too deeply ends this process.
    ThisProcess,
}

static HOST: OnceLock<Host> = OnceLock::new();

static PROCESSES: Mutex<Vec<Arc<Watched>>> = Mutex::new(Vec::new());

/// Says where scripts run, once, before the first design that names one is read. What is said later
/// counts for nothing.
pub fn run_in(host: Host) {
    let _ = HOST.set(host);
}

/// Says that scripts run in processes of this program, whose `main` has begun with
/// [`serve_if_asked`].
pub fn run_in_this_program() -> io::Result<()> {
    // What runs already, even where the file has been replaced meanwhile.
    let linux = PathBuf::from("/proc/self/exe");
    let program = match cfg!(target_os = "linux") && linux.exists() {
        true => linux,
        false => std::env::current_exe()?,
    };
    run_in(Host::Program(program));
    Ok(())
}

/// If this process was started to run a script: runs it, and says whether that went well.
pub fn serve_if_asked() -> Option<io::Result<()>> {
    let mut arguments = std::env::args_os().skip(1);
    let asked = arguments.next().is_some_and(|first| first == ARGUMENT);
    (asked && arguments.next().is_none()).then(serve::serve)
}

/// Ends all processes that run scripts. No answer comes after that.
pub fn end() {
    for process in lock(&PROCESSES).drain(..) {
        process.end();
    }
}

/// Whoever answers requests.
pub(super) trait Runner: Send {
    /// The reply, if there is one within this time.
    fn ask(&mut self, request: Request, most: Duration) -> Result<Reply, Trouble>;
}

/// Starts whoever runs the next script; `None` if nobody has said where.
pub(super) fn start() -> Option<io::Result<Box<dyn Runner>>> {
    Some(match HOST.get()? {
        Host::Program(program) => {
            Process::start(program).map(|process| Box::new(process) as Box<dyn Runner>)
        }
        Host::ThisProcess => InThread::start().map(|thread| Box::new(thread) as Box<dyn Runner>),
    })
}

/// A process that is ended when its time is over.
struct Watched {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    child: Child,
    /// When it is ended.
    deadline: Option<Instant>,
    /// When whoever watches looks again, if that is before it is told to.
    looks: Option<Instant>,
    late: bool,
    ended: bool,
}

impl Watched {
    fn set(&self, deadline: Option<Instant>) {
        let mut state = lock(&self.state);
        state.deadline = deadline;
        // Requests are many and short: whoever sleeps for less than this is left alone.
        if deadline.is_some_and(|at| state.looks.is_none_or(|looks| looks > at)) {
            self.changed.notify_one();
        }
    }

    /// Ends it, and waits until it has.
    fn end(&self) -> Option<ExitStatus> {
        let mut state = lock(&self.state);
        state.ended = true;
        // One that has ended by itself cannot be killed, which is as well.
        let _ = state.child.kill();
        let status = state.child.wait().ok();
        self.changed.notify_one();
        status
    }

    /// Waits until the process is late, or ended.
    fn watch(&self) {
        let mut state = lock(&self.state);
        while !state.ended {
            state.looks = state.deadline;
            let left = state
                .deadline
                .map(|at| at.saturating_duration_since(Instant::now()));
            state = match left {
                Some(Duration::ZERO) => {
                    state.late = true;
                    state.deadline = None;
                    let _ = state.child.kill();
                    state
                }
                Some(left) => match self.changed.wait_timeout(state, left) {
                    Ok((state, _)) => state,
                    Err(poisoned) => poisoned.into_inner().0,
                },
                None => match self.changed.wait(state) {
                    Ok(state) => state,
                    Err(poisoned) => poisoned.into_inner(),
                },
            };
        }
    }
}

/// A process of its own.
struct Process {
    watched: Arc<Watched>,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Process {
    fn start(program: &PathBuf) -> io::Result<Process> {
        let mut command = Command::new(program);
        command
            .arg(ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            // Ctrl-C is for the program, which prints what it has found.
            command.env_clear().process_group(0);
        }
        let mut child = command.spawn()?;
        let (to, from) = (child.stdin.take(), child.stdout.take());
        let (Some(to), Some(from)) = (to, from) else {
            return Err(io::Error::other("a process without pipes"));
        };
        let watched = Arc::new(Watched {
            state: Mutex::new(State {
                child,
                deadline: None,
                looks: None,
                late: false,
                ended: false,
            }),
            changed: Condvar::new(),
        });
        let watch = Arc::clone(&watched);
        thread::Builder::new().spawn(move || watch.watch())?;
        lock(&PROCESSES).push(Arc::clone(&watched));
        Ok(Process {
            watched,
            to,
            from: BufReader::new(from),
        })
    }

    fn exchange(&mut self, request: &Request) -> io::Result<Reply> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        self.to.write_all(&line)?;
        self.to.flush()?;
        line.clear();
        let mut reply = (&mut self.from).take(REPLY_BYTES);
        reply.read_until(b'\n', &mut line)?;
        match line.last() {
            Some(b'\n') => Ok(serde_json::from_slice(&line)?),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Why there was no reply.
    fn end(&self) -> Trouble {
        let status = self.watched.end();
        let mut state = lock(&self.watched.state);
        if state.late {
            return Trouble::Late;
        }
        let mut words = Vec::new();
        if let Some(said) = state.child.stderr.take() {
            let _ = said.take(LAST_WORDS_BYTES).read_to_end(&mut words);
        }
        let words = String::from_utf8_lossy(&words);
        if words.contains("overflowed its stack") {
            return Trouble::Stack;
        }
        if words.contains("memory allocation") {
            return Trouble::Memory;
        }
        let words = words.lines().next().unwrap_or_default();
        Trouble::Ended(match status {
            Some(status) if words.is_empty() => status.to_string(),
            Some(status) => format!("{status}: {}", super::plain::plain(words)),
            None => "nobody knows how".to_owned(),
        })
    }
}

impl Runner for Process {
    fn ask(&mut self, request: Request, most: Duration) -> Result<Reply, Trouble> {
        self.watched.set(Some(Instant::now() + most));
        let reply = self.exchange(&request);
        self.watched.set(None);
        reply.map_err(|_| self.end())
    }
}

struct InThread {
    to: Sender<Request>,
    from: Receiver<Reply>,
}

impl InThread {
    fn start() -> io::Result<InThread> {
        let (to, requests) = channel::<Request>();
        let (replies, from) = channel();
        let run = move || {
            let mut session = Session::default();
            for request in requests {
                if replies.send(session.answer(request)).is_err() {
                    break;
                }
            }
        };
        let thread = thread::Builder::new().stack_size(serve::STACK_BYTES);
        thread.spawn(run)?;
        Ok(InThread { to, from })
    }
}

impl Runner for InThread {
    fn ask(&mut self, request: Request, most: Duration) -> Result<Reply, Trouble> {
        let ended = || Trouble::Ended("its thread panicked".to_owned());
        self.to.send(request).map_err(|_| ended())?;
        self.from.recv_timeout(most).map_err(|error| match error {
            RecvTimeoutError::Timeout => Trouble::Late,
            RecvTimeoutError::Disconnected => ended(),
        })
    }
}
