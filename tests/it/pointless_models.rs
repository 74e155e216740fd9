//! What a model says and nothing can come of: empty by accident, twice, or never used.

use crate::support::Models;
use freshest::property::Property;

/// Refuses a design or scenario that has this text, at this place, in these words.
#[track_caller]
fn refused(file: &str, text: &str, place: &str, told: &str) {
    let models = Models::of(&["lock"], &["s2", "lose"]);
    models.write(file, text);
    let run = models.freshest(&["list"]).ends_with(2);
    let at = format!("{file}:{place}\n");
    assert!(
        run.stderr.contains(&at) && run.stderr.contains(told),
        "no {told:?} at {at:?}:\n{}",
        run.stderr
    );
    assert_eq!(run.stderr.matches("error: ").count(), 1, "{}", run.stderr);
}

#[track_caller]
fn refused_scenario(text: &str, place: &str, told: &str) {
    let text = format!("title = \"X\"\ntabs = 2\n{text}\n");
    refused("scenarios/x.toml", &text, place, told);
}

/// A design with these lines from the third on, which are about guards.
fn guards(text: &str) -> String {
    format!("title = \"X\"\nrule = {{ comparator = \"table\" }}\n[guards]\n{text}\n")
}

#[track_caller]
fn refused_guards(text: &str, place: &str, told: &str) {
    refused("designs/x.toml", &guards(text), place, told);
}

#[track_caller]
fn accepted(file: &str, text: &str) {
    let models = Models::of(&["lock"], &["s2", "lose"]);
    models.write(file, text);
    models.freshest(&["list"]).ends_with(0);
}

#[test]
fn a_list_of_tabs_that_names_none_is_refused() {
    refused_scenario(
        "watch = []\n[budget]\nrefresh = 1",
        "3:9",
        "`watch` names no tab",
    );
    let by = "[budget]\nrefresh = { count = 1, by = [] }";
    refused_scenario(by, "4:29", "`budget.refresh.by` names no tab");
    let by = "[budget]\nrefresh = 1\nfail = { by = [  ], count = 2 }";
    refused_scenario(by, "5:15", "`budget.fail.by` names no tab");
    let by = "[budget.skip_cache]\ncount = 1\nby = []";
    refused_scenario(by, "5:6", "`budget.skip_cache.by` names no tab");
}

#[test]
fn a_budget_of_nothing_is_refused() {
    for (budget, place) in [
        ("[budget]", "3:2"),
        ("[budget]\nrefresh = 0", "3:2"),
        ("[budget]\nrefresh = 0\nfail = { count = 0 }", "3:2"),
        ("budget = {}", "3:1"),
    ] {
        refused_scenario(budget, place, "the budget allows nothing");
    }
    let nowhere = "[budget]\nrefresh = 1\nlose = { count = 0, by = [1] }";
    refused_scenario(nowhere, "5:21", "`budget.lose.by`: it happens nowhere");
    accepted(
        "scenarios/x.toml",
        "title = \"X\"\ntabs = 2\nbudget = { refresh = 1, lose = 0 }\n",
    );
    // A name that is wrong is one fault.
    refused_scenario("[budget]\nrefersh = 1", "4:1", "refersh");
}

#[test]
fn a_budget_of_nothing_is_unknown_where_every_property_has_a_reason_for_it() {
    let scenario = |properties: &[Property]| {
        let reasons = properties.iter();
        let reasons: String = reasons
            .map(|property| format!("{} = \"I say so\"\n", property.name()))
            .collect();
        format!("title = \"X\"\ntabs = 1\n[budget]\n[vacuous]\n{reasons}")
    };
    let models = Models::of(&[], &[]);
    models.write("designs/x.toml", guards("sites = []"));
    models.write("scenarios/x.toml", scenario(&Property::ALL));
    let unknown = models.freshest(&["check"]).ends_with(3);
    assert!(unknown.stdout.contains("UNKNOWN"), "{}", unknown.stdout);
    models.write("scenarios/x.toml", scenario(&Property::ALL[1..]));
    models
        .freshest(&["check"])
        .ends_with(2)
        .tells(&["the budget allows nothing"]);
}

#[test]
fn oiat_on_means_nothing_where_the_origin_sends_oiat_from_the_start() {
    let told = "`budget.oiat_on`: the origin sends oiat from the start";
    refused_scenario("[budget]\nrefresh = 1\noiat_on = 1", "5:1", told);
    let empty = "start = \"empty\"\n[budget]\nget_token = 1\noiat_on = { count = 2 }";
    refused_scenario(empty, "6:1", told);
    refused_scenario("start = \"tokens\"\n[budget]\noiat_on = 1", "5:1", told);
    let title = "title = \"X\"\ntabs = 2\n";
    for text in [
        "start = \"empty-legacy\"\n[budget]\nget_token = 1\noiat_on = 1\n",
        "start = \"legacy\"\n[budget]\nrefresh = 1\noiat_on = 1\n",
        "start = \"empty\"\nedge = \"needs-oiat\"\n[budget]\nget_token = 1\noiat_on = 0\n",
    ] {
        accepted("scenarios/x.toml", &format!("{title}{text}"));
    }
}

#[test]
fn a_budget_that_can_never_be_spent_is_refused_where_it_is() {
    let two = "refresh = 1\nskip_cache = 1";
    let no_channel = "[platform]\nbroadcast = false";
    let no_cookie = "[platform]\ncookie = false";
    for (text, place, told) in [
        (
            format!("[budget]\n{two}\nopen = 1"),
            "6:1",
            "`budget.open` can never",
        ),
        (
            format!("absent = [1]\n[budget]\n{two}\nopen = {{ count = 1, by = [0] }}"),
            "7:1",
            "`budget.open` can never",
        ),
        (
            format!("[budget]\n{two}\nfocus = 1"),
            "6:1",
            "`budget.focus` can never",
        ),
        // Who has lost focus gets none back.
        (
            format!(
                "unfocused = [1]\n[budget]\nblur = 1\nfocus = {{ by = [0], count = 1 }}\n{two}"
            ),
            "6:1",
            "`budget.focus` can never",
        ),
        (
            format!("[budget]\nevict = 2\n{two}"),
            "4:1",
            "no token expires here",
        ),
        (
            format!("[budget]\nage = 0\nevict = 2\n{two}"),
            "5:1",
            "no token expires here",
        ),
        (
            format!("[budget]\n{two}\nlose = 1\n{no_channel}"),
            "6:1",
            "no broadcast channel",
        ),
        (
            format!("[budget]\n{two}\ndrop = 1\n{no_channel}"),
            "6:1",
            "no broadcast channel",
        ),
        (
            format!("[budget]\n{two}\ncookie_loss = 1\n{no_cookie}"),
            "6:1",
            "there is no cookie",
        ),
        (
            format!("absent = [1]\n[budget]\n{two}\nget_token = {{ count = 1, by = [1] }}"),
            "7:1",
            "`budget.get_token` can never happen: no tab",
        ),
        (
            format!("absent = [1]\n[budget]\n{two}\nlose = {{ count = 1, by = [1] }}"),
            "7:1",
            "`budget.lose` can never happen: no tab",
        ),
    ] {
        refused_scenario(&text, place, told);
    }
    let alone = "title = \"X\"\ntabs = 1\n[budget]\nrefresh = 2\nlose = 1\n";
    refused("scenarios/x.toml", alone, "5:1", "there is one tab");
    for text in [
        "absent = [1]\n[budget]\nrefresh = 1\nopen = { count = 1, by = [1] }",
        "absent = [1]\n[budget]\nopen = 1\nget_token = { count = 1, by = [1] }",
        "unfocused = [0]\n[budget]\nrefresh = 1\nfocus = 1",
        "[budget]\nrefresh = 1\nage = 2\nevict = 1",
        "[budget]\nskip_cache = 1\nlose = 1\ndrop = 1\ncookie_loss = 1\nopen = 0\nfocus = 0",
    ] {
        let text = format!("title = \"X\"\ntabs = 2\n{text}\n");
        accepted("scenarios/x.toml", &text);
    }
}

#[test]
fn a_budget_with_which_nothing_can_begin_is_refused() {
    let told = "nothing here can begin";
    for (text, place) in [
        // Faults need something that they happen to.
        ("[budget]\nfail = 1", "3:2"),
        ("[budget]\nlose = 2\ndrop = 1\nage = 2", "3:2"),
        ("[budget]\ncookie_loss = 1\nrollout = 1", "3:2"),
        ("start = \"legacy\"\n[budget]\noiat_on = 1", "4:2"),
        // There is no request under way, and no token.
        ("[budget]\norphan = 1", "3:2"),
        ("start = \"empty\"\n[budget]\nrefresh = 3", "4:2"),
        (
            "start = \"empty-legacy\"\nbudget = { refresh = 1, clear_cache = 1 }",
            "4:1",
        ),
        ("start = \"empty\"\n[budget]\nevict = 1\nage = 2", "4:2"),
    ] {
        refused_scenario(text, place, told);
    }
    for text in [
        "[budget]\nrefresh = 1",
        "[budget]\nclose = 1",
        "[budget]\nage = 2\nevict = 1",
        "start = \"empty\"\n[budget]\nrefresh = 1\npoll = 1",
        "start = \"empty\"\nabsent = [0, 1]\n[budget]\nopen = 1\nrefresh = 1",
    ] {
        let text = format!("title = \"X\"\ntabs = 2\n{text}\n");
        accepted("scenarios/x.toml", &text);
    }
    // Who gives a reason for every property means it; then the gate is not passed.
    let reasons = Property::ALL.map(|property| format!("{property} = \"I say so\"\n"));
    let scenario = format!(
        "title = \"X\"\ntabs = 1\n[budget]\nfail = 1\n[vacuous]\n{}",
        reasons.concat()
    );
    let models = Models::of(&[], &[]);
    models.write("designs/x.toml", guards("sites = []"));
    models.write("scenarios/x.toml", scenario);
    models.freshest(&["check", "-q"]).ends_with(3);
}

#[test]
fn whatever_is_named_twice_in_a_set_is_refused() {
    let told = "is there already";
    refused_guards("sites = [\"broadcast\", \"broadcast\"]", "4:23", told);
    refused_guards("sites = [\"seed\", \"cookie\", \"seed\"]", "4:28", told);
    let measures = "sites = []\nmeasures = [\"key-asks\", \"out-ignores\", \"key-asks\"]";
    refused_guards(measures, "5:40", told);
    for key in ["watch", "absent", "unfocused"] {
        let place = format!("3:{}", key.len() + 8);
        let text = format!("{key} = [1, 1]\n[budget]\nrefresh = 1");
        refused_scenario(&text, &place, told);
    }
    let by = "[budget]\nrefresh = { count = 1, by = [0, 1, 0] }";
    refused_scenario(by, "4:36", told);
    let link = "https://example.com/a";
    for (key, value) in [("releases", "1.2.3"), ("sources", link)] {
        let text = format!(
            "{key} = [\"{value}\", \"{value}\"]\n{}",
            guards("sites = []")
        );
        let place = format!("1:{}", key.len() + value.len() + 9);
        refused("designs/x.toml", &text, &place, told);
    }
}

#[test]
fn an_expectation_of_nothing_is_refused() {
    let with = |text: &str| guards(&format!("sites = []\n{text}"));
    let file = "designs/x.toml";
    refused(
        file,
        &with("[expect.s2]"),
        "5:9",
        "`expect.s2` names no property",
    );
    refused(
        file,
        &with("[expect]\ns2 = {}"),
        "6:1",
        "`expect.s2` names no property",
    );
    refused(file, &with("[expect]"), "5:2", "`expect` names no scenario");
    let one = "[because]\nwhy = \"x\"\n[expect.s2]\ntie-is-adopted = { because = \"why\" }\n";
    accepted(file, &with(one));
    let second = with(&format!("{one}[expect.lose]"));
    refused(file, &second, "9:9", "`expect.lose` names no property");
}

#[test]
fn a_guard_or_a_measure_that_can_never_be_used_is_refused() {
    let invalidation = "\n[tabs]\npost = \"invalidation\"";
    let swap = "\n[tabs]\nanswer = \"compare-and-swap\"";
    let no_token = "no broadcast carries a token";
    for (text, place, told) in [
        (
            format!("sites = [\"broadcast\"]{invalidation}"),
            "4:10",
            no_token,
        ),
        (
            format!("sites = [\"client\", \"broadcast\"]{invalidation}"),
            "4:20",
            no_token,
        ),
        (
            format!("sites = []\nmeasures = [\"adoption-seeds\"]{invalidation}"),
            "5:13",
            no_token,
        ),
        (
            "sites = [\"broadcast\"]\nmeasures = [\"superseded-posts\"]".to_owned(),
            "5:13",
            "without the baseline guard",
        ),
        (
            format!("sites = [\"baseline\"]\nmeasures = [\"superseded-posts\"]{swap}"),
            "5:13",
            "is discarded",
        ),
        (
            "sites = [\"baseline\", \"seed\"]\nmeasures = [\"legacy-cookie\"]".to_owned(),
            "5:13",
            "there is no cookie guard",
        ),
        (
            "sites = [\"seed\", \"cookie\"]\nmeasures = [\"dead-yields\"]".to_owned(),
            "5:13",
            "no guard decides what the slot",
        ),
    ] {
        refused_guards(&text, place, told);
    }
    for text in [
        "sites = [\"broadcast\"]".to_owned(),
        format!("sites = [\"install\", \"client\"]{invalidation}"),
        "sites = [\"baseline\"]\nmeasures = [\"superseded-posts\", \"dead-yields\"]".to_owned(),
        "sites = [\"cookie\"]\nmeasures = [\"legacy-cookie\", \"adoption-seeds\"]".to_owned(),
    ] {
        accepted("designs/x.toml", &guards(&text));
    }
}

#[test]
fn a_401_is_refused_beside_what_would_ask_for_the_client_twice() {
    for (beside, told) in [
        ("poll = 1", "not modelled together with `poll`"),
        ("focus = 1", "not modelled together with `focus`"),
    ] {
        let text = format!("[budget]\nrefresh = 1\nunauthorized = 1\n{beside}");
        refused_scenario(&text, "5:1", told);
    }
    let text = "keys = 2\n[budget]\nrefresh = 1\nswitch = 1\nunauthorized = 1";
    let told = "not modelled together with two organisations";
    refused_scenario(text, "7:1", told);
}

#[test]
fn a_change_of_the_organisation_is_refused_where_there_is_none_or_its_end_may_find_no_token() {
    let needs_two = "`budget.switch` needs two organisations";
    let may_be_empty = "the slot that it reads at its end may be empty";
    for (text, place, told) in [
        ("[budget]\nswitch = 1", "4:1", needs_two),
        (
            "keys = 1\n[budget]\nrefresh = 1\nswitch = 2",
            "6:1",
            needs_two,
        ),
        ("[budget.switch]\ncount = 1\nby = [1]", "3:9", needs_two),
        (
            "keys = 2\n[budget]\nage = 1\nswitch = 1",
            "6:1",
            may_be_empty,
        ),
        (
            "piggyback = false\nkeys = 2\n[budget]\nswitch = { count = 1, by = [0] }",
            "6:1",
            may_be_empty,
        ),
        (
            "keys = 2\n[budget]\nrefresh = 1\nswitch = -1",
            "6:10",
            "budget.switch",
        ),
        (
            "keys = 2\n[budget]\nrefresh = 1\nswitch = true",
            "6:10",
            "budget.switch",
        ),
        (
            "keys = 2\n[budget]\nrefresh = 1\nswitch = \"org_1\"",
            "6:10",
            "budget.switch",
        ),
        (
            "keys = 2\n[budget]\nswitch = { count = 1, to = 1 }",
            "5:23",
            "budget.switch.to",
        ),
        ("keys = 3\n[budget]\nswitch = 1", "3:8", "`keys`"),
        (
            "keys = 2\n[budget]\nswitch = { by = [0] }",
            "5:1",
            "`budget.switch` has no `count`",
        ),
    ] {
        refused_scenario(text, place, told);
    }
    let text = "title = \"X\"\ntabs = 2\nkeys = 2\n[budget]\nswitch = { count = 1, by = [1] }\n";
    accepted("scenarios/x.toml", text);
}
