//! Names that stand for constants in a build.

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
