//! Tabs that may change places.
//!
//! Tabs that start equal, may do the same and are watched alike are interchangeable: giving them
//! other numbers takes reachable systems to reachable systems and steps to steps. Only one vector
//! of each orbit under that is stored, and the sizes of the orbits give the numbers of the whole
//! graph. (Clarke, Enders, Filkorn, Jha, "Exploiting symmetry in temporal logic model checking",
//! 1996; Ip and Dill, "Better verification through symmetry", 1996.)
//!
//! The form of a vector that is stored is exact, one for each orbit:
//!
//! 1. Tabs are sorted by local state, flight and what waits in the inbox, none of which has numbers
//!    of tabs in it.
//! 2. Tabs that are equal in that are put into the order that makes the inboxes least. Only tabs
//!    that are no twins need be tried: twins are tabs that can change places without any inbox
//!    being different afterwards.
//! 3. What freedom is left makes the histories least. They come last, so that vectors that differ
//!    in their histories only have the same core in this form, too.

use super::column::ColumnPlan;
use super::layout::{Columns, MAX_COLUMNS};
use super::locals::{LocalStates, TabSummary};
use super::memo::Memo;
use super::order::{
    IDENTITY, Order, TABS, arranged, arrangements, code, factorial, place, sort, sort_among,
    swapped,
};
use super::unknown::Unknown;
use crate::property::Monitored;
use crate::vocabulary::TabId;

/// Which tabs may change places, and what is known of how they do.
pub(super) struct Symmetry {
    plan: ColumnPlan,
    /// Interchangeable tabs, at least two each, in order.
    classes: Vec<Vec<u8>>,
    /// Of each class, the tabs that come one after the other.
    pairs: Vec<[u8; 2]>,
    /// Inboxes with other numbers, by inbox and [`code`].
    renumbered: Memo<u32>,
    /// Numbers of sequences that begin with ties and go on with the inboxes of places.
    sequences: Memo<u32>,
    next_sequence: u32,
    /// What to do about a sequence.
    resolutions: Vec<Resolution>,
}

/// How tabs that are equal but for their inboxes are put in order.
struct Resolution {
    /// The inboxes of all places in the best order.
    inboxes: [u32; TABS],
    /// The orders that lead there, but for the order among twins.
    orders: Vec<Order>,
    /// Twins, at least two each.
    twins: Vec<Vec<u8>>,
    /// How many orders lead there, with that of twins.
    ways: u64,
}

/// The stored form of a vector: what it has in the columns of each place.
pub(super) struct Canonical {
    tracked: [u32; TABS],
    inboxes: [u32; TABS],
    flights: [u32; TABS],
    /// The number of different cores that have this form.
    pub(super) orbit: u64,
    /// How the tabs have changed places, see [`code`]; `None` if some are equal but for inboxes and
    /// histories.
    pub(super) order: Option<u32>,
    /// What was done about tabs that are equal but for that.
    resolution: Option<u32>,
}

impl Canonical {
    /// Puts it where a vector's columns are.
    #[inline]
    pub(super) fn put(&self, plan: ColumnPlan, mut set: impl FnMut(usize, u32)) {
        for place in 0..plan.tabs {
            set(place, self.tracked[place]);
            set(plan.inbox(place), self.inboxes[place]);
            set(plan.in_flight(place), self.flights[place]);
        }
    }
}

/// Sequences that have ties only have the ties for a number.
const FIRST_SEQUENCE: u32 = 1 << TABS;

impl Symmetry {
    /// The interchangeable tabs of a model, if there are any.
    pub(super) fn of(model: &Monitored, plan: ColumnPlan) -> Option<Symmetry> {
        let alike = |one: u8, other: u8| {
            let (one, other) = (TabId(one), TabId(other));
            let watch = model.monitor().watch;
            let life = model.model().setup().life;
            watch.has(one) == watch.has(other)
                && life.absent.has(one) == life.absent.has(other)
                && life.unfocused.has(one) == life.unfocused.has(other)
                && model.model().permits().allowed(one) == model.model().permits().allowed(other)
        };
        let mut classes: Vec<Vec<u8>> = Vec::new();
        for tab in 0..plan.tabs as u8 {
            match classes.iter_mut().find(|class| alike(class[0], tab)) {
                Some(class) => class.push(tab),
                None => classes.push(vec![tab]),
            }
        }
        classes.retain(|class| class.len() > 1);
        let windows = classes.iter().flat_map(|class| class.windows(2));
        let pairs = windows.map(|pair| [pair[0], pair[1]]).collect();
        (!classes.is_empty()).then(|| Symmetry {
            plan,
            classes,
            pairs,
            renumbered: Memo::default(),
            sequences: Memo::default(),
            next_sequence: FIRST_SEQUENCE,
            resolutions: Vec::new(),
        })
    }

    /// Tabs that may change places, at least two each.
    #[cfg(feature = "cluster")]
    pub(super) fn classes(&self) -> &[Vec<u8>] {
        &self.classes
    }

    /// All orders of the tabs with their codes, but for the one in which everybody stays.
    pub(super) fn orders(&self) -> Vec<(u32, Order)> {
        let mut orders = vec![IDENTITY];
        for class in &self.classes {
            let each: Vec<Vec<u8>> = class.iter().map(|&tab| vec![tab]).collect();
            let ways = arrangements(&each);
            orders = orders
                .iter()
                .flat_map(|order| ways.iter().map(|way| arranged(order, class, way)))
                .collect();
        }
        let orders = orders
            .into_iter()
            .map(|order| (code(&order, self.plan.tabs), order));
        orders.filter(|(code, _)| *code != 0).collect()
    }

    /// The number of ways to permute the tabs.
    pub(super) fn order(&self) -> u64 {
        self.classes
            .iter()
            .map(|class| factorial(class.len()))
            .product()
    }

    /// Whether a vector's tabs are in strict order, each different from the others by more than its
    /// history and the numbers of tabs: then the vector is stored as it is, and its orbit is of
    /// full size.
    #[inline]
    pub(super) fn is_in_order(
        &self,
        columns: &Columns,
        summaries: &[TabSummary],
        locals: &LocalStates<'_>,
    ) -> bool {
        let local = |tab: u8| summaries[columns[usize::from(tab) % MAX_COLUMNS] as usize].tab;
        let key = |tab: u8| self.key(tab, columns, summaries, locals);
        for &[one, next] in &self.pairs {
            let of_one = local(one);
            let of_next = local(next);
            // Nearly always the local states tell.
            if of_one > of_next || of_one == of_next && key(one) >= key(next) {
                return false;
            }
        }
        true
    }

    /// What tabs are sorted by first.
    #[inline]
    fn key(
        &self,
        tab: u8,
        columns: &Columns,
        summaries: &[TabSummary],
        locals: &LocalStates<'_>,
    ) -> (u32, u32, u32) {
        let tab = usize::from(tab);
        let local = summaries[columns[tab] as usize].tab;
        let flight = columns[self.plan.in_flight(tab)];
        (
            local,
            flight,
            locals.inbox_multiset(columns[self.plan.inbox(tab)]),
        )
    }

    /// The stored form of a vector.
    pub(super) fn canonical(
        &self,
        columns: &Columns,
        summaries: &[TabSummary],
        locals: &LocalStates<'_>,
    ) -> Result<Canonical, Unknown> {
        let plan = self.plan;
        let mut keys = [(0, 0, 0); TABS];
        let mut order: Order = IDENTITY;
        for (tab, slot) in keys.iter_mut().enumerate().take(plan.tabs) {
            *slot = self.key(tab as u8, columns, summaries, locals);
        }
        let mut ties = 0u32;
        for class in &self.classes {
            ties |= sort(class, &mut order, &keys);
        }
        let code = code(&order, plan.tabs);
        let mut canonical = Canonical {
            tracked: [0; TABS],
            inboxes: [0; TABS],
            flights: [0; TABS],
            orbit: self.order(),
            order: Some(code).filter(|_| ties == 0),
            resolution: None,
        };
        for place in 0..plan.tabs {
            let tab = usize::from(order[place]);
            canonical.tracked[place] = columns[tab];
            canonical.flights[place] = columns[plan.in_flight(tab)];
            let inbox = columns[plan.inbox(tab)];
            let renumbered = self.renumbering(inbox, code, locals);
            canonical.inboxes[place] = renumbered.ok_or(Unknown::Renumbering { inbox, order })?;
        }
        if ties != 0 {
            self.resolve(ties, &mut canonical)?;
        }
        Ok(canonical)
    }

    /// The number of different vectors of which this one, which is one of these, is the stored form.
    pub(super) fn vectors(
        &self,
        columns: &Columns,
        summaries: &[TabSummary],
        locals: &LocalStates<'_>,
    ) -> Result<u64, Unknown> {
        let resolution = self.canonical(columns, summaries, locals)?.resolution;
        let tracked = &columns[..self.plan.tabs];
        let ways = resolution.map_or(1, |of| self.resolutions[of as usize].ways_to_stay(tracked));
        Ok(self.order() / ways)
    }

    /// Puts tabs that are equal up to their inboxes and histories into order.
    #[inline]
    fn resolve(&self, ties: u32, canonical: &mut Canonical) -> Result<(), Unknown> {
        let mut sequence = ties;
        for &inbox in &canonical.inboxes[..self.plan.tabs] {
            let longer = self.sequences.get(sequence, inbox);
            sequence = longer.ok_or(Unknown::Sequence { sequence, inbox })?;
        }
        let Some(resolution) = self.sequences.get(sequence, u32::MAX) else {
            return Err(Unknown::Resolution {
                sequence,
                ties,
                inboxes: Box::new(canonical.inboxes),
            });
        };
        canonical.resolution = Some(resolution);
        let resolution = &self.resolutions[resolution as usize];
        canonical.inboxes = resolution.inboxes;
        canonical.orbit /= resolution.ways;
        let tracked = &mut canonical.tracked[..self.plan.tabs];
        let orders = resolution.orders.iter();
        if let Some(best) = orders.map(|order| resolution.tracked(order, tracked)).min() {
            tracked.copy_from_slice(&best[..self.plan.tabs]);
        }
        Ok(())
    }

    /// Gives a sequence with one more member a number.
    pub(super) fn number(&mut self, sequence: u32, inbox: u32) {
        let next = self.next_sequence;
        self.next_sequence += 1;
        self.sequences.insert(sequence, inbox, next);
    }

    /// Finds out what to do about a sequence, with these inboxes and ties.
    pub(super) fn learn_resolution(
        &mut self,
        sequence: u32,
        ties: u32,
        inboxes: &[u32; TABS],
        locals: &mut LocalStates<'_>,
    ) {
        let resolution = self.resolution(ties, inboxes, locals);
        self.resolutions.push(resolution);
        let last = self.resolutions.len() as u32 - 1;
        self.sequences.insert(sequence, u32::MAX, last);
    }

    /// An inbox after the tabs have been put in order, if it is known.
    #[inline]
    fn renumbering(&self, inbox: u32, code: u32, locals: &LocalStates<'_>) -> Option<u32> {
        if code == 0 || locals.senders(inbox).is_empty() {
            return Some(inbox);
        }
        self.renumbered.get(inbox, code)
    }

    /// An inbox after the tabs have been put in order.
    pub(super) fn renumber(
        &mut self,
        inbox: u32,
        order: &Order,
        locals: &mut LocalStates<'_>,
    ) -> u32 {
        let code = code(order, self.plan.tabs);
        if let Some(known) = self.renumbering(inbox, code, locals) {
            return known;
        }
        let renumbered = locals.renumbered(inbox, |tab| place(order, tab));
        self.renumbered.insert(inbox, code, renumbered);
        renumbered
    }

    /// The inboxes of all places, after the tabs at these places have been put in order.
    fn reordered(
        &mut self,
        inboxes: &[u32; TABS],
        order: &Order,
        locals: &mut LocalStates<'_>,
    ) -> [u32; TABS] {
        let mut reordered = [0; TABS];
        for place in 0..self.plan.tabs {
            let inbox = inboxes[usize::from(order[place])];
            reordered[place] = self.renumber(inbox, order, locals);
        }
        reordered
    }

    /// Tries all orders of the tied places, but for the order of twins.
    fn resolution(
        &mut self,
        ties: u32,
        inboxes: &[u32; TABS],
        locals: &mut LocalStates<'_>,
    ) -> Resolution {
        let mut twins: Vec<Vec<u8>> = Vec::new();
        let mut orders = vec![IDENTITY];
        for group in self.groups(ties) {
            let mut of_group: Vec<Vec<u8>> = Vec::new();
            for &place in &group {
                let twin = of_group.iter().position(|twins| {
                    let order = swapped(twins[0], place);
                    self.reordered(inboxes, &order, locals) == *inboxes
                });
                match twin {
                    Some(twin) => of_group[twin].push(place),
                    None => of_group.push(vec![place]),
                }
            }
            let ways = arrangements(&of_group);
            orders = orders
                .iter()
                .flat_map(|order| ways.iter().map(|way| arranged(order, &group, way)))
                .collect();
            twins.extend(of_group);
        }
        let mut best = (*inboxes, Vec::new());
        for order in orders {
            let reordered = self.reordered(inboxes, &order, locals);
            if reordered < best.0 {
                best = (reordered, Vec::new());
            }
            if reordered == best.0 {
                best.1.push(order);
            }
        }
        let among_twins: u64 = twins.iter().map(|twins| factorial(twins.len())).product();
        twins.retain(|twins| twins.len() > 1);
        Resolution {
            inboxes: best.0,
            ways: best.1.len() as u64 * among_twins,
            orders: best.1,
            twins,
        }
    }

    /// The places that are tied with each other, at least two each. Bits of ties belong to places
    /// that are equal to the next one of their class.
    fn groups(&self, ties: u32) -> Vec<Vec<u8>> {
        let mut groups = Vec::new();
        for class in &self.classes {
            let mut group = vec![class[0]];
            for pair in class.windows(2) {
                if ties >> pair[0] & 1 == 0 {
                    groups.push(std::mem::take(&mut group));
                }
                group.push(pair[1]);
            }
            groups.push(group);
        }
        groups.retain(|group| group.len() > 1);
        groups
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        let orders = self.resolutions.iter().map(|resolution| {
            size_of::<Resolution>() + TABS * (resolution.orders.len() + 4 * resolution.twins.len())
        });
        self.renumbered.bytes() + self.sequences.bytes() + orders.sum::<usize>() as u64
    }
}

impl Resolution {
    /// The tabs with their histories in one of the orders, twins sorted.
    #[inline]
    fn tracked(&self, order: &Order, tracked: &[u32]) -> [u32; TABS] {
        let mut sorted = [0; TABS];
        for place in 0..tracked.len() {
            sorted[place] = tracked[usize::from(order[place])];
        }
        for twins in &self.twins {
            sort_among(&mut sorted[..tracked.len()], |place| {
                twins.contains(&order[place])
            });
        }
        sorted
    }

    /// How many of the orders, that of twins included, leave the tabs with their histories as they are,
    /// which are in the best order.
    fn ways_to_stay(&self, tracked: &[u32]) -> u64 {
        let stays = |order: &&Order| self.tracked(order, tracked)[..tracked.len()] == *tracked;
        let among_twins = |order: &Order| -> u64 {
            let equal_before = |place: usize| {
                let twins = (self.twins.iter()).find(|twins| twins.contains(&order[place]));
                let equal = |&other: &usize| {
                    tracked[other] == tracked[place]
                        && twins.is_some_and(|twins| twins.contains(&order[other]))
                };
                (0..place).filter(equal).count() as u64
            };
            (0..tracked.len())
                .map(|place| 1 + equal_before(place))
                .product()
        };
        self.orders.iter().filter(stays).map(among_twins).sum()
    }
}
