//! Vectors that arrive from another node.
//!
//! Several threads translate them, some at a time, with what is known; what they meet unknown is found
//! out by one thread afterwards, in the order of the vectors, so that ids are given as one thread gives
//! them. Then all of them are looked up together.

use super::super::batch::Batch;
use super::super::encoded::{MAX_STORED, Place, Source, StateId};
use super::super::layout::{Columns, Layout, Packed};
use super::super::packed::PackedModel;
use super::super::search::Search;
use super::super::sleep::EventSet;
use super::super::store::Store;
use super::super::together::{Queue, together};
use super::message::{Garbled, Rows};
use super::peer::{Peer, Translations};
use std::num::NonZeroUsize;

/// Vectors that one thread translates before it takes the next ones.
const PIECE: usize = 256;

/// Vectors that arrived one after the other, packed alike.
pub(super) struct Piece<'r> {
    /// The sender's layout.
    layout: &'r Layout,
    words: &'r [u64],
    parents: &'r [StateId],
    asleep: &'r [u16],
}

/// What several threads take pieces with.
struct Known<'a, 'm> {
    translations: &'a Translations<'a>,
    packed: &'a PackedModel<'m>,
    store: &'a Store,
}

impl Known<'_, '_> {
    /// Puts a vector into a source, in the form in which this node stores it and packed. Returns what sleeps
    /// there, or `None` if something about the vector is unknown.
    #[inline]
    fn read(
        &self,
        piece: &Piece<'_>,
        at: usize,
        source: &mut Source,
    ) -> Result<Option<EventSet>, Garbled> {
        piece.translate(at, self.translations, source)?;
        let asleep = self.translations.set(piece.asleep[at])?;
        let Ok(order) = self.packed.take_stored_form(&mut source.columns) else {
            return Ok(None);
        };
        self.store.prepare(self.packed, source);
        Ok(Some(self.packed.independence.moved(asleep, order)))
    }
}

impl Piece<'_> {
    /// Puts a vector into a source, in this node's ids.
    #[inline]
    fn translate(
        &self,
        position: usize,
        known: &Translations<'_>,
        source: &mut Source,
    ) -> Result<(), Garbled> {
        let words = self.layout.words();
        let row = &self.words[position * words..][..words];
        source.layout = 0;
        known.translate(self.layout, row, &mut source.columns)
    }
}

/// What has become of a piece.
#[derive(Default)]
pub(super) struct Arrival {
    /// The vectors in the form in which this node stores them.
    batch: Batch,
    /// Positions of those about which something is unknown; something else stands there for them.
    unknown: Vec<u32>,
    /// Why the vectors mean nothing.
    garbled: Option<Garbled>,
}

impl Arrival {
    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.batch.bytes() + 4 * self.unknown.capacity() as u64
    }

    /// Takes a piece, as far as everything is known.
    fn take(&mut self, piece: &Piece<'_>, known: &Known<'_, '_>) {
        let arena = &known.store.arena;
        self.batch.begin(arena);
        self.unknown.clear();
        let words = arena.layout().words();
        let mut source = Source::default();
        for (position, &parent) in piece.parents.iter().enumerate() {
            let (row, place, asleep) = match known.read(piece, position, &mut source) {
                Ok(Some(asleep)) => (source.packed, source.place(), asleep),
                Ok(None) => {
                    self.unknown.push(position as u32);
                    (Packed::default(), Place::new(0, 0), 0)
                }
                Err(garbled) => {
                    self.garbled = Some(garbled);
                    return;
                }
            };
            self.batch.add(&row[..words], place, parent, asleep);
        }
        if self.unknown.is_empty() {
            self.batch.sort();
        }
    }

    /// Takes what was unknown, about which everything is known by now.
    fn take_rest(&mut self, piece: &Piece<'_>, known: &Known<'_, '_>) -> Result<(), Garbled> {
        self.batch.repack(&known.store.arena);
        if self.unknown.is_empty() {
            return Ok(());
        }
        let mut source = Source::default();
        for position in self.unknown.drain(..) {
            let position = position as usize;
            let asleep = known.read(piece, position, &mut source)?;
            let asleep = asleep.expect("bug: something is still unknown");
            (self.batch).put(position, &source.packed, source.place(), asleep);
        }
        self.batch.sort();
        Ok(())
    }
}

/// Looks up vectors that another node has found, by so many threads.
pub(super) fn take(
    search: &mut Search<'_>,
    peer: &mut Peer,
    rows: &mut Rows,
    arrivals: &mut Vec<Arrival>,
    threads: NonZeroUsize,
) -> Result<(), Garbled> {
    peer.learn(&mut search.packed, rows)?;
    let (packed, unknown) = (&mut search.packed, &mut search.tally.footprints);
    (peer.heard_of_sleep).learn(&mut packed.independence, unknown, rows)?;
    search.store.make_room(&search.packed);
    let layouts = layouts(rows);
    let pieces = pieces(rows, &layouts);
    let fits = search.store.arena.len() + 2 * PIECE * pieces.len() < MAX_STORED;
    assert!(fits, "bug: a bound should have ended the run");
    arrivals.resize_with(pieces.len().max(arrivals.len()), Arrival::default);
    let translations = peer.translations();
    let known = Known {
        translations: &translations,
        packed: &search.packed,
        store: &search.store,
    };
    let queue = Queue::new(pieces.iter().zip(arrivals.iter_mut()));
    let take = || {
        while let Some((piece, arrival)) = queue.next() {
            arrival.take(piece, &known);
        }
    };
    together(threads, || {}, take);
    let arrivals = &mut arrivals[..pieces.len()];
    let mut source = Source::default();
    for (piece, arrival) in pieces.iter().zip(&mut *arrivals) {
        if let Some(garbled) = arrival.garbled.take() {
            return Err(garbled);
        }
        for &position in &arrival.unknown {
            piece.translate(position as usize, &translations, &mut source)?;
            let columns = &mut source.columns;
            search.packed.ask(|packed| packed.take_stored_form(columns));
        }
    }
    search.store.make_room(&search.packed);
    let known = Known {
        translations: &translations,
        packed: &search.packed,
        store: &search.store,
    };
    for (piece, arrival) in pieces.iter().zip(&mut *arrivals) {
        arrival.take_rest(piece, &known)?;
    }
    let batches: Vec<&Batch> = arrivals.iter().map(|arrival| &arrival.batch).collect();
    if threads == NonZeroUsize::MIN {
        for batch in batches {
            search.store.look_up(&search.packed, batch);
        }
        return Ok(());
    }
    search.store.know_cores(&search.packed);
    search.store.look_up_together(&batches, threads, |_| ());
    search.store.settle();
    Ok(())
}

/// The first vector of a message, in the form in which this node stores it.
pub(super) fn first(
    packed: &mut PackedModel<'_>,
    peer: &mut Peer,
    rows: &mut Rows,
) -> Result<Option<Columns>, Garbled> {
    peer.learn(packed, rows)?;
    let layouts = layouts(rows);
    let Some(piece) = pieces(rows, &layouts).into_iter().next() else {
        return Ok(None);
    };
    let mut source = Source::default();
    piece.translate(0, &peer.translations(), &mut source)?;
    packed.ask(|packed| packed.take_stored_form(&mut source.columns));
    Ok(Some(source.columns))
}

/// How the sender packed each part of a message.
fn layouts(rows: &Rows) -> Vec<Layout> {
    let parts = rows.parts.iter();
    parts.map(|of| Layout::new(&of.counts)).collect()
}

/// Vectors of a message, some at a time.
fn pieces<'r>(rows: &'r Rows, layouts: &'r [Layout]) -> Vec<Piece<'r>> {
    let mut pieces = Vec::with_capacity(rows.len() / PIECE + layouts.len());
    let (mut words, mut numbers) = (rows.words.as_slice(), 0);
    for (part, layout) in rows.parts.iter().zip(layouts) {
        let (of_part, rest) = words.split_at(part.rows * layout.words());
        words = rest;
        let of_part = of_part.chunks(PIECE * layout.words());
        for words in of_part {
            let of_piece = numbers..numbers + words.len() / layout.words();
            numbers = of_piece.end;
            pieces.push(Piece {
                layout,
                words,
                parents: &rows.parents[of_piece.clone()],
                asleep: &rows.asleep[of_piece],
            });
        }
    }
    pieces
}
