//! What a scenario allows and what can never happen: its author expects something of it.

use crate::cache::Platform;
use crate::source::Reader;
use crate::vocabulary::{Befallen, Fault, Needs, Setup, Start, Stimulus, TabAction, TabId};
use std::collections::BTreeMap;
use std::ops::Range;

/// Where budgets are: the path of the key, and the place in the file in bytes.
pub(super) type Places = BTreeMap<Stimulus, (String, Range<usize>)>;

/// Tells of every budget that nothing can spend, whatever the design, and of budgets that nothing can
/// begin to spend. `None` if there is one.
///
/// Not told: what hangs on the design, such as a lost broadcast where no design posts.
pub(super) fn check_budgets(
    file: &mut Reader<'_>,
    at: Range<usize>,
    setup: &Setup,
    platform: Option<Platform>,
    places: &Places,
) -> Option<()> {
    let mut all_can_happen = true;
    for (stimulus, count) in setup.budgets.iter() {
        let Some((path, span)) = places.get(&stimulus).filter(|_| count > 0) else {
            continue;
        };
        if let Some((why, help)) = why_never(stimulus, setup, platform) {
            let message = format!("`{path}` can never happen: {why}");
            file.fault(span.clone(), message, Some(help.to_owned()));
            all_can_happen = false;
        }
    }
    if !all_can_happen {
        return None;
    }
    if TabAction::ALL.into_iter().any(|of| begins(of, setup)) {
        return Some(());
    }
    let message = "nothing here can begin, so nothing is checked: what the budget allows takes a \
                   request, a token or a tab that there is not";
    let help = "allow at least one stimulus that needs none, for example `skip_cache = 1`";
    file.fault(at, message.to_owned(), Some(help.to_owned()));
    None
}

/// The tabs that a stimulus may happen to.
fn tabs(stimulus: Stimulus, setup: &Setup) -> impl Iterator<Item = TabId> {
    let tabs = (0..setup.tabs).map(TabId);
    tabs.filter(move |&tab| setup.allows(stimulus, tab))
}

/// Whether a tab is there at the start, or may be opened.
fn is_ever_there(tab: TabId, setup: &Setup) -> bool {
    let open = Stimulus::Tab(TabAction::Open);
    !setup.life.absent.has(tab) || (setup.budgets.left(open) > 0 && setup.allows(open, tab))
}

/// Why a stimulus never happens, and what to do about it.
fn why_never(
    stimulus: Stimulus,
    setup: &Setup,
    platform: Option<Platform>,
) -> Option<(&'static str, &'static str)> {
    let life = &setup.life;
    let any = |is_so: &dyn Fn(TabId) -> bool| tabs(stimulus, setup).any(is_so);
    let has_broadcast = platform.is_none_or(|platform| platform.broadcast);
    let has_cookie = platform.is_none_or(|platform| platform.cookie);
    match stimulus {
        Stimulus::Tab(TabAction::Open) if !any(&|tab| life.absent.has(tab)) => Some((
            "every tab that it may happen to is open from the start",
            "name the tab that opens later, for example `absent = [1]`",
        )),
        Stimulus::Tab(TabAction::Focus) if !any(&|tab| life.unfocused.has(tab)) => Some((
            "every tab that it may happen to has had focus from the start",
            "name the tab that never had focus, for example `unfocused = [1]`",
        )),
        Stimulus::Tab(TabAction::Evict) if setup.budgets.left(Fault::Age) == 0 => Some((
            "only an expired entry is removed, and no token expires here",
            "allow `age = 2`, or remove it",
        )),
        Stimulus::Fault(Fault::Lose | Fault::Drop) if setup.tabs == 1 => {
            Some(("there is one tab, so nothing is broadcast", "remove it"))
        }
        Stimulus::Fault(Fault::Lose | Fault::Drop) if !has_broadcast => {
            Some(("there is no broadcast channel", "remove it"))
        }
        Stimulus::Shared(fault) if fault.befalls() == Befallen::Cookie && !has_cookie => {
            Some(("there is no cookie", "remove it"))
        }
        Stimulus::Tab(_) | Stimulus::Request(_) | Stimulus::Shared(_) | Stimulus::Fault(_) => {
            let is_ever = any(&|tab| is_ever_there(tab, setup));
            (!is_ever).then_some((
                "no tab that it may happen to is ever opened",
                "allow `open = 1` for that tab, or remove it",
            ))
        }
    }
}

/// Whether an action can be the first that happens, but for faults.
fn begins(action: TabAction, setup: &Setup) -> bool {
    let holds = match setup.start {
        Start::Tokens | Start::Legacy => true,
        Start::Empty | Start::EmptyLegacy => false,
    };
    let is_there = |tab| !setup.life.absent.has(tab);
    let can = match action.needs() {
        Needs::Nothing => tabs(action.into(), setup).any(is_there),
        Needs::Token => holds && tabs(action.into(), setup).any(is_there),
        // One is under way only after another action.
        Needs::Request => false,
        // That it can happen at all is looked at before.
        Needs::Absence => true,
    };
    can && setup.budgets.left(action) > 0
}
