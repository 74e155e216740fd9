//! `--comparator` in the place of the design's.

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
