//! What the README shows is what the program prints.

#[test]
fn readme_commands_print_what_the_readme_shows() {
    trycmd::TestCases::new()
        .register_bin("freshest", trycmd::cargo::cargo_bin!("freshest"))
        .case("README.md");
}
