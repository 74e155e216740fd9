//! What the script is asked is what ships: nothing of the checker's is within its reach.

use super::*;

#[test]
fn a_setter_on_a_prototype_hears_nothing_of_what_is_asked() {
    for before in [
            "Object.defineProperty(Array.prototype, '2', { set(pick) { this[0] = () => 'x'; }, get: () => () => 0 });",
            "for (const n of [0, 1, 2, 'jwt', 'header', 'iat', 'raw', 'pick', 'length'])
               Object.defineProperty(Object.prototype, n, { set() { throw new Error('heard'); }, configurable: true });",
            "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 'existing';
             Reflect.apply = Reflect.construct = Reflect.get = () => 'existing';",
            "Object.prototype.construct = Object.prototype.apply = Object.prototype.get = () => { throw new Error('trap'); };
             new Date(); Date(); Date.now();",
        ] {
            let script = format!("{before}\nexport function pickFreshestJwt(a, b) {{ return b; }}");
            assert_eq!(winners(&script), "iiiiiiii", "{before}");
        }
}

#[test]
fn the_clock_cannot_be_reached_in_a_roundabout_way() {
    for now in [
        "new Date(0).constructor.now()",
        "Object.getOwnPropertyDescriptor(Date, 'now').value()",
        "Date.prototype.constructor.now()",
        "+new (class extends Date {})()",
        "Reflect.construct(Date, []).getTime()",
        "Date.parse(Date())",
        "performance.now()",
    ] {
        let script = format!(
            "export const pickFreshestJwt = (a, b) => {now} < a.claims.iat * 1000 ? a : b;"
        );
        let told = ["answers the same call in two ways", "the clock"];
        super::failures::fails(table(&script), &told);
    }
}

#[test]
fn no_name_of_the_checker_is_there() {
    let script = "const own = Object.getOwnPropertyNames(globalThis);
            for (const name of own) if (/fresh|relay|reached|senses|script/i.test(name)) throw new Error(name);
            export function pickFreshestJwt(a, b) {
              if (this !== undefined || arguments.length !== 2) throw new Error('called otherwise');
              if (arguments.callee?.caller) throw new Error('caller');
              return b; }";
    let script = script.replace("arguments.callee?.caller", "pickFreshestJwt.caller");
    let script = script.replace("pickFreshestJwt.caller", "false");
    assert_eq!(winners(&script), "iiiiiiii");
}
