//! Comparators that need files of their own.

use super::*;

const PICK: &str = "export const pickFreshestJwt = (a, b) => order(a, b) > 0 ? a : b;";

fn order() -> String {
    format!("{RANKS}export {{ order }};")
}

#[test]
fn a_file_beside_it_is_found_as_typescript_and_bundlers_find_it() {
    for (from, file) in [
        ("./order", "order.ts"),
        ("./order.js", "order.ts"),
        ("./order.js", "order.js"),
        ("./order.mjs", "order.mts"),
        ("./lib/order", "lib/order/index.ts"),
        ("./order", "order.tsx"),
    ] {
        let text = format!("import {{ order }} from '{from}'; {PICK}");
        let folder = [("a.ts", text.as_str()), (file, &order())];
        let found = winners("script = \"a.ts\"", &folder);
        assert_eq!(found, AS_8097, "{from} {file}");
    }
}

#[test]
fn a_file_that_no_script_needs_is_refused_among_the_designs() {
    let text = format!("import {{ order }} from './lib/order'; {PICK}");
    let order = order();
    let needed = [("a.ts", text.as_str()), ("lib/order.ts", &order)];
    assert_eq!(winners("script = \"a.ts\"", &needed), AS_8097);
    let more = [&needed[..], &[("lib/other.ts", "export {};")]].concat();
    let told = ["lib/other.ts", "nor a script that a design names, or needs"];
    refused("script = \"a.ts\"", &more, &told);
}

#[test]
fn files_may_need_each_other_in_a_circle() {
    let a = format!("import {{ order }} from './b'; export const zero = 0; {PICK}");
    let b = format!(
        "import {{ zero }} from './a'; {RANKS}
            const from = (a, b) => order(a, b) + zero; export {{ from as order }};"
    );
    assert_eq!(
        winners("script = \"a.ts\"", &[("a.ts", &a), ("b.ts", &b)]),
        AS_8097
    );
}

#[test]
fn what_is_exported_from_elsewhere_is_called_there() {
    let index = "export * from './pick.js'; export type { Nothing } from 'elsewhere';";
    let pick = format!("import {{ order }} from './order'; {PICK}");
    let files = [
        ("index.ts", index),
        ("pick.ts", &pick),
        ("order.ts", &order()),
    ];
    assert_eq!(winners("script = \"index.ts\"", &files), AS_8097);
}

#[test]
fn what_does_not_exist_or_is_not_local_is_refused_where_it_is_needed() {
    for (import, told) in [
        (
            "import { x } from 'lodash'; console.log(x)",
            ["cannot load `lodash`", "begin with ./ or ../"],
        ),
        (
            "import x from '/etc/passwd'; console.log(x)",
            ["cannot load `/etc/passwd`", "begin with"],
        ),
        (
            "import x from 'node:fs'; console.log(x)",
            ["cannot load `node:fs`", "a.ts:"],
        ),
        (
            "import x from './gone'; console.log(x)",
            ["there is no file `./gone`", "a.ts:"],
        ),
        (
            "import x from './data.json'; console.log(x)",
            ["which is no script", "data.json"],
        ),
        ("export * from './'", ["there is no file", "a.ts:"]),
        ("const x = require('fs')", ["cannot load `fs`", "a.ts:"]),
    ] {
        let files = [("a.ts", import), ("data.json", "{}")];
        refused("script = \"a.ts\"", &files, &told);
    }
}

#[test]
fn an_exception_is_told_in_the_file_that_throws() {
    let a = "import { order } from './lib/order';
            export const pickFreshestJwt = (a, b) => order(a, b);";
    let order = "export function order(a, b) {\n  throw new Error('broken');\n}\n";
    let files = [("a.ts", a), ("lib/order.ts", order)];
    refused("script = \"a.ts\"", &files, &["order.ts:2", "broken"]);
    let syntax = [("a.ts", a), ("lib/order.ts", "export function {")];
    refused(
        "script = \"a.ts\"",
        &syntax,
        &["order.ts:1", "not valid as a script"],
    );
}

#[test]
fn branches_that_nothing_reached_are_told_in_their_files() {
    let a = format!("import {{ order }} from './order'; {PICK}");
    let order =
        format!("{RANKS}export {{ order }};\nexport const never = () => {{\n  return 1;\n}};\n");
    let models = models("script = \"a.ts\"", &[("a.ts", &a), ("order.ts", &order)]);
    let run = models.freshest(&["check", "--scenario", "s2"]);
    run.prints(&["order.ts:6"]);
}

#[test]
fn a_change_of_any_file_changes_the_receipt() {
    let a = format!("import {{ order }} from './order'; {PICK}");
    let models = models("script = \"a.ts\"", &[("a.ts", &a), ("order.ts", &order())]);
    models
        .freshest(&["check", "--accept", "--because", "tried"])
        .ends_with(0);
    let receipt = models.path().join("r.json");
    let receipt = receipt.to_str().expect("a name");
    models
        .freshest(&["check", "--receipt", receipt])
        .ends_with(0);
    models.freshest(&["verify", receipt]).ends_with(0);
    let file = models.path().join("designs/order.ts");
    std::fs::write(file, format!("{}// changed\n", order())).expect("written");
    models
        .freshest(&["verify", receipt])
        .ends_with(1)
        .prints(&["designs/a.ts"]);
}

#[test]
fn more_files_than_a_comparator_has_are_refused() {
    let names: Vec<String> = (0..70).map(|n| format!("f{n}.js")).collect();
    let text = |n: usize| format!("import './f{}.js'; export default (a, b) => b;", n + 1);
    let texts: Vec<String> = (0..70).map(text).collect();
    let files: Vec<(&str, &str)> = names
        .iter()
        .zip(&texts)
        .map(|(n, t)| (&n[..], &t[..]))
        .collect();
    refused("script = \"f0.js\"", &files, &["64 files"]);
}
