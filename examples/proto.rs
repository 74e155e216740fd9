use freshest::{cache::*, freshness::*, model::*, property::*, scenario::*};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::hash::{Hash, Hasher};
fn policy(n: &str) -> Policy {
    let g = |s: &[Site]| s.iter().copied().collect::<Guards>();
    use Site::*;
    let t = Rule::Table(Table::STANDARD);
    let (rule, guards, seed) = match n {
        "iat-guard" => (Rule::IatOnly, g(&[Broadcast]), SeedFrom::LastActive),
        "pr-8097" => (t, g(&[Broadcast]), SeedFrom::LastActive),
        "pr-9030" => (
            t,
            g(&[Broadcast, Baseline, Seed, Cookie]),
            SeedFrom::LastActive,
        ),
        "four-guards" => (
            Rule::OiatElseIat,
            g(&[Broadcast, Install, Dispatch, Cookie]),
            SeedFrom::LastActive,
        ),
        "session-guards" => (
            Rule::Table(Table::STANDARD.with(Row::A5, Winner::Existing)),
            g(&[Broadcast, Dispatch]),
            SeedFrom::LastActive,
        ),
        "session-guards-tie" => (t, g(&[Broadcast, Dispatch]), SeedFrom::LastActive),
        "cache-seed" => (t, g(&[Broadcast, Baseline, Seed, Cookie]), SeedFrom::Cache),
        _ => panic!(),
    };
    Policy {
        rule,
        guards,
        seed_from: seed,
    }
}
fn sc(name: &str) -> Scenario {
    let mut s = Scenario {
        name: name.into(),
        title: "".into(),
        tabs: 2,
        start: Start::Tokens,
        budgets: Budgets::default(),
        by: BTreeMap::new(),
        watch: TabSet::ALL,
        gate: true,
        vacuous: BTreeMap::new(),
    };
    let b = |l: &[(&str, u8)]| {
        let mut b = Budgets::default();
        for (n, c) in l {
            b.set(Stimulus::from_name(n).unwrap(), *c)
        }
        b
    };
    s.budgets = match name {
        "bystander" => {
            s.tabs = 3;
            s.by.insert(Stimulus::Refresh, [TabId(0)].into_iter().collect());
            s.by.insert(Stimulus::SkipCache, [TabId(1)].into_iter().collect());
            s.watch = [TabId(2)].into_iter().collect();
            b(&[("refresh", 1), ("skip_cache", 1)])
        }
        "broadcast-only" => {
            s.by.insert(Stimulus::SkipCache, [TabId(0)].into_iter().collect());
            b(&[("refresh", 1), ("skip_cache", 1)])
        }
        "own-refresh" => b(&[("refresh", 2), ("skip_cache", 1)]),
        "two-forced" => b(&[("refresh", 1), ("skip_cache", 2)]),
        "failures" => b(&[("refresh", 1), ("skip_cache", 2), ("fail", 1)]),
        "fail-retry" => b(&[
            ("refresh", 1),
            ("skip_cache", 1),
            ("fail", 1),
            ("get_token", 1),
        ]),
        "expiry" => b(&[
            ("refresh", 1),
            ("skip_cache", 1),
            ("get_token", 1),
            ("age", 2),
        ]),
        "clear" => b(&[
            ("refresh", 1),
            ("skip_cache", 1),
            ("get_token", 1),
            ("clear_cache", 1),
        ]),
        "rollout-format" => b(&[
            ("skip_cache", 2),
            ("get_token", 1),
            ("rollout", 1),
            ("cookie_loss", 1),
        ]),
        "legacy-rollout" => {
            s.start = Start::Legacy;
            b(&[("refresh", 1), ("skip_cache", 2), ("oiat_on", 1)])
        }
        "cookie" => b(&[
            ("refresh", 1),
            ("skip_cache", 1),
            ("get_token", 2),
            ("cookie_loss", 1),
        ]),
        "three-tabs" => {
            s.tabs = 3;
            b(&[("refresh", 1), ("skip_cache", 2)])
        }
        "r1s1" => b(&[("refresh", 1), ("skip_cache", 1)]),
        "s2" => b(&[("skip_cache", 2)]),
        "r3" => b(&[("refresh", 3)]),
        "legacy-s2" => {
            s.start = Start::Legacy;
            b(&[("skip_cache", 2), ("oiat_on", 1)])
        }
        "age-s1g1a2" => b(&[("skip_cache", 1), ("get_token", 1), ("age", 2)]),
        "t3-r1s1" => {
            s.tabs = 3;
            b(&[("refresh", 1), ("skip_cache", 1)])
        }
        _ => panic!("{name}"),
    };
    s
}
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let designs: Vec<&str> = a[0].split(',').collect();
    for scn in &a[1..] {
        for d in &designs {
            let t = std::time::Instant::now();
            let m = Composed::new(policy(d), &sc(scn), PropertySet::ALL);
            let mut seen = HashSet::new();
            let mut core = HashMap::new();
            let fp = |s: &System| {
                let mut h = std::collections::hash_map::DefaultHasher::new();
                s.hash(&mut h);
                h.finish()
            };
            let fc = |s: &System| {
                let mut h = std::collections::hash_map::DefaultHasher::new();
                s.hash_graph(&mut h);
                h.finish()
            };
            let s0 = m.start();
            seen.insert(fp(&s0));
            let mut q = VecDeque::new();
            q.push_back((s0, 0));
            let mut first: BTreeMap<Property, u32> = BTreeMap::new();
            let mut wit = PropertySet::NONE;
            while let Some((s, d)) = q.pop_front() {
                let ev = m.enabled(&s);
                core.insert(fc(&s), ev.len());
                for e in ev {
                    let st = m.step(&s, e);
                    for p in st.verdicts.violated.iter() {
                        first.entry(p).or_insert(d + 1);
                    }
                    wit = wit.or(st.verdicts.witnessed);
                    if seen.insert(fp(&st.system)) {
                        q.push_back((st.system, d + 1));
                    }
                }
            }
            let tr: usize = core.values().sum();
            let cells: Vec<String> = Property::ALL
                .iter()
                .zip("A B G I C D E F H J".split(' '))
                .map(|(p, l)| match first.get(p) {
                    Some(n) => format!("{l}{n}"),
                    None if wit.has(*p) => "".into(),
                    None => format!("({l})"),
                })
                .collect();
            println!(
                "{scn:15} {d:18} {}/{} (with history {}) {:.1}s {}",
                core.len(),
                tr,
                seen.len(),
                t.elapsed().as_secs_f32(),
                cells.join(" ")
            );
        }
    }
}
