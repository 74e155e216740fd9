//! A receipt has the script, too.

use super::*;

#[test]
fn a_receipt_has_the_hash_of_the_script_and_verify_notices_a_change() {
    let models = models("rule.ts", STANDARD);
    let receipt = models.path().join("receipt.json");
    let path = receipt.to_str().expect("a path in UTF-8");
    models.freshest(&["check", "--scenario", "s2", "--receipt", path]);
    let text = std::fs::read_to_string(&receipt).expect("a receipt");
    assert!(text.contains("\"path\": \"designs/rule.ts\""), "{text}");
    models
        .freshest(&["verify", path])
        .ends_with(0)
        .prints(&["SAME"]);
    models.write("designs/rule.ts", format!("{STANDARD}// One more line.\n"));
    let run = models.freshest(&["verify", path]).ends_with(1);
    run.prints(&["models: designs/rule.ts has changed", "DIFFERS"]);
}
