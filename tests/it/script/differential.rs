//! A script that decides as the table does is the table, and no other is.

use super::*;

/// The standard table as a script.
fn scripted() -> Policy {
    let models = models("rule.ts", STANDARD);
    let catalog = models.catalog();
    catalog.design("scripted").expect("the design").policy
}

#[test]
fn the_standard_script_gives_what_the_built_in_table_gives_in_every_scenario() {
    let built_in = design("pr-9030").policy;
    let scripted = scripted();
    assert!(matches!(scripted.rules.usual(), Rule::External(_)));
    assert_eq!(
        (scripted.guards, scripted.seed_from),
        (built_in.guards, built_in.seed_from)
    );
    for scenario in &catalog().scenarios {
        let run = |policy: Policy| {
            let model = Monitored::new(policy, &scenario.setup, PropertySet::ALL);
            let (method, limits) = (Method::default(), Limits::default());
            explore(model, &method, &limits, &Arc::new(Watch::default())).expect("an outcome")
        };
        let (one, other) = (run(built_in), run(scripted));
        let name = &scenario.name;
        assert_eq!(
            (one.states, one.transitions),
            (other.states, other.transitions),
            "{name}"
        );
        assert_eq!((one.depth, one.rows), (other.depth, other.rows), "{name}");
        assert_eq!(one.findings, other.findings, "{name}");
    }
}

#[test]
fn both_engines_ask_the_script() {
    let scenario = known_scenario("s2");
    let run = |engine| {
        let method = Method {
            engine,
            audit_every: 1,
            ..Method::default()
        };
        let model = Monitored::new(scripted(), &scenario.setup, PropertySet::ALL);
        let watch = Arc::new(Watch::default());
        explore(model, &method, &Limits::default(), &watch).expect("an outcome")
    };
    let (fast, slow) = (run(Engine::Fast), run(Engine::Stateright));
    assert_eq!(
        (fast.states, fast.transitions),
        (slow.states, slow.transitions)
    );
}

#[test]
fn the_script_agrees_with_the_table_on_stamps_at_the_bounds() {
    let scripted = scripted().rules.usual();
    let built_in = design("pr-9030").policy.rules.usual();
    let instants = [None, Some(0), Some(1), Some(2), Some(127)];
    for (e, i) in instants
        .iter()
        .flat_map(|e| instants.iter().map(move |i| (*e, *i)))
    {
        for (iat_e, iat_i) in [(None, Some(0)), (Some(3), Some(3)), (Some(1), None)] {
            let existing = TokenView {
                oiat: e,
                iat: iat_e,
                ..TokenView::default()
            };
            let incoming = TokenView {
                oiat: i,
                iat: iat_i,
                format: 1,
                ..TokenView::default()
            };
            let winner = |rule: Rule| rule.decide(&existing, &incoming).winner;
            assert_eq!(winner(scripted), winner(built_in), "{existing} {incoming}");
        }
    }
    scripted.check().expect("a reliable script");
}

#[test]
fn a_script_is_one_comparator_however_often_it_is_loaded() {
    let models = models("rule.ts", STANDARD);
    let rule = |models: &Models| models.catalog().designs[0].policy.rules.usual();
    assert_eq!(rule(&models), rule(&models));
    let (Rule::External(External(one)), before) = (rule(&models), rule(&models)) else {
        panic!("no script");
    };
    assert!(!one.has_failed());
    models.write("designs/rule.ts", format!("{STANDARD}\n// changed\n"));
    assert_ne!(rule(&models), before);
}
