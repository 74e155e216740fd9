//! Instants known by their order alone, and the positions a new one may take among them.

use crate::cache::Clock;
use crate::vocabulary::ModelToken;

/// Numbers of one phase of expiry.
const PHASE: u8 = 64;

/// Distance between neighbours that leaves room for three new instants in a row.
const ROOM: u8 = 8;

/// The most instants that can be numbered at which claims were read.
const MOST_CLAIMS: usize = 30;

/// The most instants that can be numbered of one line and phase.
const MOST_MINTED: usize = 7;

/// Expiry, where it is part of an instant's number: below 64 dead, below 128 near, else live. So
/// any number of instants may be near at once, unlike in the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Phases;

impl Clock<ModelToken> for Phases {
    fn is_near(&self, token: &ModelToken) -> bool {
        token.iat < 2 * PHASE
    }

    fn is_dead(&self, token: &ModelToken) -> bool {
        token.iat < PHASE
    }
}

/// Which `iat`s a rule may hold against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Those of tokens of equal `oiat` only, absent counting as one: as in the decision table.
    PerOiat,
    One,
}

impl Lines {
    /// The line of a token's `iat`.
    pub(crate) fn of(self, oiat: Option<u8>) -> u8 {
        match self {
            Lines::PerOiat => oiat.unwrap_or(0),
            Lines::One => 0,
        }
    }
}

/// The instants that a scene holds, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Order {
    /// At which claims were read, `oiat`s among them. 0 is no instant: nobody asks.
    claims: Vec<u8>,
    /// At which tokens were minted, each with its line.
    minted: Vec<(u8, u8)>,
    /// When tokens without `oiat` were minted, and their claims read, where anybody asks.
    unreported: Vec<(u8, u8)>,
    /// The newest claims without `oiat`, and the oldest with.
    switch: Switch,
}

/// The origin begins to send `oiat` once, for good: whatever claims were read before that is told by
/// tokens without `oiat`, and what since by tokens with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Switch {
    last_without: u8,
    first_with: Option<u8>,
}

impl Switch {
    fn add(&mut self, oiat: Option<u8>, claims: u8) {
        match oiat {
            Some(oiat) => {
                let first = self.first_with.map_or(oiat, |first| first.min(oiat));
                self.first_with = Some(first);
            }
            None => self.last_without = self.last_without.max(claims),
        }
    }

    /// Whether claims may have been read then. Both kinds may be of the instant of the switch.
    fn allows(&self, has_oiat: bool, claims: u8) -> bool {
        match has_oiat {
            true => claims >= self.last_without,
            false => self.first_with.is_none_or(|first| claims <= first),
        }
    }
}

fn insert<T: Ord>(sorted: &mut Vec<T>, item: T) {
    if let Err(at) = sorted.binary_search(&item) {
        sorted.insert(at, item);
    }
}

impl Order {
    /// Adds an instant at which claims were read.
    pub(crate) fn add_claims(&mut self, claims: u8) {
        if claims != 0 {
            insert(&mut self.claims, claims);
        }
    }

    /// Adds an instant at which a token was minted.
    pub(crate) fn add_minted(&mut self, line: u8, iat: u8) {
        insert(&mut self.minted, (line, iat));
    }

    /// Adds a read of the database, of which nobody remembers the tokens.
    pub(crate) fn add_read(&mut self, oiat: Option<u8>, claims: u8) {
        self.add_claims(oiat.unwrap_or(claims));
        self.switch.add(oiat, claims);
    }

    /// Adds a token's.
    pub(crate) fn add(&mut self, lines: Lines, token: &ModelToken) {
        self.add_read(token.oiat, token.claims);
        self.add_minted(lines.of(token.oiat), token.iat);
        if token.oiat.is_none() && token.claims != 0 {
            insert(&mut self.unreported, (token.iat, token.claims));
        }
    }

    /// The dense number of an instant at which claims were read, from 1.
    pub(crate) fn claims_rank(&self, claims: u8) -> u8 {
        if claims == 0 {
            return 0;
        }
        1 + self.claims.partition_point(|&other| other < claims) as u8
    }

    /// The dense number of an instant at which a token was minted: its place among those of its
    /// line and phase.
    pub(crate) fn minted_rank(&self, line: u8, iat: u8) -> u8 {
        let first = (line, iat - iat % PHASE);
        let begin = self.minted.partition_point(|&other| other < first);
        let place = self.minted.partition_point(|&other| other < (line, iat));
        first.1 + (place - begin) as u8
    }

    /// The instants at which claims were read, in order.
    pub(crate) fn claims(&self) -> &[u8] {
        &self.claims
    }

    /// The instants at which tokens were minted, each with its line, in order.
    pub(crate) fn minted(&self) -> &[(u8, u8)] {
        &self.minted
    }

    /// Whether there are few enough instants to be numbered.
    pub(crate) fn is_small(&self) -> bool {
        let crowded = |&(line, iat): &(u8, u8)| {
            usize::from(self.minted_rank(line, iat) % PHASE) >= MOST_MINTED
        };
        self.claims.len() <= MOST_CLAIMS && !self.minted.iter().any(crowded)
    }

    /// The instants that expire next, each with its line: on each line the earliest that is not
    /// near, and the earliest that is near and not dead.
    pub(crate) fn next_to_expire(&self) -> impl Iterator<Item = (u8, u8)> {
        let phase = |&(line, iat): &(u8, u8)| (line, iat / PHASE);
        self.minted
            .chunk_by(move |a, b| phase(a) == phase(b))
            .filter_map(|same| same.first().copied())
            .filter(|&(_, iat)| iat >= PHASE)
    }

    /// Where the claims of a new token may have been read: with a known instant, or next to one.
    fn claims_places(&self) -> Vec<u8> {
        let last = self.claims.last().copied().unwrap_or(0);
        let ends = self.claims.iter().copied().chain([last + ROOM]);
        let mut places = self.claims.clone();
        let mut begin = 0;
        for end in ends {
            places.push(between(begin, end));
            begin = end;
        }
        places
    }

    /// Where a new token may have been minted on a line, in any phase.
    fn minted_places(&self, line: u8) -> Vec<u8> {
        let mut places = Vec::new();
        for first in [0, PHASE, 2 * PHASE] {
            let here = |&&(of, iat): &&(u8, u8)| of == line && iat / PHASE == first / PHASE;
            let mut begin = first;
            for &(_, iat) in self.minted.iter().filter(here) {
                places.extend([between(begin, iat), iat]);
                begin = iat;
            }
            places.push(between(begin, first + PHASE));
        }
        places
    }

    /// Whether a token without `oiat` agrees with those that are known, if each tells by its `iat`
    /// when its claims were read.
    fn agrees(&self, iat: u8, claims: u8) -> bool {
        let mut known = self.unreported.iter();
        known.all(|(other, read)| iat.cmp(other) == claims.cmp(read))
    }

    /// Every token that may arrive, up to order: what an honest mint may have made, whenever.
    pub(crate) fn arrivals(&self, kinds: &Kinds) -> Vec<ModelToken> {
        let mut tokens = Vec::new();
        let may_be = |has_oiat| move |&read: &u8| self.switch.allows(has_oiat, read);
        for oiat in self.claims_places().into_iter().filter(may_be(true)) {
            let line = kinds.lines.of(Some(oiat));
            let places = self.minted_places(line).into_iter();
            tokens.extend(places.map(|iat| ModelToken::read_at(oiat, iat)));
        }
        if !kinds.legacy {
            return tokens;
        }
        let read = match kinds.legacy_claims {
            true => self.claims_places(),
            false => vec![0],
        };
        for claims in read.into_iter().filter(may_be(false)) {
            let iats = self.minted_places(kinds.lines.of(None)).into_iter();
            let agrees = |iat: &u8| claims == 0 || !kinds.dated || self.agrees(*iat, claims);
            tokens.extend(iats.filter(agrees).map(|iat| ModelToken {
                oiat: None,
                ..ModelToken::read_at(claims, iat)
            }));
        }
        tokens
    }
}

fn between(begin: u8, end: u8) -> u8 {
    begin + (end - begin) / 2
}

/// Which tokens may arrive, and what is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinds {
    /// Which `iat`s may be held against each other.
    pub lines: Lines,
    /// Tokens without `oiat`, too.
    pub legacy: bool,
    /// The claims of tokens without `oiat` matter.
    pub legacy_claims: bool,
    /// Tokens without `oiat` come from the origin alone, so that `iat` tells when their claims and
    /// their format were read.
    pub dated: bool,
}

impl Kinds {
    /// Whether one token's format may be newer than another's.
    pub(crate) fn may_be_newer(&self, token: &ModelToken, than: &ModelToken) -> bool {
        let are_dated = self.dated && token.oiat.is_none() && than.oiat.is_none();
        !are_dated || token.iat >= than.iat
    }
}

/// Moves dense numbers apart, so that new ones fit in between.
pub(crate) fn spread_claims(claims: u8) -> u8 {
    claims * ROOM
}

/// See [`spread_claims`].
pub(crate) fn spread_minted(iat: u8) -> u8 {
    iat - iat % PHASE + (iat % PHASE + 1) * ROOM
}

/// The phase of expiry (0 dead, 1 near, 2 live), and a dense number's place in it.
pub(crate) fn phase_and_place(iat: u8) -> (u8, u8) {
    (iat / PHASE, iat % PHASE)
}

/// The instant after it has become near, or dead: the last of its line that did.
pub(crate) fn expired(iat: u8) -> u8 {
    iat - iat % PHASE - 1
}

#[cfg(test)]
mod tests;
