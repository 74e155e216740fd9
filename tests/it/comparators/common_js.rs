//! Modules of CommonJS.

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
