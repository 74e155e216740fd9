//! Comparators as teams write them: the forms that are run, and those that are refused with what to
//! write instead.

use crate::support::{Models, Run, command};
use freshest::script::Host;

const AS_8097: &str = "eieiieii";

/// Ranks by `oiat`, then by `iat`, in the form that a test asks for; `better` says when the existing
/// token stays.
const RANKS: &str = "const oiat = t => t.header.oiat ?? -1;
const iat = t => t.claims.iat ?? 0;
const neither = (a, b) => oiat(a) < 0 && oiat(b) < 0;
const order = (a, b) => neither(a, b) ? -1 : oiat(a) - oiat(b) || iat(a) - iat(b);
";

/// A design whose comparator is this, beside these files.
fn models(comparator: &str, files: &[(&str, &str)]) -> Models {
    freshest::script::run_in(Host::Program(env!("CARGO_BIN_EXE_freshest").into()));
    let models = Models::of(&[], &["s2", "fmt-s2g1"]);
    for (name, text) in files {
        let path = models.path().join("designs").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let sites = "[guards]\nsites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n";
    let design = format!("title = \"Scripted\"\n[rule]\ncomparator = {{ {comparator} }}\n{sites}");
    models.write("designs/scripted.toml", design);
    models
}

fn table(comparator: &str, files: &[(&str, &str)]) -> Run {
    models(comparator, files).freshest(&["table", "--design", "scripted"])
}

/// The winners of the eight rows, by their first letters.
#[track_caller]
fn winners(comparator: &str, files: &[(&str, &str)]) -> String {
    let run = table(comparator, files).ends_with(0);
    let row = |line: &str| {
        let name = line.get(..2)?;
        let is_row = name.starts_with(['A', 'B']) && name.ends_with(|c: char| c.is_ascii_digit());
        let words = line.split("  ").map(str::trim);
        let mut winners = words.filter(|word| ["existing", "incoming"].contains(word));
        winners.next().filter(|_| is_row)?.chars().next()
    };
    run.stdout.lines().filter_map(row).collect()
}

/// One file of the usual name.
#[track_caller]
fn runs(settings: &str, file: &str, text: &str) {
    let comparator = format!("script = \"{file}\"{settings}");
    let text = format!("{RANKS}{text}");
    assert_eq!(winners(&comparator, &[(file, &text)]), AS_8097, "{text}");
}

#[track_caller]
fn refused(comparator: &str, files: &[(&str, &str)], told: &[&str]) {
    table(comparator, files).ends_with(2).tells(told);
}

mod exports {
    use super::*;

    const PICK: &str = "(a, b) => order(a, b) > 0 ? a : b";

    #[test]
    fn the_usual_name_needs_no_setting() {
        runs(
            "",
            "a.js",
            &format!("export const pickFreshestJwt = {PICK};"),
        );
        runs(
            "",
            "a.js",
            &format!("const f = {PICK}; export {{ f as pickFreshestJwt }};"),
        );
    }

    #[test]
    fn the_default_export_is_meant_where_the_usual_name_is_not_there() {
        runs(
            "",
            "a.mjs",
            &format!("export const other = 1; export default {PICK};"),
        );
        let both = format!("export const unrelated = () => 1; export default {PICK};");
        runs("", "a.mjs", &both);
    }

    #[test]
    fn the_only_function_is_meant_whatever_its_name() {
        runs(
            "",
            "a.ts",
            &format!("export const LIMIT: number = 3; export const freshest = {PICK};"),
        );
    }

    #[test]
    fn of_several_functions_one_has_to_be_named() {
        let text = format!("{RANKS}export const one = {PICK}; export const two = {PICK};");
        refused(
            "script = \"a.js\"",
            &[("a.js", &text)],
            &["several functions", "one, two"],
        );
        runs(
            ", function = \"two\"",
            "a.js",
            &format!("export const one = () => 0; export const two = {PICK};"),
        );
    }

    #[test]
    fn a_static_method_and_a_member_of_an_object_are_named_with_a_dot() {
        let class = "export class Freshness {
            static order(a, b) { return order(a, b); }
            static pick(a, b) { return this.order(a, b) > 0 ? a : b; } }";
        runs(", function = \"Freshness.pick\"", "a.js", class);
        let object = format!("export const rules = {{ jwt: {{ pick: {PICK} }} }};");
        runs(", function = \"rules.jwt.pick\"", "a.js", &object);
        let default = format!("export default {{ pickFreshestJwt: {PICK} }};");
        runs("", "a.js", &default);
    }

    #[test]
    fn a_method_of_an_instance_is_named_with_a_hash() {
        let class = "export default class Freshness {
            #ties = 0; order(a, b) { return order(a, b); }
            pick(a, b) { return this.order(a, b) > this.#ties ? a : b; } }";
        runs(", function = \"default#pick\"", "a.ts", class);
        let instance = "class Freshness { pick(a, b) { return order(a, b) > 0 ? a : b; } }
            export const freshness = new Freshness();";
        runs(", function = \"freshness.pick\"", "a.ts", instance);
    }

    #[test]
    fn a_class_is_no_function_and_the_message_says_how_to_name_its_method() {
        let text = "export class Freshness { static pick(a) { return a; } }";
        let named = "script = \"a.js\", function = \"Freshness\"";
        let told = ["which is a class", "Freshness.pick", "Freshness#pick"];
        refused(named, &[("a.js", text)], &told);
        let missing = "script = \"a.js\", function = \"Freshness.pack\"";
        refused(missing, &[("a.js", text)], &["exports no `Freshness.pack`"]);
    }

    #[test]
    fn what_a_name_leads_through_may_be_nothing_at_all() {
        for function in ["a.b.c", "nothing.b", "number#m", ".", "#", "a#b#c"] {
            let comparator = format!("script = \"a.js\", function = \"{function}\"");
            let text = "export const nothing = null, number = 1, a = {};";
            refused(&comparator, &[("a.js", text)], &["a.js"]);
        }
    }
}

mod answers {
    use super::*;

    #[test]
    fn a_boolean_says_who_wins_where_the_design_says_what_it_means() {
        let stays = "export const pickFreshestJwt = (a, b) => order(a, b) > 0;";
        runs(", returns = \"existing-wins\"", "a.js", stays);
        let replaces = "export function isFresher(a, b) { return order(a, b) <= 0; }";
        runs(", returns = \"incoming-wins\"", "a.js", replaces);
    }

    #[test]
    fn a_number_orders_as_in_a_sort() {
        let sort = "export const compare = (a, b) => order(a, b);";
        runs(", returns = \"sort\"", "a.js", sort);
        let descending = "export const compare = (a, b) => -order(a, b);";
        runs(", returns = \"sort-descending\"", "a.js", descending);
        let infinite = "export const compare = (a, b) => order(a, b) > 0 ? Infinity : -Infinity;";
        runs(", returns = \"sort\"", "a.js", infinite);
    }

    #[test]
    fn an_answer_of_another_kind_is_refused_with_what_to_write() {
        let file = |body: &str| format!("export const pickFreshestJwt = (a, b) => {body};");
        for (settings, body, told) in [
            ("", "true", ["returned a boolean", "existing-wins"]),
            ("", "1", ["returned a number", "`returns = \"sort\"`"]),
            (
                ", returns = \"existing-wins\"",
                "a",
                ["the existing token", "neither true nor false"],
            ),
            (
                ", returns = \"incoming-wins\"",
                "1",
                ["returned a number", "neither true nor false"],
            ),
            (
                ", returns = \"sort\"",
                "NaN",
                ["returned a number", "which is no number"],
            ),
            (
                ", returns = \"sort\"",
                "1n",
                ["a bigint", "which is no number"],
            ),
            (
                ", returns = \"sort\"",
                "Promise.resolve(1)",
                ["a promise", "decide at once"],
            ),
        ] {
            let comparator = format!("script = \"a.js\"{settings}");
            refused(&comparator, &[("a.js", &file(body))], &told);
        }
    }

    #[test]
    fn a_meaning_that_there_is_not_is_a_located_error() {
        let told = ["rule.comparator.returns", "existing-win", "existing-wins"];
        let comparator = "script = \"a.js\", returns = \"existing-win\"";
        refused(comparator, &[("a.js", "export default a => a;")], &told);
    }
}

mod files {
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
        let order = format!(
            "{RANKS}export {{ order }};\nexport const never = () => {{\n  return 1;\n}};\n"
        );
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
}

mod common_js {
    use super::*;

    #[test]
    fn exports_of_all_kinds_are_found() {
        let pick = "(a, b) => order(a, b) > 0 ? a : b";
        runs("", "a.cjs", &format!("module.exports = {pick};"));
        runs("", "a.js", &format!("exports.pickFreshestJwt = {pick};"));
        runs(
            "",
            "a.cts",
            &format!("const p = {pick}; module.exports = {{ pickFreshestJwt: p }};"),
        );
        runs(
            ", function = \"freshest\"",
            "a.cjs",
            &format!("module.exports.freshest = {pick};"),
        );
        let compiled = format!(
            "\"use strict\"; Object.defineProperty(exports, '__esModule', {{ value: true }});
            exports.pickFreshestJwt = void 0; const pickFreshestJwt = {pick};
            exports.pickFreshestJwt = pickFreshestJwt;"
        );
        runs("", "a.js", &compiled);
        let default = format!(
            "Object.defineProperty(exports, '__esModule', {{ value: true }}); exports.default = {pick};"
        );
        runs("", "a.js", &default);
    }

    #[test]
    fn what_is_required_is_loaded() {
        let order = format!("{RANKS}module.exports = {{ order }};");
        let a = "const { order } = require('./order.cjs');
            exports.pickFreshestJwt = (a, b) => order(a, b) > 0 ? a : b;";
        let files = [("a.cjs", a), ("order.cjs", &order)];
        assert_eq!(winners("script = \"a.cjs\"", &files), AS_8097);
        let module = format!("{RANKS}export {{ order }};");
        let mixed = [("a.cjs", a), ("order.cjs", &module)];
        assert_eq!(winners("script = \"a.cjs\"", &mixed), AS_8097);
        let import = "import { order } from './order.cjs'; import all from './order.cjs';
            export const pickFreshestJwt = (a, b) => all.order(a, b) === order(a, b) && order(a, b) > 0 ? a : b;";
        let other = [("a.mjs", import), ("order.cjs", &order)];
        assert_eq!(winners("script = \"a.mjs\"", &other), AS_8097);
    }

    #[test]
    fn what_cannot_be_known_before_it_runs_is_refused() {
        let text = "const name = './order'; const x = require(name); module.exports = (a, b) => b;";
        refused(
            "script = \"a.cjs\"",
            &[("a.cjs", text)],
            &["cannot require ./order"],
        );
    }

    #[test]
    fn an_exception_is_told_with_its_line() {
        let text = "exports.pickFreshestJwt = (a, b) => {\n\n  throw new Error('third');\n};\n";
        refused(
            "script = \"a.cjs\"",
            &[("a.cjs", text)],
            &["a.cjs:3", "third"],
        );
    }
}

mod constants {
    use super::*;

    #[test]
    fn a_build_s_constants_are_there_and_cannot_be_changed() {
        let text = "if (process.env.NODE_ENV !== 'production') throw new Error('development');
            if (__DEV__ !== false || LIMITS.most !== 3) throw new Error('constants');
            let refused = 0; try { process.env.NODE_ENV = 'x'; } catch { refused = 1; }
            if (!refused) throw new Error('changed');
            export const pickFreshestJwt = (a, b) => order(a, b) > 0 ? a : b;";
        let define = ", define = { \"process.env.NODE_ENV\" = \"production\", __DEV__ = false, \"LIMITS.most\" = 3 }";
        runs(define, "a.js", text);
    }

    #[test]
    fn a_name_that_is_no_name_or_is_taken_is_refused() {
        let file = [("a.js", "export default a => a;")];
        for (define, told) in [
            ("\"1x\" = 1", "no name that a build replaces"),
            ("\"a..b\" = 1", "no name that a build replaces"),
            ("\"__proto__.x\" = 1", "no name that a build replaces"),
            ("x = [1]", "a string, a whole number"),
            ("\"Math.max\" = 1", "the language has that"),
            ("\"a\" = 1, \"a.b\" = 2", "cannot replace `a.b`"),
        ] {
            let comparator = format!("script = \"a.js\", define = {{ {define} }}");
            refused(&comparator, &file, &[told]);
        }
    }
}

mod on_the_command_line {
    use super::*;

    #[test]
    fn a_file_is_tried_with_what_its_answers_mean() {
        let models = models("script = \"a.js\"", &[("a.js", "export default a => a;")]);
        let file = models.path().join("sorts.ts");
        let text = format!("{RANKS}if (DEV) throw new Error('DEV');
            export class By {{ static freshness(a: any, b: any): number {{ return order(a, b); }} }}");
        std::fs::write(&file, text).expect("written");
        let file = file.to_str().expect("a name");
        let asked = [
            "--comparator",
            file,
            "--function",
            "By.freshness",
            "--returns",
            "sort",
            "--define",
            "DEV=false",
        ];
        let table = [&["table"], &asked[..]].concat();
        models.freshest(&table).ends_with(0).prints(&["A1"]);
        let wrong = [
            "table",
            "--comparator",
            file,
            "--function",
            "By.freshness",
            "--returns",
            "sorted",
            "--define",
            "DEV=false",
        ];
        models
            .freshest(&wrong)
            .ends_with(2)
            .tells(&["`sorted`", "sort-descending"]);
        let wrong = ["table", "--comparator", file, "--define", "DEV x"];
        models.freshest(&wrong).ends_with(2).tells(&["NAME=VALUE"]);
    }

    #[test]
    fn init_writes_how_the_script_is_asked() {
        let models = models("script = \"a.js\"", &[("a.js", "export default a => a;")]);
        let file = models.path().join("sorts.js");
        std::fs::write(
            &file,
            format!("{RANKS}if (DEV) throw 1; export const by = order;"),
        )
        .expect("written");
        let into = models.path().join("fresh");
        let (file, into) = (
            file.to_str().expect("a name"),
            into.to_str().expect("a name"),
        );
        let init = [
            "init",
            into,
            "--script",
            file,
            "--returns",
            "sort",
            "--define",
            "DEV=false",
        ];
        // It writes a workflow where it runs.
        let in_there = |args: &[&str]| {
            let output = command(args).current_dir(models.path()).output();
            Run::from(output.expect("the program runs"))
        };
        in_there(&init).ends_with(0);
        let table = ["table", "--models", into, "--design", "sorts"];
        in_there(&table).ends_with(0).prints(&["A1"]);
    }
}

#[test]
fn a_script_in_the_place_of_a_name_is_told_how_it_is_named() {
    for name in ["script", "tokenFreshness.ts", "./mine.cjs", "../src/rank"] {
        let models = Models::of(&[], &["s2"]);
        let design = format!("title = \"Scripted\"\n[rule]\ncomparator = \"{name}\"\n");
        models.write("designs/scripted.toml", design);
        let run = models.freshest(&["list"]).ends_with(2);
        run.tells(&[
            "designs/scripted.toml:3:15",
            "comparator = { script = \"FILE\" }",
        ]);
    }
}

/// Ways of writing a comparator that a build knows and the language does not, or not like that.
mod forms {
    use super::*;

    const BODY: &str = "{ return order(a, b) > 0 ? a : b; }";

    #[test]
    fn what_typescript_has_beyond_types_is_run() {
        let pick = format!("pick = (a: any, b: any) => {BODY};\n");
        for text in [
            "enum Side { Existing, Incoming }\nconst side = (a: any, b: any) => order(a, b) > 0 ? Side.Existing : Side.Incoming;\n\
             export const pickFreshestJwt = (a: any, b: any) => [a, b][side(a, b)];"
                .to_owned(),
            format!("export namespace Fresh {{ export const {pick} }}\nexport const pickFreshestJwt = Fresh.pick;"),
            format!(
                "export function pickFreshestJwt(a: null, b: object): object;\n\
                 export function pickFreshestJwt(a: any, b: any): any {BODY}"
            ),
            format!("export const pickFreshestJwt = <T extends object>(a: T, b: T): T => {BODY};"),
            format!("export const pickFreshestJwt = ((a, b) => {BODY}) satisfies (a: any, b: any) => any;"),
            format!(
                "abstract class Base {{ constructor(private readonly k = 1) {{}} abstract tie(): string; }}\n\
                 export class Fresh extends Base {{ static ready: boolean; static {{ this.ready = true; }} tie() {{ return ''; }}\n\
                 static pick(a: any, b: any) {{ return Fresh.ready ? (() => {BODY})() : a; }} }}\n\
                 export const pickFreshestJwt = Fresh.pick;"
            ),
            format!(
                "import type {{ TokenResource }} from '@clerk/types';\nimport {{ type Other }} from 'elsewhere';\n\
                 export default (a: TokenResource, b: TokenResource | Other): any => {BODY}"
            ),
            format!("const none = await Promise.resolve(0);\nexport function pickFreshestJwt(a: any, b: any) {BODY}"),
            format!("{pick}export {{ pick as pickFreshestJwt }};").replacen("pick =", "const pick =", 1),
        ] {
            runs("", "fresh.ts", &text);
        }
    }

    #[test]
    fn commonjs_in_the_words_of_typescript_is_run() {
        let typed = "import type { TokenResource } from '@clerk/types';\n";
        for text in [
            format!("function pickFreshestJwt(a: any, b: any) {BODY}\nexport = pickFreshestJwt;"),
            format!(
                "function pickFreshestJwt(a: any, b: any) {BODY}\nexport = {{ pickFreshestJwt }};"
            ),
            format!("{typed}export = function (a: TokenResource, b: TokenResource): any {BODY}"),
        ] {
            runs("", "fresh.ts", &text);
            runs("", "fresh.cts", &text);
        }
        let files = [
            (
                "fresh.ts",
                "import order = require('./order');\nexport = (a: any, b: any) => order.order(a, b) > 0 ? a : b;",
            ),
            ("order.ts", &format!("{RANKS}export {{ order }};")),
        ];
        assert_eq!(winners("script = \"fresh.ts\"", &files), AS_8097);
    }

    #[test]
    fn commonjs_beside_import_and_export_is_refused_with_what_to_write() {
        for text in [
            "import order = require('./order');\nexport const pickFreshestJwt = order;",
            "export const other = 1;\nexport = (a: any, b: any) => b;",
        ] {
            let told = [
                "this is CommonJS",
                "fresh.ts:",
                "`export default`",
                "import * as name",
            ];
            refused("script = \"fresh.ts\"", &[("fresh.ts", text)], &told);
        }
    }

    #[test]
    fn a_decorator_is_refused_where_it_stands() {
        let text = "const log = (f: any) => f;\nexport class Fresh {\n  @log static pick(a: any, b: any) { return b; }\n}";
        let told = ["decorators are no types", "fresh.ts:3:3", "leave it out"];
        refused(
            "script = \"fresh.ts\", function = \"Fresh.pick\"",
            &[("fresh.ts", text)],
            &told,
        );
    }

    #[test]
    fn what_is_no_script_is_refused_where_it_is_needed() {
        for (name, text) in [
            (
                "fresh.ts",
                "import limits from './limits.json';\nexport const pickFreshestJwt = (a: any, b: any) => limits ? b : a;",
            ),
            (
                "fresh.ts",
                "import limits from './limits.json' with { type: 'json' };\nexport default (a: any, b: any) => limits ? b : a;",
            ),
            (
                "fresh.cjs",
                "const limits = require('./limits.json'); exports.pickFreshestJwt = (a, b) => limits ? b : a;",
            ),
        ] {
            let told = [
                "cannot load `./limits.json`, which is no script",
                ":1:",
                "export default { ... };",
            ];
            let files = [(name, text), ("limits.json", "{}")];
            refused(&format!("script = \"{name}\""), &files, &told);
        }
    }

    #[test]
    fn a_file_that_is_imported_while_it_runs_is_refused_with_what_to_write() {
        let text = "const lib = await import('./lib');\nexport const pickFreshestJwt = (a: any, b: any) => lib.pick(a, b);";
        let files = [("fresh.ts", text), ("lib.ts", "export const pick = 1;")];
        let told = ["nothing follows `import()`", "import * as name from"];
        refused("script = \"fresh.ts\"", &files, &told);
    }

    #[test]
    fn flow_is_refused_with_what_to_write() {
        let text = "// @flow\nexport const pickFreshestJwt = (a: any, b: any): any => b;";
        let told = ["Flow", "as TypeScript, in a file that ends in .ts"];
        refused("script = \"fresh.js\"", &[("fresh.js", text)], &told);
    }

    #[test]
    fn what_a_build_would_have_replaced_is_refused_with_how_to_say_it() {
        let text =
            "export const pickFreshestJwt = (a, b) => process.env.NODE_ENV === 'test' ? a : b;";
        let told = [
            "process is not defined",
            "define = { \"process.env.NODE_ENV\" = \"production\" }",
        ];
        refused("script = \"fresh.js\"", &[("fresh.js", text)], &told);
    }

    #[test]
    fn what_is_in_an_object_or_a_class_is_told_by_the_name_that_a_design_writes() {
        for (text, possible) in [
            (
                "export class Fresh { static pick(a, b) { return b; } }",
                "`Fresh.pick`",
            ),
            (
                "export class Fresh { rank(a, b) { return b; } }",
                "`Fresh#rank`",
            ),
            (
                "export const fresh = { get pick() { return (a, b) => b; }, other: 1 };",
                "`fresh.pick`",
            ),
            (
                "export const all = { get bad() { throw new Error(); }, pick() {} };",
                "`all`",
            ),
        ] {
            let told = ["exports no `pickFreshestJwt`", possible];
            refused("script = \"fresh.js\"", &[("fresh.js", text)], &told);
        }
    }
}
