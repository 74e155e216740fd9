//! `freshest monitor`.

mod beside;

use crate::cli::args::{MonitorArgs, MonitorFormat};
use crate::cli::comparator::real_rules;
use crate::cli::failure::Failure;
use crate::cli::lines::{Got, Lines};
use crate::cli::{Exit, file, interrupt, output, select};
use crate::explore::Watch;
use crate::monitor::{
    Entry, MAX_LINE_BYTES, Monitor, Names, Place, Record, Settings, is_judged, judged, parse,
};
use crate::report::document::Screen;
use crate::report::monitor::Logged;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

/// The most logs that are merged.
const MAX_LOGS: usize = 64;

/// How often a log that is followed is looked at again.
const PAUSE: Duration = Duration::from_millis(200);

/// So many looks without a new line, and what waits for earlier lines waits no longer.
const IDLE_LOOKS: u32 = 5;

/// Judges logs.
pub(crate) fn run(args: &MonitorArgs) -> Result<Exit, Failure> {
    let (settings, rules) = settings(args)?;
    let destinations = args.output.iter().map(|to| to.path.as_path());
    for path in destinations {
        file::check_written(path)?;
        for log in &args.logs {
            file::check_input(path, log)?;
        }
    }
    let mut logs = open(args)?;
    let mut reading = Reading {
        monitor: Monitor::new(settings, rules),
        names: Names::default(),
        notes: Vec::new(),
        told: 0,
    };
    match args.follow {
        true => follow(&mut logs, &mut reading)?,
        false => merge(&mut logs, &mut reading)?,
    }
    for (index, log) in logs.iter().enumerate() {
        reading.skip_end(index, log);
    }
    let names = logs.into_iter().map(|log| log.name).collect();
    let record = reading.monitor.end(names, reading.notes)?;
    tell(args, &record)?;
    Ok(exit(&record))
}

/// As of the gate: what is violated, then what is not known.
fn exit(record: &Record) -> Exit {
    match (record.is_violated(), record.is_inconclusive()) {
        (true, _) => Exit::Differs,
        (false, true) => Exit::Unknown,
        (false, false) => Exit::AsExpected,
    }
}

fn settings(args: &MonitorArgs) -> Result<(Settings, crate::cache::Rules), Failure> {
    let named = real_rules(&args.rule)?;
    let mut asked = Vec::new();
    for name in args.property.iter().flat_map(|names| names.split(',')) {
        let property = select::property(name)?;
        if !is_judged(property) {
            let names: Vec<&str> = judged().iter().map(|property| property.name()).collect();
            let message = format!("a log cannot tell whether {property} holds");
            return Err(Failure::new(message).help(format!("it can of: {}", names.join(", "))));
        }
        if !asked.contains(&property) {
            asked.push(property);
        }
    }
    let settings = Settings {
        comparator: named.name,
        window: args.window * 1000,
        apart: args.apart * 1000,
        asked,
    };
    Ok((settings, named.rules))
}

fn open(args: &MonitorArgs) -> Result<Vec<Lines>, Failure> {
    let input = [PathBuf::from("-")];
    let paths = match args.logs.is_empty() {
        true => &input[..],
        false => &args.logs[..],
    };
    if paths.len() > MAX_LOGS {
        let message = format!("{} logs, and at most {MAX_LOGS} are merged", paths.len());
        return Err(Failure::new(message).help("join some of them: cat A B | freshest monitor"));
    }
    if args.follow && paths.len() > 1 {
        return Err(Failure::new("--follow is of one log").help("name one"));
    }
    for (index, path) in paths.iter().enumerate() {
        if paths[..index].contains(path) {
            let message = format!("{} is named twice", path.display());
            return Err(Failure::new(message).help("leave one of them out"));
        }
    }
    paths.iter().map(|path| Lines::open(path)).collect()
}

/// What has become of the lines so far.
struct Reading {
    monitor: Monitor,
    names: Names,
    notes: Vec<String>,
    /// Findings that were told while the log is followed.
    told: u64,
}

impl Reading {
    /// Understands what was just read; `None` if it says nothing.
    fn entry(&mut self, index: usize, log: &Lines, got: Got) -> Option<Entry> {
        let place = Place {
            log: index,
            line: log.number,
        };
        if got == Got::TooLong {
            self.monitor.skip(place, &too_long());
            return None;
        }
        if log.bytes().trim_ascii().is_empty() {
            return None;
        }
        match parse(log.bytes(), place, &mut self.names) {
            Ok(entry) => Some(entry),
            Err(why) => {
                self.monitor.skip(place, &why);
                None
            }
        }
    }

    /// The last line may have no end: it is judged if it is whole, and told if it is not.
    fn last(&mut self, index: usize, log: &Lines) -> Option<Entry> {
        let place = Place {
            log: index,
            line: log.number + 1,
        };
        match log.is_cut_off() && !log.is_too_long() {
            true => parse(log.bytes(), place, &mut self.names).ok(),
            false => None,
        }
    }

    /// A last line that is cut off and says nothing is skipped like others.
    fn skip_end(&mut self, index: usize, log: &Lines) {
        let place = Place {
            log: index,
            line: log.number + 1,
        };
        if !log.is_cut_off() || log.bytes().trim_ascii().is_empty() {
            return;
        }
        let why = match log.is_too_long() {
            true => Some(too_long()),
            false => parse(log.bytes(), place, &mut self.names).err(),
        };
        if let Some(why) = why {
            let bytes = log.bytes().len();
            let why = format!("the last line is cut off after {bytes} bytes: {why}");
            self.monitor.skip(place, &why);
        }
    }

    /// Tells the findings that were not told yet, on one line each.
    fn tell_new(&mut self, name: &str) -> Result<(), Failure> {
        let found = self.monitor.findings();
        let count: u64 = found.iter().map(|found| found.findings.count).sum();
        if count == self.told {
            return Ok(());
        }
        self.told = count;
        let mut text = String::new();
        for found in found {
            if let Some(last) = found.findings.first.last() {
                let (line, count) = (last.place.line, found.findings.count);
                text += &format!(
                    "{} (x {count}) {name}:{line}: {}\n",
                    found.property, last.said
                );
            }
        }
        output::print(&text)
    }
}

fn too_long() -> String {
    format!("it is longer than {MAX_LINE_BYTES} bytes")
}

/// Reads several logs as one, each from its beginning: next is the line with the earliest time.
fn merge(logs: &mut [Lines], reading: &mut Reading) -> Result<(), Failure> {
    let mut heads: Vec<Option<Entry>> = Vec::new();
    for (index, log) in logs.iter_mut().enumerate() {
        heads.push(next(index, log, reading)?);
    }
    if let [log] = logs {
        // The usual case, without a choice to make.
        let mut head = heads.pop().flatten();
        while let Some(entry) = head {
            reading.monitor.take(entry);
            head = next(0, log, reading)?;
        }
        return Ok(());
    }
    loop {
        let there = heads.iter().enumerate();
        let there = there.filter_map(|(index, head)| Some((head.as_ref()?.at, index)));
        let Some((_, index)) = there.min() else {
            return Ok(());
        };
        if let Some(entry) = heads[index].take() {
            reading.monitor.take(entry);
        }
        heads[index] = next(index, &mut logs[index], reading)?;
    }
}

/// The next line of a log that says something.
fn next(index: usize, log: &mut Lines, reading: &mut Reading) -> Result<Option<Entry>, Failure> {
    loop {
        let got = log.read()?;
        if got == Got::End {
            let last = reading.last(index, log);
            // A second look at the end must not give it again.
            if last.is_some() {
                log.take_last();
            }
            return Ok(last);
        }
        if let Some(entry) = reading.entry(index, log, got) {
            return Ok(Some(entry));
        }
    }
}

/// Reads a log that grows, until Ctrl-C; standard input, until it is closed.
fn follow(logs: &mut [Lines], reading: &mut Reading) -> Result<(), Failure> {
    let watch = Arc::new(Watch::default());
    interrupt::stop_on_interrupt(&watch)?;
    let Some(log) = logs.first_mut() else {
        return Ok(());
    };
    let mut idle = 0;
    while !interrupt::was_interrupted() {
        match log.read()? {
            Got::End if log.is_standard_input() => break,
            Got::End => {
                idle += 1;
                if idle == IDLE_LOOKS {
                    reading.monitor.flush();
                }
                reading.tell_new(&log.name)?;
                if log.is_replaced() {
                    match reading.last(0, log) {
                        Some(entry) => reading.monitor.take(entry),
                        None => reading.skip_end(0, log),
                    }
                    log.begin_anew()?;
                    let note = format!(
                        "{} was replaced, or became shorter: it is read from its beginning",
                        log.name
                    );
                    output::tell(&format!("{note}\n"));
                    reading.notes.push(note);
                }
                sleep(PAUSE);
            }
            got => {
                idle = 0;
                if let Some(entry) = reading.entry(0, log, got) {
                    reading.monitor.take(entry);
                }
            }
        }
    }
    if let Some(entry) = reading.last(0, log) {
        log.take_last();
        reading.monitor.take(entry);
    }
    Ok(())
}

fn tell(args: &MonitorArgs, record: &Record) -> Result<(), Failure> {
    let shown = Logged {
        record,
        beside: beside::beside(args, record),
    };
    for to in &args.output {
        file::write(&to.path, &render(&shown, to.format)?)?;
    }
    output::print(&render(&shown, args.format)?)
}

fn render(shown: &Logged<'_>, format: MonitorFormat) -> Result<String, Failure> {
    let failed = |error: crate::report::RenderError| Failure::new(error.to_string());
    Ok(match format {
        MonitorFormat::Text => shown.as_text(Screen::default()),
        MonitorFormat::Json => shown.as_json().map_err(failed)?,
        MonitorFormat::Markdown => shown.as_markdown(),
        MonitorFormat::Mermaid => shown.as_mermaid(),
        MonitorFormat::Svg => shown.as_svg(),
        MonitorFormat::Html => shown.as_html(),
        MonitorFormat::Junit => shown.as_junit().map_err(failed)?,
        MonitorFormat::Sarif => shown.as_sarif().map_err(failed)?,
    })
}
