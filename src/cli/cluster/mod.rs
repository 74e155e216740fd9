//! One run by several processes, of this machine or of many: how they find each other.

mod connect;
mod hello;
mod hosts;
mod local;
mod mesh;

use super::args::{ClusterArgs, GateArgs, SpreadName};
use super::failure::Failure;
use super::{Exit, output};
use crate::catalog::Catalog;
use crate::explore::{Engine, Error, Spread, Together};
use crate::source::sha256;
use hello::Hello;
use local::Children;
use mesh::Mesh;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What a process is in a run.
pub(crate) struct Member {
    pub together: Arc<Mutex<Together>>,
    number: usize,
    processes: usize,
    is_local: bool,
    children: Option<Children>,
}

impl ClusterArgs {
    /// Whether another process prints, and writes files.
    pub(crate) fn is_another_s(&self) -> bool {
        self.local_number.or(self.process).unwrap_or(0) > 0
    }

    /// Connects this process to the others, if there are any, given what all have to have the same.
    pub(crate) fn join(
        &self,
        gate: &GateArgs,
        run: Vec<(String, String)>,
    ) -> Result<Option<Member>, Failure> {
        if !self.share_a_run() {
            return Ok(None);
        }
        if gate.limits.method().engine != Engine::Fast {
            let message = "several processes explore by the fast engine only";
            return Err(Failure::new(message).help("leave out --engine"));
        }
        let (number, listener, hosts, secret, mut children) =
            match (&self.hosts, self.local_processes) {
                (None, Some(processes)) => self.meet(processes)?,
                (None, None) => return Ok(None),
                (Some(file), _) => {
                    let hosts = hosts::read(file)?;
                    let number = self.process.unwrap_or(0);
                    let listener = listen(&hosts, number)?;
                    (number, listener, hosts, String::new(), None)
                }
            };
        let processes = hosts.len();
        let run = [
            run,
            vec![("--spread".to_owned(), self.spread().name().to_owned())],
        ]
        .concat();
        let hello = Hello {
            secret,
            ..Hello::new(number, processes, run)
        };
        let timeout = Duration::from_secs(self.connect_timeout);
        let gone = || children.as_mut().and_then(Children::ended);
        let connections = connect::connect(&hello, &hosts, &listener, timeout, gone)?;
        let mesh = Mesh::new(number, hosts[number].clone(), connections)
            .map_err(|error| Failure::new(format!("{}: {error}", hosts[number])))?;
        Ok(Some(Member {
            together: Arc::new(Mutex::new(Together::new(Box::new(mesh), self.spread()))),
            number,
            processes,
            is_local: self.hosts.is_none(),
            children,
        }))
    }

    fn spread(&self) -> Spread {
        match self.spread {
            SpreadName::Local => Spread::Local,
            SpreadName::Even => Spread::Even,
        }
    }

    fn meet(&self, processes: usize) -> Result<Place, Failure> {
        let (listener, own) = local::listener()?;
        let timeout = Duration::from_secs(self.connect_timeout);
        let number = self.local_number.unwrap_or(0);
        let (children, meeting) = match number {
            0 => {
                let (children, meeting) = Children::start(processes, own, timeout)?;
                (Some(children), meeting)
            }
            _ => (None, local::meet(&own, timeout)?),
        };
        if number >= processes || meeting.hosts.len() != processes {
            let message = "--local-number is for processes that --local-processes starts";
            return Err(Failure::new(message));
        }
        Ok((number, listener, meeting.hosts, meeting.secret, children))
    }
}

/// A process's number, where it listens, where all do, what they know, and those that it has started.
type Place = (usize, TcpListener, Vec<String>, String, Option<Children>);

/// Listens at this process's own address, and nowhere else.
fn listen(hosts: &[String], number: usize) -> Result<TcpListener, Failure> {
    let own = hosts.get(number).ok_or_else(|| {
        let last = hosts.len() - 1;
        Failure::new(format!("--process {number}: the hosts are 0 to {last}"))
    })?;
    let listening = hosts::resolve(own)
        .and_then(|address| TcpListener::bind(address).map_err(|error| error.to_string()));
    listening.map_err(|error| {
        Failure::new(format!("process {number} cannot listen at {own}: {error}")).help(
            "the line of a process names an address and a free port of the machine that it runs on",
        )
    })
}

/// What processes of one run have to have the same: the models, and what is asked of them.
pub(crate) fn sameness(
    gate: &GateArgs,
    catalog: &Catalog,
    tried: Option<String>,
    selected: &[&[&str]],
) -> Vec<(String, String)> {
    let files = catalog.hashes.iter();
    let scripts = catalog.designs.iter().flat_map(|design| &design.scripts);
    let files: String = files
        .map(|(path, hash)| format!("{hash}  {path}\n"))
        .chain(scripts.map(|script| format!("{}  script\n", script.sha256)))
        .collect();
    let selected: String = selected
        .iter()
        .map(|names| names.join(",") + "\n")
        .collect();
    let short = |text: &str| sha256(text.as_bytes()).chars().take(16).collect();
    let limits = gate.limits.limits();
    let method = gate.limits.method();
    vec![
        (
            "--max-states".to_owned(),
            format!("{:?}", limits.max_states),
        ),
        (
            "--time-limit".to_owned(),
            format!("{:?}", limits.time_limit),
        ),
        (
            "--memory-limit".to_owned(),
            format!("{:?}", limits.memory_limit),
        ),
        ("--symmetry".to_owned(), method.symmetry.name().to_owned()),
        ("--audit".to_owned(), method.audit_every.to_string()),
        ("what the models say (a digest)".to_owned(), short(&files)),
        (
            "what is checked (a digest of the names)".to_owned(),
            short(&selected),
        ),
        (
            "what is tried".to_owned(),
            tried.unwrap_or_else(|| "nothing".to_owned()),
        ),
    ]
}

impl Member {
    /// As any process but the first: waits for process 0 to be done. Returns its exit code.
    pub(crate) fn serve(self, served: Result<(), Error>) -> Result<Exit, Failure> {
        let ended = served.and_then(|()| self.lock().await_end());
        let (number, processes) = (self.number, self.processes);
        match ended {
            // Who started this process says so.
            Err(Error::Peer(_)) if self.is_local => Ok(Exit::Unknown),
            Err(error) => Err(error.into()),
            Ok(code) => {
                if !self.is_local {
                    output::tell(&format!(
                        "process {number} of {processes} is done: process 0 has the verdicts\n"
                    ));
                }
                Ok(Exit::from_code(code))
            }
        }
    }

    /// As process 0: tells the others that all is done, and with which exit code.
    pub(crate) fn finish(self, exit: &Result<Exit, Failure>, is_quiet: bool) {
        let code = exit.as_ref().map_or(Exit::Usage, |&exit| exit);
        let sent = self.lock().finish(code as u8);
        if let (Ok(bytes), false) = (sent, is_quiet) {
            let (processes, megabytes) = (self.processes, bytes as f64 / 1e6);
            output::tell(&format!(
                "{processes} processes sent each other {megabytes:.1} MB\n"
            ));
        }
        // Where something failed nobody is waited for.
        if let (Some(children), Ok(_)) = (self.children, exit) {
            children.finish();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Together> {
        self.together.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
