//! Ways of writing a comparator that a build knows and the language does not, or not like that.

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
        format!("function pickFreshestJwt(a: any, b: any) {BODY}\nexport = {{ pickFreshestJwt }};"),
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
    let text = "export const pickFreshestJwt = (a, b) => process.env.NODE_ENV === 'test' ? a : b;";
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
