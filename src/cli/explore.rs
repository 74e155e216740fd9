//! `freshest explore`.

use super::args::ExploreArgs;
use super::failure::Failure;
use super::{Exit, select};
use crate::catalog::Catalog;
use crate::model::Composed;
use crate::property::PropertySet;
use stateright::Model;
use std::net::{Ipv4Addr, TcpListener};

/// Serves stateright's Explorer until somebody ends the program.
pub fn run(args: &ExploreArgs) -> Result<Exit, Failure> {
    let catalog = Catalog::load(&args.models.models)?;
    let design = select::design(&catalog, &args.design)?;
    let scenario = select::scenario(&catalog, &args.scenario)?;
    let address = (Ipv4Addr::LOCALHOST, args.port);
    // stateright panics where it cannot listen, so find out first.
    TcpListener::bind(address).map_err(|error| {
        Failure::new(format!("cannot listen on 127.0.0.1:{}: {error}", args.port))
            .help("name another port with --port PORT")
    })?;
    let all = PropertySet::ALL;
    let model = Composed::new(design.policy, scenario, all).with_witnesses(all);
    eprintln!(
        "{} in {}: open http://127.0.0.1:{}/ in a browser; Ctrl-C ends",
        design.name, scenario.name, args.port
    );
    model.checker().serve(address);
    Ok(Exit::AsExpected)
}
