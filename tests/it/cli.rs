//! The program as its users meet it: exit codes, output, errors.

use crate::support::{self, Models, Run, command, freshest};
use serde_json::Value;
use std::io::Read;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const HEADLINE: [&str; 4] = [
    "explain",
    "pr-8097",
    "own-refresh",
    "cached-oiat-never-decreases",
];

/// A run that no computer ends within a test, about a property that holds all the way.
const ENDLESS: [&str; 5] = [
    "check",
    "--scenario",
    "endless",
    "--property",
    "cached-oiat-never-decreases",
];

/// The models of [`ENDLESS`].
fn endless() -> Models {
    let models = Models::empty();
    models.write(
        "designs/guarded.toml",
        "title = \"Guarded\"\n[rule]\ncomparator = \"table\"\n\
         [guards]\nsites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n",
    );
    models.write(
        "scenarios/endless.toml",
        "title = \"Too much\"\ntabs = 4\n[budget]\nrefresh = 9\nskip_cache = 9\n",
    );
    models
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

/// The models of one small run, of which a test breaks the expectation or the scenario.
fn small() -> Models {
    let models = Models::of(&[], &["s2"]);
    models.write(
        "designs/only.toml",
        "title = \"Only\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [\"broadcast\"]\n\
         [because]\nlast = \"The tab that is answered last writes last.\"\n\
         [expect.s2]\ncookie-oiat-never-decreases = { steps = 7, because = \"last\" }\n\
         returned-oiat-never-decreases = { steps = 7, because = \"last\" }\n\
         returned-claims-never-regress = { steps = 7, because = \"last\" }\n\
         returned-is-not-outranked = { steps = 7, because = \"last\" }\n",
    );
    models
}

mod exit_code {
    use super::*;

    #[test]
    fn is_0_when_every_verdict_is_as_expected() {
        small().freshest(&["check"]).ends_with(0).prints(&["PASS"]);
        small().freshest(&[]).ends_with(0).prints(&["PASS"]);
    }

    #[test]
    fn is_1_when_a_verdict_differs() {
        let models = small();
        models.edit("designs/only.toml", "cookie-oiat-never", "tab-oiat-never");
        let run = models.freshest(&["check"]).ends_with(1).prints(&["FAIL"]);
        run.prints(&[
            "cookie-oiat-never-decreases: only is violated in 7 events, expected: holds",
            "freshest explain only s2 cookie-oiat-never-decreases",
            "tab-oiat-never-decreases: only holds, expected: violated in 7 events",
        ]);
    }

    #[test]
    fn is_1_when_the_shortest_counterexample_has_another_length() {
        let models = small();
        models.edit("designs/only.toml", "steps = 7", "steps = 8");
        let run = models.freshest(&["check"]).ends_with(1);
        run.prints(&["only is violated in 7 events, expected: violated\n    in 8 events (s2)"]);
    }

    #[test]
    fn is_2_when_an_argument_is_wrong() {
        for args in [
            &["chekc"][..],
            &["check", "--max-states", "0"],
            &["check", "--max-states", "many"],
            &["check", "--time-limit", "0"],
            &["check", "--time-limit", "NaN"],
            &["check", "--threads", "0"],
            &["check", "--format", "yaml"],
            &["check", "--nonsense"],
            &["explain", "pr-8097", "r1s1", "tabs-converge", "--nonsense"],
            &["traces", "pr-8097", "r1s1", "--seed", "2"],
        ] {
            let run = freshest(args).ends_with(2);
            assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{args:?}");
        }
    }

    #[test]
    fn is_2_when_a_name_is_unknown_and_the_nearest_one_is_suggested() {
        let unknown = |args: &[&str], told: &str, help: &str| {
            let run = freshest(args).ends_with(2).tells(&[told, help]);
            assert_eq!(run.stdout, "");
        };
        let design = "there is no design `pr8097`";
        unknown(
            &["check", "--design", "pr8097"],
            design,
            "did you mean `pr-8097`?",
        );
        unknown(
            &["table", "--design", "pr8097"],
            design,
            "did you mean `pr-8097`?",
        );
        let scenario = "there is no scenario `own-refesh`";
        let args = ["explain", "pr-8097", "own-refesh", "tabs-converge"];
        unknown(&args, scenario, "did you mean `own-refresh`?");
        let args = ["traces", "pr-8097", "own-refesh"];
        unknown(&args, scenario, "did you mean `own-refresh`?");
        let property = "there is no property `tab-converge`";
        let args = ["check", "--property", "tab-converge"];
        unknown(&args, property, "did you mean `tabs-converge`?");
    }

    #[test]
    fn is_2_when_there_are_no_models() {
        let nowhere = support::models().join("nowhere");
        let nowhere = nowhere.to_str().expect("a path in UTF-8");
        for command in ["check", "list"] {
            let run = freshest(&[command, "--models", nowhere]).ends_with(2);
            run.tells(&["nowhere/designs", "nowhere/scenarios", "--models DIR"]);
        }
    }

    #[test]
    fn is_2_when_a_folder_of_models_is_empty() {
        let run = Models::empty().freshest(&["check"]).ends_with(2);
        run.tells(&[
            "designs",
            "scenarios",
            "holds no TOML file",
            "nothing to check",
        ]);
        let run = Models::of(&["pr-9030"], &[])
            .freshest(&["list"])
            .ends_with(2);
        run.tells(&["scenarios", "holds no TOML file"]);
    }

    #[test]
    fn is_2_when_a_file_is_malformed_even_if_it_was_not_asked_for() {
        let models = small();
        models.write("designs/broken.toml", "title = ");
        let run = models.freshest(&["check", "--design", "only"]).ends_with(2);
        run.tells(&["designs/broken.toml:1:"]);
    }

    #[test]
    fn is_3_when_a_bound_was_hit() {
        let run = small()
            .freshest(&["check", "--max-states", "10"])
            .ends_with(3);
        run.prints(&["stopped at 10 states (--max-states)", "UNKNOWN", "??"]);
        let args = [
            "explain",
            "pr-9030",
            "own-refresh",
            "tabs-converge",
            "--max-states",
            "10",
        ];
        freshest(&args)
            .ends_with(3)
            .prints(&["inconclusive", "stopped at 10 states (--max-states)"]);
    }

    #[test]
    fn is_3_when_the_time_was_up() {
        let mut args = ENDLESS.to_vec();
        args.extend(["--time-limit", "0.2"]);
        let began = Instant::now();
        let run = endless().freshest(&args).ends_with(3);
        run.prints(&["stopped at --time-limit 0.2", "UNKNOWN"]);
        assert!(began.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn is_3_when_a_property_is_vacuous_and_nobody_expected_that() {
        let models = small();
        let reason = "tie-is-adopted = \"Without a rollout";
        models.edit("scenarios/s2.toml", reason, &format!("# {reason}"));
        let run = models
            .freshest(&["check"])
            .ends_with(3)
            .prints(&["UNKNOWN"]);
        run.prints(&["tie-is-adopted: only is vacuous, expected: holds"]);
    }

    #[test]
    fn is_1_when_one_verdict_differs_and_another_is_unknown() {
        let models = small();
        models.edit("designs/only.toml", "steps = 7", "steps = 8");
        let reason = "tie-is-adopted = \"Without a rollout";
        models.edit("scenarios/s2.toml", reason, &format!("# {reason}"));
        models.freshest(&["check"]).ends_with(1).prints(&["FAIL"]);
    }

    #[test]
    fn is_1_when_an_expected_vacuity_does_not_happen() {
        let models = small();
        let text = "[vacuous]\ntabs-converge = \"Not so.\"\n";
        models.edit("scenarios/s2.toml", "[vacuous]\n", text);
        let run = models.freshest(&["check"]).ends_with(1);
        run.prints(&["tabs-converge: only holds, expected: vacuous"]);
    }
}

mod check {
    use super::*;

    #[test]
    fn json_has_every_field_of_the_contract() {
        let run = small()
            .freshest(&["check", "--format", "json"])
            .ends_with(0);
        let report = run.json();
        assert_eq!(report["version"], 1);
        let results = report["results"].as_array().expect("results");
        assert_eq!(results.len(), 1);
        let result = &results[0];
        assert_eq!(
            (&result["design"], &result["scenario"]),
            (&"only".into(), &"s2".into())
        );
        assert_eq!(result["states"], 305);
        assert_eq!(result["transitions"], 469);
        assert!(result["depth"].as_u64().is_some_and(|depth| depth > 5));
        assert_eq!(result["complete"], true);
        assert_eq!(result["bound"], Value::Null);
        assert!(
            result["seconds"]
                .as_f64()
                .is_some_and(|seconds| seconds > 0.0)
        );
        let rows = result["rows"].as_array().expect("rows");
        assert!(
            rows.iter()
                .all(|row| row.as_str().is_some_and(|row| row.len() == 2))
        );
        let properties = result["properties"].as_array().expect("properties");
        assert_eq!(properties.len(), freshest::property::Property::ALL.len());
        for property in properties {
            for field in [
                "name",
                "verdict",
                "expected",
                "steps",
                "because",
                "agreement",
            ] {
                assert!(keys(property).contains(&field), "{field} in {property}");
            }
            let verdict = property["verdict"].as_str().expect("a verdict");
            assert!(
                ["holds", "violated", "vacuous"].contains(&verdict),
                "{verdict}"
            );
            assert_eq!(
                property["steps"].is_u64(),
                verdict == "violated",
                "{property}"
            );
        }
    }

    #[test]
    fn json_of_a_run_that_hit_a_bound_says_so() {
        let args = ["check", "--max-states", "10", "--format", "json"];
        let report = small().freshest(&args).ends_with(3).json();
        let result = &report["results"][0];
        assert_eq!(result["complete"], false);
        assert_eq!(result["bound"], "stopped at --max-states 10");
        assert_eq!(result["states"], 10);
        let property = &result["properties"][0];
        assert_eq!(property["verdict"], "inconclusive");
        assert_eq!(property["agreement"], "unknown");
    }

    #[test]
    fn a_counterexample_found_before_the_bound_is_a_verdict_all_the_same() {
        let args = [
            "check",
            "--design",
            "pr-8097",
            "--scenario",
            "own-refresh",
            "--property",
            "cached-oiat-never-decreases",
            "--max-states",
            "3000",
        ];
        let run = freshest(&args).ends_with(0);
        run.prints(&["stopped at 3,000 states (--max-states)", "PASS"]);
    }

    #[test]
    fn the_results_come_in_the_order_of_the_arguments_whoever_is_done_first() {
        let args = [
            "check",
            "--format",
            "json",
            "--threads",
            "4",
            "--design",
            "pr-9030",
            "--design",
            "iat-guard",
            "--scenario",
            "r3",
            "--scenario",
            "s2",
        ];
        let report = freshest(&args).ends_with(0).json();
        let results = report["results"].as_array().expect("results");
        let names = results
            .iter()
            .map(|r| (r["design"].as_str(), r["scenario"].as_str()));
        let pair = |design, scenario| (Some(design), Some(scenario));
        let expected = [
            pair("pr-9030", "r3"),
            pair("pr-9030", "s2"),
            pair("iat-guard", "r3"),
            pair("iat-guard", "s2"),
        ];
        assert!(names.eq(expected), "{report}");
    }

    #[test]
    fn only_the_properties_asked_for_are_judged() {
        let args = ["check", "--property", "tabs-converge", "--format", "json"];
        let report = small().freshest(&args).ends_with(0).json();
        let properties = report["results"][0]["properties"]
            .as_array()
            .expect("properties");
        let names: Vec<_> = properties.iter().map(|p| p["name"].as_str()).collect();
        assert_eq!(names, [Some("tabs-converge")]);
    }

    #[test]
    fn text_is_plain_and_silent_on_standard_error_when_it_goes_into_a_pipe() {
        for args in [&["check"][..], &["list"], &["table"]] {
            let run = small().freshest(args).ends_with(0);
            assert!(!run.stdout.contains('\u{1b}'), "escape codes in {args:?}");
            assert_eq!(run.stderr, "", "{args:?}: no progress without a terminal");
        }
    }

    #[test]
    fn the_tables_fit_in_80_columns_whatever_the_verdicts() {
        for args in [&["check"][..], &["check", "--max-states", "10"], &["table"]] {
            let text = small().freshest(args).stdout;
            // Below the table come sentences and commands to be copied, which are not broken.
            let table = text.split("Not as expected").next().unwrap_or_default();
            for line in table.lines() {
                assert!(line.chars().count() <= 80, "{args:?}: {line}");
            }
        }
    }
}

mod explain {
    use super::*;

    #[test]
    fn tells_the_headline_in_seven_steps() {
        let run = freshest(&HEADLINE).ends_with(0);
        assert!(run.stdout.contains("\n  7. ") && !run.stdout.contains("\n  8. "));
        run.prints(&[
            "cached-oiat-never-decreases is violated",
            "  1. tab 0: refresh timer fires",
            "  2. time goes on",
            "the edge copies the claims of the seed and mints [oiat 1, iat 2]",
            "the origin reads the database and mints [oiat 2, iat 2]",
            "  7. tab 0's background refresh is answered: [oiat 1, iat 2]",
            "tab 0 posts [oiat 1, iat 2] to the other tabs",
            "cookie: [oiat 2, iat 2] -> [oiat 1, iat 2]",
            "VIOLATED in step 7",
            "tab 0 held [oiat 2, iat 2], now holds [oiat 1, iat 2]",
            "What to look at",
        ]);
    }

    #[test]
    fn names_the_row_and_the_guard_that_decided() {
        let args = [
            "explain",
            "iat-guard",
            "bystander",
            "fresher-broadcast-is-kept",
        ];
        let run = freshest(&args).ends_with(0).prints(&["VIOLATED in step 9"]);
        run.prints(&["row A2 (incoming oiat later)", "tab 2's broadcast guard"]);
    }

    #[test]
    fn tells_the_shortest_opportunity_of_a_property_that_holds() {
        let args = [
            "explain",
            "pr-9030",
            "own-refresh",
            "cached-oiat-never-decreases",
        ];
        let run = freshest(&args).ends_with(0);
        run.prints(&["is not violated", "OPPORTUNITY in step 7", "row A1"]);
    }

    #[test]
    fn says_why_a_property_is_vacuous() {
        let run = freshest(&["explain", "pr-8097", "r3", "tabs-converge"]).ends_with(3);
        run.prints(&["vacuous", "two tabs hold readable tokens of different oiat"]);
    }

    #[test]
    fn json_has_the_same_story() {
        let mut args = HEADLINE.to_vec();
        args.extend(["--format", "json"]);
        let story = freshest(&args).ends_with(0).json();
        assert_eq!(story["version"], 1);
        assert_eq!(story["claim"], "violated");
        assert_eq!(story["steps"].as_array().map(Vec::len), Some(7));
        assert_eq!(story["steps"][0]["event"]["kind"], "refresh");
        assert_eq!(story["steps"][6]["number"], 7);
    }

    #[test]
    fn stories_fit_in_80_columns() {
        let tabs = ["explain", "pr-8097", "three-tabs", "tabs-converge"];
        for args in [HEADLINE, tabs] {
            for line in freshest(&args).ends_with(0).stdout.lines() {
                assert!(line.chars().count() <= 80, "{line}");
            }
        }
    }
}

mod replay {
    use super::*;

    /// Models with a saved trace of the headline.
    fn saved() -> (Models, String) {
        let models = Models::copy();
        let trace = models.path().join("trace.jsonl");
        let trace = trace.to_str().expect("a path in UTF-8").to_owned();
        let mut args = HEADLINE.to_vec();
        args.extend(["--save", &trace]);
        models.freshest(&args).ends_with(0);
        (models, trace)
    }

    #[test]
    fn a_saved_counterexample_applies() {
        let (models, trace) = saved();
        let run = models.freshest(&["replay", &trace]).ends_with(0);
        run.prints(&["1 trace, 7 steps", "violates\ncached-oiat-never-decreases"]);
    }

    #[test]
    fn saving_leaves_no_other_file_behind() {
        let (models, _) = saved();
        let entries = std::fs::read_dir(models.path()).expect("a directory");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["designs", "scenarios", "trace.jsonl"]);
    }

    #[test]
    fn a_trace_no_longer_applies_when_the_design_has_changed() {
        let (models, trace) = saved();
        let design = "designs/pr-8097.toml";
        models.edit(
            design,
            "sites = [\"broadcast\"]",
            "sites = [\"broadcast\", \"baseline\"]",
        );
        let run = models.freshest(&["replay", &trace]).ends_with(1);
        let run = run.prints(&[
            "pr-8097 in own-refresh departs from the trace in step 7 of 7",
            "\n  7. tab 0's background refresh is answered: [oiat 1, iat 2]\n",
            "Other than recorded, after step 7",
            "tab 0's cache: was [oiat 1, iat 2], now [oiat 2, iat 2]",
            "The old counterexample of cached-oiat-never-decreases no longer happens.",
            "freshest explain pr-8097 own-refresh cached-oiat-never-decreases --models ",
        ]);
        // In the story's words, not in those of the file.
        assert!(!run.stdout.contains("\":"), "{}", run.stdout);
        for line in run.stdout.lines().filter(|line| !line.contains("--models")) {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn a_counterexample_that_comes_about_otherwise_now_is_not_told_to_be_gone() {
        let (models, trace) = saved();
        // Whether a timer is set is none of what is violated.
        models.edit("trace.jsonl", "\"armed\":true", "\"armed\":false");
        let run = models.freshest(&["replay", &trace]).ends_with(1);
        run.prints(&[
            "tab 1's refresh timer: was not set, now set",
            "no longer happens as\n  recorded, but its events still violate it, in step 7.",
        ]);
    }

    #[test]
    fn a_trace_no_longer_applies_when_its_event_cannot_happen() {
        let (models, trace) = saved();
        let scenario = "scenarios/own-refresh.toml";
        models.edit(scenario, "skip_cache = 1", "skip_cache = 0");
        let run = models.freshest(&["replay", &trace]).ends_with(1);
        run.prints(&[
            "departs from the trace in step 3 of 7",
            "Step 3, \"tab 0: page asks for a token past the cache\", cannot happen here",
            "tab 0's background refresh reaches the mint",
            "no longer happens.",
        ]);
    }

    #[test]
    fn a_trace_of_a_scenario_that_has_changed_is_refused() {
        let (models, trace) = saved();
        models.edit("scenarios/own-refresh.toml", "tabs = 2", "tabs = 3");
        let run = models.freshest(&["replay", &trace]).ends_with(2);
        run.tells(&["recorded with 2 tabs", "now has 3", "record it again"]);
    }

    #[test]
    fn the_claim_of_the_header_is_checked() {
        let (models, trace) = saved();
        models.edit(
            "trace.jsonl",
            "\"cached-oiat-never-decreases\"",
            "\"tabs-converge\"",
        );
        let run = models.freshest(&["replay", &trace]).ends_with(1);
        run.prints(&["in step 7\n  it does not violate tabs-converge"]);
    }

    #[test]
    fn a_file_that_is_no_trace_is_refused_with_its_line() {
        let (models, good) = saved();
        let good = std::fs::read_to_string(good).expect("a trace");
        let header = good.lines().next().expect("a header");
        let cases: [(&str, Vec<u8>, &str); 8] = [
            ("empty", vec![], "line 1: the file is empty"),
            (
                "garbage",
                b"garbage\n".to_vec(),
                "is not a trace file: line 1: column 1: ",
            ),
            (
                "binary",
                vec![0xff, 0xfe, 0, b'\n'],
                "line 1: cannot be read",
            ),
            (
                "a number",
                b"1\n".to_vec(),
                "is not a trace file: line 1: column 1: ",
            ),
            (
                "no header",
                b"{\"kind\":\"trace\",\"steps\":[]}\n".to_vec(),
                "before the header",
            ),
            (
                "two headers",
                format!("{header}\n{header}\n").into_bytes(),
                "line 2: a second header",
            ),
            (
                "header only",
                format!("{header}\n").into_bytes(),
                "holds no trace",
            ),
            (
                "another format",
                header.replace("\"format\":1", "\"format\":9").into_bytes(),
                "format 9 is not known",
            ),
        ];
        for (what, bytes, told) in cases {
            models.write("bad.jsonl", bytes);
            let path = models.path().join("bad.jsonl");
            let path = path.to_str().expect("a path in UTF-8");
            let run = models.freshest(&["replay", path]).ends_with(2);
            assert!(run.stderr.contains(told), "{what}: {}", run.stderr);
            assert!(run.stderr.contains("bad.jsonl"), "{what}: {}", run.stderr);
        }
    }

    #[test]
    fn a_missing_file_and_a_directory_are_refused() {
        let models = Models::copy();
        for path in ["/nonexistent/trace.jsonl", "/"] {
            models
                .freshest(&["replay", path])
                .ends_with(2)
                .tells(&[path, "cannot be read"]);
        }
    }

    #[test]
    fn traces_cover_every_transition_and_apply() {
        let models = Models::copy();
        let run = models.freshest(&["traces", "pr-8097", "s2"]).ends_with(0);
        let header: Value =
            serde_json::from_str(run.stdout.lines().next().expect("a header")).expect("JSON Lines");
        assert_eq!(
            (&header["states"], &header["transitions"]),
            (&305.into(), &469.into())
        );
        assert_eq!(header["covered"], 469);
        let lines = run.stdout.lines().count() - 1;
        let new = run.stdout.matches("\"new\":true").count();
        assert_eq!(new, 469, "each transition is new exactly once");
        models.write("all.jsonl", run.stdout);
        let path = models.path().join("all.jsonl");
        let args = ["replay", path.to_str().expect("a path in UTF-8")];
        let told = format!("{lines} traces");
        models
            .freshest(&args)
            .ends_with(0)
            .prints(&[&told, "all apply to pr-8097 in s2"]);
    }

    #[test]
    fn the_shortest_traces_end_with_a_transition_each_and_grow() {
        let models = Models::copy();
        let run = models.freshest(&["traces", "pr-8097", "s2", "--shortest"]);
        let run = run.ends_with(0);
        let lines = || {
            run.stdout
                .lines()
                .skip(1)
                .map(|line| -> Value { serde_json::from_str(line).expect("JSON Lines") })
        };
        assert_eq!(lines().count(), 469, "a trace for each transition");
        let mut longest = 0;
        for trace in lines() {
            let steps = trace["steps"].as_array().expect("steps");
            let new: Vec<_> = steps.iter().map(|step| step["new"] == true).collect();
            let (last, before) = new.split_last().expect("a step");
            assert!(
                *last && !before.contains(&true),
                "only the last step is new"
            );
            assert!(steps.len() >= longest, "the shortest first");
            longest = steps.len();
        }
        models.write("all.jsonl", &run.stdout);
        let path = models.path().join("all.jsonl");
        let path = path.to_str().expect("a path in UTF-8");
        models
            .freshest(&["replay", path])
            .ends_with(0)
            .prints(&["469 traces"]);
    }

    #[test]
    fn traces_of_a_design_in_a_file_are_told_as_stories() {
        let models = Models::copy();
        let design = models.path().join("designs/pr-8097.toml");
        let design = design.to_str().expect("a path in UTF-8");
        let run = models
            .freshest(&["traces", design, "touch-t1"])
            .ends_with(0);
        models.write("all.jsonl", run.stdout);
        let path = models.path().join("all.jsonl");
        let path = path.to_str().expect("a path in UTF-8");
        let run = models.freshest(&["replay", path, "--story"]).ends_with(0);
        run.prints(&[
            "  0. 2 tabs and the cookie hold [oiat 1, iat 1]",
            "tab 0: page touches the session",
            "is answered: [oiat 2, iat 2]",
            "all apply to",
        ]);
    }

    #[test]
    fn a_sample_of_traces_depends_on_nothing_but_its_seed() {
        let sample = |seed| {
            let args = [
                "traces", "pr-8097", "r1s1", "--sample", "50", "--seed", seed,
            ];
            freshest(&args).ends_with(0).stdout
        };
        assert_eq!(sample("1"), sample("1"));
        assert_ne!(sample("1"), sample("2"));
    }
}

mod table_and_list {
    use super::*;

    /// The winners of the eight rows, in order.
    fn winners(args: &[&str]) -> Vec<String> {
        let mut all = args.to_vec();
        all.extend(["--format", "json"]);
        let table = freshest(&all).ends_with(0).json();
        let rows = table["rows"].as_array().expect("rows").clone();
        let winner = |row: &Value| row["winner"].as_str().unwrap_or("depends").to_owned();
        rows.iter().map(winner).collect()
    }

    #[test]
    fn the_table_is_that_of_8097_unless_a_design_is_named() {
        let (e, i) = ("existing", "incoming");
        let standard = [e, i, e, i, i, e, i, i];
        assert_eq!(winners(&["table"]), standard);
        let of = |design| winners(&["table", "--design", design]);
        for design in ["pr-8097", "pr-9030", "cache-seed", "session-guards-tie"] {
            assert_eq!(of(design), standard, "{design}");
        }
        assert_eq!(
            of("session-guards"),
            [e, i, e, i, e, e, i, i],
            "a tie keeps"
        );
        let d = "depends";
        assert_eq!(of("iat-guard"), [d, d, e, i, e, d, d, d], "it looks at iat");
        assert_eq!(
            of("four-guards"),
            [e, i, e, i, e, d, d, d],
            "iat where oiat is missing"
        );
    }

    #[test]
    fn the_table_as_text_has_the_eight_rows_in_order() {
        let run = freshest(&["table"]).ends_with(0);
        let rows = ["A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3"];
        let lines = run
            .stdout
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        let found: Vec<_> = lines.filter(|word| rows.contains(word)).collect();
        assert_eq!(found, rows);
    }

    #[test]
    fn the_list_has_every_design_scenario_and_property() {
        let text = freshest(&["list"]).ends_with(0).stdout;
        let list = freshest(&["list", "--format", "json"]).ends_with(0).json();
        for (kind, count) in [("designs", 15), ("scenarios", 28), ("properties", 11)] {
            let entries = list[kind].as_array().expect(kind);
            assert!(entries.len() >= count, "{kind}");
            for entry in entries {
                let name = entry["name"].as_str().expect("a name");
                assert!(text.contains(name), "{name} in the text");
            }
        }
    }
}

mod help {
    use super::*;

    #[test]
    fn every_command_shows_an_example_that_it_understands() {
        let commands = [
            "check", "explain", "table", "list", "explore", "replay", "traces",
        ];
        for name in commands {
            let help = freshest(&[name, "--help"]).ends_with(0).stdout;
            let example = help.split("Example").nth(1).unwrap_or_default();
            assert!(
                example.contains(&format!("freshest {name}")),
                "{name}:\n{help}"
            );
        }
        let help = freshest(&["--help"]).ends_with(0);
        help.prints(&["Examples:", "Exit codes:"]).prints(&commands);
    }

    #[test]
    fn the_version_is_that_of_the_package() {
        let run = freshest(&["--version"]).ends_with(0);
        run.prints(&[env!("CARGO_PKG_VERSION")]);
    }
}

mod interruption {
    use super::*;

    fn wait(mut child: Child) -> Run {
        let deadline = Instant::now() + Duration::from_secs(30);
        while child.try_wait().expect("a child").is_none() {
            if Instant::now() > deadline {
                child.kill().expect("a child to kill");
                panic!("the program did not end");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Run::from(child.wait_with_output().expect("a child"))
    }

    #[test]
    fn whoever_stops_reading_causes_no_error() {
        for args in [
            &["list"][..],
            &[
                "check",
                "--design",
                "pr-9030",
                "--scenario",
                "s2",
                "--format",
                "json",
            ],
            &["traces", "pr-8097", "r1s1"],
            &["traces", "pr-8097", "r3"],
        ] {
            let mut child = command(args)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts");
            drop(child.stdout.take());
            let run = wait(child).ends_with(0);
            let error = run.stderr.contains("error") || run.stderr.contains("Broken pipe");
            assert!(!error, "{args:?}: {}", run.stderr);
        }
    }

    #[cfg(unix)]
    #[test]
    fn ctrl_c_ends_a_long_run_with_what_is_known_so_far() {
        let models = endless();
        let directory = models.path().to_str().expect("a path in UTF-8");
        let mut child = command(&ENDLESS)
            .args(["--models", directory])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // Nothing tells from outside that the handler is in place; the run itself is endless.
        std::thread::sleep(Duration::from_millis(1500));
        assert!(
            child.try_wait().expect("a child").is_none(),
            "it is still running"
        );
        let interrupt = std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(interrupt.expect("kill runs").success());
        let run = wait(child);
        assert_eq!(run.code, None, "it ends by the signal");
        run.prints(&["guarded in endless: interrupted", "UNKNOWN", "??"]);
    }

    #[test]
    fn output_that_cannot_be_written_is_an_error_and_no_panic() {
        let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
            // Only Linux has a device that is always full.
            return;
        };
        let mut child = command(&["list"])
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut told = String::new();
        let stderr = child.stderr.as_mut().expect("a pipe");
        stderr.read_to_string(&mut told).expect("text");
        assert_eq!(child.wait().expect("a child").code(), Some(2), "{told}");
        assert!(
            told.contains("standard output") && !told.contains("panicked"),
            "{told}"
        );
    }
}
