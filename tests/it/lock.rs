//! Calls that wait for the lock, and a holder that stops for good.

use crate::support::{Models, design, freshest, run, scenario};
use freshest::cache::{Call, RequestKind, TokenRequest};
use freshest::check::{PropertyResult, RunResult};
use freshest::explore::{Debt, Limits, Question, Watch, liveness};
use freshest::model::{Composed, Event, Evidence, System};
use freshest::property::{Monitored, Property, PropertySet, Verdict};
use freshest::vocabulary::{RequestFault, TabAction, TabId};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// Scenarios in which the tab that has the lock may stop while another one's call waits.
const STARVING: [&str; 6] = [
    "tabs = 2\nstart = \"empty\"\n[budget]\nget_token = 2\norphan = { count = 1, by = [0] }",
    "tabs = 2\n[budget]\nrefresh = { count = 1, by = [1] }\nskip_cache = { count = 1, by = [0] }\n\
     orphan = 1",
    "tabs = 3\n[budget]\nskip_cache = 2\norphan = { count = 1, by = [2] }",
    "tabs = 2\n[budget]\nage = 2\nget_token = 2\norphan = 1",
    "tabs = 2\nstart = \"empty\"\n[budget]\npoll = 1\nget_token = { count = 1, by = [1] }\norphan = 1",
    "tabs = 2\n[budget]\nskip_cache = 2\nsign_out = { count = 1, by = [1] }\norphan = { count = 1, by = [0] }",
];

/// Scenarios in which it always gives the lock back, or nobody else wants it.
const FED: [&str; 6] = [
    "tabs = 2\nstart = \"empty\"\n[budget]\nget_token = 2",
    "tabs = 2\n[budget]\nskip_cache = 3\nfail = 1",
    "tabs = 2\n[budget]\nskip_cache = 2\nclose = 1",
    "tabs = 1\n[budget]\nskip_cache = 2\norphan = 1",
    "tabs = 2\n[budget]\nskip_cache = 2\nsign_out = 1",
    "tabs = 2\n[budget]\nrefresh = 1\norphan = { count = 1, by = [0] }\nskip_cache = { count = 1, by = [0] }",
];

/// A design with a lock, of which nothing is expected.
const LOCK: &str = "title = \"A lock\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = []\n\
                    [tabs]\nrequest = \"locked\"\n";

/// A scenario without its title.
fn titled(text: &str) -> String {
    format!("title = \"A test\"\n{text}")
}

fn ends(run: &RunResult) -> &PropertyResult {
    let mut properties = run.properties.iter();
    let found = properties.find(|of| of.property == Property::EveryCallEnds);
    found.expect("every-call-ends is judged")
}

#[test]
fn who_waits_behind_a_tab_that_stopped_waits_for_ever() {
    for text in STARVING {
        let found = run(design("lock"), &scenario(&titled(text)));
        assert_eq!(ends(&found).verdict, Verdict::Violated, "{text}");
        let free = run(design("arrival-order"), &scenario(&titled(text)));
        assert_eq!(ends(&free).verdict, Verdict::Holds, "{text}");
    }
}

#[test]
fn a_lock_that_is_given_back_starves_nobody() {
    for text in FED {
        let found = run(design("lock"), &scenario(&titled(text)));
        assert_eq!(ends(&found).verdict, Verdict::Holds, "{text}");
    }
}

#[test]
fn where_no_call_has_to_wait_nothing_is_said() {
    for text in [
        "tabs = 2\n[budget]\nrefresh = 2\norphan = 1",
        "tabs = 2\n[budget]\nget_token = 2",
        "tabs = 2\nstart = \"empty\"\n[budget]\npoll = 2\norphan = 1",
    ] {
        let found = run(design("lock"), &scenario(&titled(text)));
        assert_eq!(ends(&found).verdict, Verdict::Vacuous, "{text}");
    }
}

/// Calls that are open, told by events and evidence alone: fetches that a page waits for, and how
/// many calls wait for the lock.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Open {
    fetches: BTreeSet<(TabId, TokenRequest)>,
    waiting: BTreeSet<(TabId, Call, u8)>,
}

impl Open {
    fn follow(&mut self, event: Event, evidence: &[Evidence]) {
        let sent = evidence.iter().filter_map(|item| match item {
            Evidence::Requested(tab, request) => match request.kind {
                RequestKind::Token(request @ TokenRequest::Fetch(_)) => Some((*tab, request)),
                _ => None,
            },
            _ => None,
        });
        match event {
            Event::InTab(TabAction::GetToken | TabAction::SkipCache, _) => {
                self.fetches.extend(sent)
            }
            Event::Wait(tab, call) => {
                let number = self.waiting.iter().filter(|(of, ..)| *of == tab).count();
                self.waiting.insert((tab, call, number as u8));
            }
            Event::Resume(tab, call) => {
                let of_call = |(of, which, _): &&(TabId, Call, u8)| (*of, *which) == (tab, call);
                let last = self.waiting.iter().rfind(of_call).copied();
                self.waiting.remove(&last.expect("a call that waits"));
                self.fetches.extend(sent);
            }
            Event::Respond(tab, RequestKind::Token(request))
            | Event::Spoil(RequestFault::Fail, tab, request) => {
                self.fetches.remove(&(tab, request));
            }
            Event::InTab(TabAction::Orphan | TabAction::Close, tab) => {
                self.fetches.retain(|(of, _)| *of != tab);
                self.waiting.retain(|(of, ..)| *of != tab);
            }
            _ => {}
        }
    }

    fn is_some(&self) -> bool {
        !self.fetches.is_empty() || !self.waiting.is_empty()
    }
}

/// Length of the shortest run to a state that nothing inevitable leaves and in which a call is open.
fn shortest_by_brute_force(model: &Composed) -> Option<usize> {
    let mut seen: HashMap<(System, Open), usize> = HashMap::new();
    let mut queue = VecDeque::from([(model.start(), Open::default())]);
    seen.insert((model.start(), Open::default()), 0);
    while let Some((system, open)) = queue.pop_front() {
        let depth = seen[&(system.clone(), open.clone())];
        let enabled = model.enabled(&system);
        if open.is_some() && !enabled.iter().any(|event| event.is_inevitable()) {
            return Some(depth);
        }
        for event in enabled {
            let step = model.step(&system, event);
            let mut open = open.clone();
            open.follow(event, &step.evidence);
            let key = (step.system, open);
            if !seen.contains_key(&key) {
                seen.insert(key.clone(), depth + 1);
                queue.push_back(key);
            }
        }
    }
    None
}

#[test]
fn counterexamples_and_lassos_are_as_long_as_those_of_brute_force() {
    // Who signs out waits for what the model cannot answer: that is counted otherwise.
    let of_calls = STARVING.into_iter().chain(FED);
    for text in of_calls.filter(|text| !text.contains("sign_out")) {
        let (policy, scenario) = (design("lock").policy, scenario(&titled(text)));
        let expected = shortest_by_brute_force(&Composed::new(policy, &scenario.setup));
        let result = run(design("lock"), &scenario);
        let steps = ends(&result).steps.map(|steps| steps as usize);
        assert_eq!(steps, expected, "{text}");
        let model = Monitored::new(policy, &scenario.setup, PropertySet::NONE);
        let watch = Arc::new(Watch::default());
        let found = liveness(model, &Limits::default(), &watch).expect("no disagreement");
        let mut answers = found.answers.into_iter();
        let answer = answers.find(|of| of.question == Question::EveryCallEnds);
        let answer = answer.expect("it is asked");
        let stem = answer.lasso.as_ref().map(|lasso| lasso.stem.len());
        assert_eq!(stem, expected, "{text}");
        assert_eq!(answer.cyclic_components, 0, "{text}");
        if let Some(lasso) = answer.lasso {
            assert!(lasso.cycle.is_empty(), "{text}");
            let Debt::Call { tab, holder } = lasso.debt else {
                panic!("{:?} is owed", lasso.debt);
            };
            assert!(holder.is_some_and(|holder| holder != tab), "{text}");
        }
    }
}

#[test]
fn the_story_names_who_waits_and_who_has_the_lock() {
    let models = Models::empty();
    models.write("designs/lock.toml", LOCK);
    models.write("scenarios/holder-stops.toml", titled(STARVING[0]));
    let of = ["explain", "lock", "holder-stops", "every-call-ends"];
    models.freshest(&of).ends_with(0).prints(&[
        "tab 1: page calls getToken() and waits for the lock",
        "tab 0 has the lock",
        "tab 1's call waits for ever: tab 0 has the lock, and has stopped for good",
    ]);
    let run = models.freshest(&["liveness", "--question", "every-call-ends"]);
    let run = run.ends_with(1).prints(&[
        "violated",
        "FOR EVER",
        "call never ends. It waits for the lock, which tab 0 has",
    ]);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn the_gate_fails_unless_it_is_expected() {
    let models = Models::empty();
    models.write("designs/lock.toml", LOCK);
    models.write("scenarios/holder-stops.toml", titled(STARVING[0]));
    let gate = |code| {
        let of = ["check", "--property", "every-call-ends", "--format", "json"];
        let json = models.freshest(&of).ends_with(code).json();
        json["results"][0]["properties"][0].clone()
    };
    let found = gate(1);
    assert_eq!(
        (&found["name"], &found["steps"]),
        (&"every-call-ends".into(), &5.into())
    );
    let expected = |what: &str| {
        let because = "[because]\nstops = \"Nothing takes the lock from a tab that has stopped.\"";
        let text = format!(
            "{LOCK}{because}\n[expect.holder-stops]\nevery-call-ends = {{ {what}, because = \"stops\" }}\n"
        );
        models.write("designs/lock.toml", text);
    };
    expected("steps = 4");
    assert_eq!(gate(1)["agreement"], "differs");
    expected("steps = 5");
    assert_eq!(gate(0)["agreement"], "agrees");
    expected("verdict = \"vacuous\"");
    assert_eq!(gate(1)["agreement"], "differs");
}

#[test]
fn every_output_of_the_gate_and_receipts_say_so() {
    let models = Models::empty();
    models.write("designs/lock.toml", LOCK);
    models.write("scenarios/holder-stops.toml", titled(STARVING[0]));
    let path = |file: &str| models.path().join(file).to_str().expect("UTF-8").to_owned();
    let receipt = path("receipt.json");
    for (format, file) in [
        ("json", "a.json"),
        ("junit", "a.xml"),
        ("sarif", "a.sarif"),
        ("markdown", "a.md"),
    ] {
        let output = format!("{format}={}", path(file));
        let of = [
            "check",
            "--property",
            "every-call-ends",
            "--output",
            &output,
        ];
        models.freshest(&of).ends_with(1);
        let text = std::fs::read_to_string(path(file)).expect("a readable file");
        assert!(text.contains("every-call-ends"), "{format}: {text}");
    }
    let of = [
        "check",
        "--property",
        "every-call-ends",
        "--receipt",
        &receipt,
    ];
    models.freshest(&of).ends_with(1);
    models.freshest(&["verify", &receipt]).ends_with(0);
    // The same gate with another starving scenario in its place is another one.
    models.write("scenarios/holder-stops.toml", titled(FED[0]));
    models.freshest(&["verify", &receipt]).ends_with(1);
}

#[test]
fn a_run_with_calls_that_wait_can_be_saved_and_replayed() {
    let models = Models::of(&["lock"], &["orphan"]);
    for file in ["waits.jsonl", "waits.itf.json"] {
        let path = models.path().join(file);
        let path = path.to_str().expect("a path in UTF-8");
        let of = [
            "explain",
            "lock",
            "orphan",
            "every-call-ends",
            "--save",
            path,
        ];
        models.freshest(&of).ends_with(0);
        models.freshest(&["replay", path]).ends_with(0);
    }
}

#[test]
fn a_question_that_there_is_not_is_told() {
    let run = freshest(&["liveness", "--question", "every-call"]).ends_with(2);
    run.tells(&["there is no question `every-call`", "every-call-ends"]);
}
