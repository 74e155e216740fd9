/*
 * The design `pr-8097` in Promela: a peer to measure the explorer against.
 *
 * The behaviour is the one that the Rust model states, reduced to the stimuli refresh and
 * skip_cache: nothing ages, nothing fails, no post is lost, every tab starts with t0. Each event
 * (tick, refresh, skip_cache, mint, respond, deliver) is one d_step, that is one transition to
 * exactly one stored state, so that the number of stored states is the explorer's number of
 * unique states and (state, enabled event) pairs are Spin's transitions, less the initial state,
 * which Spin counts as one.
 *
 *   spin -a -o2 -DTABS=2 -DREFRESH=2 -DSKIP=1 pr-8097.pml
 *
 * `-o2` matters: no event of this design reads the cookie, and Spin would take a variable that is
 * only written out of the state. `spin.sh` beside this file has the whole way to a figure.
 *
 * What the encoding owes to which section of the semantics:
 *
 * - Tokens. There is no legacy start and no rollout, so `oiat` is always present, equal to the
 *   claims, and fmt is 0: a token is the pair (oiat, iat). As one number, oiat first, comparing
 *   numbers is comparing ranks ("The comparator": rows A1 to A4, and A5 is equality).
 * - Time. Instants count from 0 here. A tick needs a mint since the last one, so there are at most
 *   as many ticks as mints, and at most as many mints as stimuli.
 * - Requests and responses are "delivered in any order": no queue, but a cell for each tab's
 *   background request (there is at most one, the mark of "refresh(i)" is that its cell is taken)
 *   and for each foreground fetch of a tab, indexed by its id. A request becomes its response in
 *   place. Hence no two arrangements of one set are different states.
 * - Broadcasts are "first-in first-out per (sender, receiver) pair, with no order across pairs",
 *   and the broadcasts waiting for a fetch are lists of the same kind. A tab's lists together hold
 *   no more than there are mints, so they share one row of that many cells, sorted by list: smaller
 *   than an array for each list, and just as canonical.
 *
 * Scratch variables are `hidden`, so they cost no state; in return Spin refuses -DBFS. Without that
 * check its breadth-first search took a third more time here than its depth-first search, whose
 * stack is only a few dozen events deep.
 */

#ifndef TABS
#define TABS 2
#endif
#ifndef REFRESH
#define REFRESH 2
#endif
#ifndef SKIP
#define SKIP 1
#endif

#define STIMULI  (REFRESH + SKIP)
#define INSTANTS (STIMULI + 1)

#if TABS < 1 || TABS > 4
#error "TABS must be between 1 and 4: the options below are written out for that many"
#endif
#if REFRESH < 0 || SKIP < 0 || STIMULI < 1 || STIMULI > 6
#error "REFRESH + SKIP must be between 1 and 6: a token and two marks share a byte"
#endif
#if (TABS - 1 + SKIP) * (INSTANTS * INSTANTS + 1) > 255
#error "too many tabs and fetches for this many instants: a list and a token share a byte"
#endif

/* Tokens: 1 to INSTANTS^2; 0 is none. */
#define TOKEN(oiat, iat) ((oiat) * INSTANTS + (iat) + 1)
#define OIAT(token)      (((token) - 1) / INSTANTS)

/* A slot is a token, perhaps ARMED, or PENDING + the id of the fetch. It is never empty here. */
#define ARMED   64
#define PENDING 128

/* A cell in flight is 0, UNMINTED + the parent of a request, or the token of a response. */
#define UNMINTED 128

/*
 * A cell of an inbox is 0 or a list and a token. Lists are numbered: first one for each sender,
 * then one for each fetch. Cells are filled from the left, in order of their lists, and within a
 * list in order of arrival.
 */
#define LIST (INSTANTS * INSTANTS + 1)
#define FROM(to, from) ((from) - ((from) > (to)))
#define WAITING(fetch) (TABS - 1 + (fetch))
#define IN_LIST(cell, list) ((cell) > (list) * LIST && (cell) < ((list) + 1) * LIST)

#define LAST_CELL (STIMULI - 1)
#if SKIP > 0
#define FETCHES SKIP
#else
#define FETCHES 1  /* Promela has no array of length 0 */
#endif

byte slot[TABS] = ARMED + TOKEN(0, 0);  /* the cache entry */
byte last[TABS] = TOKEN(0, 0);          /* the last active token, which seeds requests */
byte background[TABS];                  /* in flight */
byte foreground[TABS * FETCHES];        /* in flight, by tab and id */
byte inbox[TABS * STIMULI];             /* broadcasts on their way and waiting, by tab */
byte cookie = TOKEN(0, 0);
unsigned instant : 3;
unsigned used : 1 = 1;
unsigned refreshes : 3 = REFRESH;
unsigned skips : 3 = SKIP;

/* Scratch: hidden, so no part of the state. */
hidden byte token;
hidden byte other;
hidden byte cell;
hidden byte stop;
hidden byte fetch;

/*
 * -DHEADLINE: `cached-oiat-never-decreases`, for trust in the model, not for figures: what it has
 * to remember adds states.
 */
#ifdef HEADLINE
byte readable[TABS] = TOKEN(0, 0);
inline observe(tab) {
	if
	:: slot[tab] < PENDING ->
		token = slot[tab] & (ARMED - 1);
		assert(OIAT(token) >= OIAT(readable[tab]));
		readable[tab] = token
	:: else
	fi
}
#else
inline observe(tab) { skip }
#endif

/* Inserts a token behind the last one of its list. `cell` runs down from the first free one. */
inline post_to(to, from) {
	cell = (to) * STIMULI;
	do
	:: inbox[cell] -> cell++
	:: else -> break
	od;
	do
	:: cell > (to) * STIMULI && inbox[cell - 1] >= (FROM(to, from) + 1) * LIST ->
		inbox[cell] = inbox[cell - 1];
		cell--
	:: else -> break
	od;
	inbox[cell] = FROM(to, from) * LIST + token
}

inline post(tab) {
#if TABS == 2
	post_to(1 - (tab), tab)
#elif TABS > 2
	other = 0;
	do
	:: other == tab -> other++
	:: other != tab && other < TABS -> post_to(other, tab); other++
	:: else -> break
	od
#else
	skip
#endif
}

/* "Dispatch(t)": this design has no guard here. */
#define DISPATCH(tab) cookie = token; last[tab] = token

/* "refresh(i)": a request only if the cell is free; the timer is gone in any case. */
inline refresh(tab) {
	refreshes--;
	slot[tab] = slot[tab] - ARMED;
	if
	:: background[tab] == 0 -> background[tab] = UNMINTED + last[tab]
	:: else
	fi
}

/* "skip_cache(i)": a forced request keeps its parent, which is part of the state. */
inline skip_cache(tab) {
	skips--;
	fetch = 0;
	do
	:: foreground[(tab) * FETCHES + fetch] -> fetch++
	:: else -> break
	od;
	foreground[(tab) * FETCHES + fetch] = UNMINTED + last[tab];
	slot[tab] = PENDING + fetch
}

/* "Background success": installed and posted whatever was there. */
inline background_success(tab) {
	token = background[tab];
	background[tab] = 0;
	slot[tab] = ARMED + token;
	post(tab);
	DISPATCH(tab);
	observe(tab)
}

/* "Foreground success": the slot if it is still this fetch's, dispatch, the waiting broadcasts. */
inline foreground_success(tab, id) {
	token = foreground[(tab) * FETCHES + id];
	foreground[(tab) * FETCHES + id] = 0;
	if
	:: slot[tab] == PENDING + id -> slot[tab] = ARMED + token; post(tab)
	:: else
	fi;
	DISPATCH(tab);
	waiting_ran(tab, id);
	observe(tab)
}

/* Each is compared with the fetch's token; the last accepted one stays, without a timer. */
inline waiting_ran(tab, id) {
	cell = (tab) * STIMULI;
	stop = cell;
	do
	:: cell <= (tab) * STIMULI + LAST_CELL && inbox[cell] ->
		other = inbox[cell];
		inbox[cell] = 0;
		if
		:: IN_LIST(other, WAITING(id)) ->
			other = other - WAITING(id) * LIST;
			if
			:: token > other
			:: else -> slot[tab] = other
			fi
		:: else -> inbox[stop] = other; stop++
		fi;
		cell++
	:: else -> break
	od
}

/* "deliver(i from j)": a pending slot lets it wait; a resolved one takes it unless fresher. */
inline deliver(tab, from) {
	cell = (tab) * STIMULI;
	do
	:: !IN_LIST(inbox[cell], FROM(tab, from)) -> cell++
	:: else -> break
	od;
	token = inbox[cell] - FROM(tab, from) * LIST;
	if
	:: slot[tab] >= PENDING ->
		other = WAITING(slot[tab] - PENDING);
		token = other * LIST + token;
		stop = (other + 1) * LIST
	:: else ->
		if
		:: (slot[tab] & (ARMED - 1)) > token
		:: else -> slot[tab] = token
		fi;
		token = 0;
		stop = 255
	fi;
	/* Close the gap up to where the cell belongs now: behind its new list, or nowhere. */
	do
	:: cell < (tab) * STIMULI + LAST_CELL && inbox[cell + 1] && inbox[cell + 1] < stop ->
		inbox[cell] = inbox[cell + 1];
		cell++
	:: else -> break
	od;
	inbox[cell] = token;
	observe(tab)
}

/* "mint": the origin answers a forced request, the edge copies the parent's claims. */
#define MINT(request, oiat) request = TOKEN(oiat, instant); used = 1

#define UNDER_WAY(tab, id) foreground[(tab) * FETCHES + (id)]

#define FETCH_EVENTS(tab, id) \
	:: d_step { UNDER_WAY(tab, id) -> \
		if \
		:: UNDER_WAY(tab, id) >= UNMINTED -> MINT(UNDER_WAY(tab, id), instant) \
		:: else -> foreground_success(tab, id) \
		fi }

#define DELIVERY(tab, from) \
	:: d_step { IS_POSTED(tab, from) -> deliver(tab, from) }

#define TAB_EVENTS(tab) \
	:: d_step { refreshes && (slot[tab] & (PENDING + ARMED)) == ARMED -> refresh(tab) } \
	:: d_step { skips -> skip_cache(tab) } \
	:: d_step { background[tab] -> \
		if \
		:: background[tab] >= UNMINTED -> \
			MINT(background[tab], OIAT(background[tab] - UNMINTED)) \
		:: else -> background_success(tab) \
		fi }

/* What is written out by hand below, because a choice inside a d_step would not be a choice. */
#define AT(tab, from, n) IN_LIST(inbox[(tab) * STIMULI + (n)], FROM(tab, from))

#if STIMULI == 1
#define BEHIND(tab, from) false
#elif STIMULI == 2
#define BEHIND(tab, from) AT(tab, from, 1)
#elif STIMULI == 3
#define BEHIND(tab, from) (AT(tab, from, 1) || AT(tab, from, 2))
#elif STIMULI == 4
#define BEHIND(tab, from) (AT(tab, from, 1) || AT(tab, from, 2) || AT(tab, from, 3))
#elif STIMULI == 5
#define BEHIND(tab, from) \
	(AT(tab, from, 1) || AT(tab, from, 2) || AT(tab, from, 3) || AT(tab, from, 4))
#elif STIMULI == 6
#define BEHIND(tab, from) \
	(AT(tab, from, 1) || AT(tab, from, 2) || AT(tab, from, 3) || AT(tab, from, 4) || \
	 AT(tab, from, 5))
#endif

/* List 0 is at the front of the inbox or nowhere. */
#define IS_POSTED(tab, from) \
	(AT(tab, from, 0) || (FROM(tab, from) > 0 && BEHIND(tab, from)))

#if SKIP == 0
#define ALL_FETCH_EVENTS(tab)
#define FETCHES_UNDER_WAY(tab) 0
#elif SKIP == 1
#define ALL_FETCH_EVENTS(tab) FETCH_EVENTS(tab, 0)
#define FETCHES_UNDER_WAY(tab) UNDER_WAY(tab, 0)
#elif SKIP == 2
#define ALL_FETCH_EVENTS(tab) FETCH_EVENTS(tab, 0) FETCH_EVENTS(tab, 1)
#define FETCHES_UNDER_WAY(tab) (UNDER_WAY(tab, 0) | UNDER_WAY(tab, 1))
#elif SKIP == 3
#define ALL_FETCH_EVENTS(tab) FETCH_EVENTS(tab, 0) FETCH_EVENTS(tab, 1) FETCH_EVENTS(tab, 2)
#define FETCHES_UNDER_WAY(tab) (UNDER_WAY(tab, 0) | UNDER_WAY(tab, 1) | UNDER_WAY(tab, 2))
#elif SKIP == 4
#define ALL_FETCH_EVENTS(tab) \
	FETCH_EVENTS(tab, 0) FETCH_EVENTS(tab, 1) FETCH_EVENTS(tab, 2) FETCH_EVENTS(tab, 3)
#define FETCHES_UNDER_WAY(tab) \
	(UNDER_WAY(tab, 0) | UNDER_WAY(tab, 1) | UNDER_WAY(tab, 2) | UNDER_WAY(tab, 3))
#else
#error "SKIP must be at most 4: the options are written out for that many fetches"
#endif

#define ANY_UNDER_WAY(tab) (background[tab] | FETCHES_UNDER_WAY(tab))

#if TABS == 1
#define SOME_UNDER_WAY ANY_UNDER_WAY(0)
#elif TABS == 2
#define SOME_UNDER_WAY (ANY_UNDER_WAY(0) | ANY_UNDER_WAY(1))
#elif TABS == 3
#define SOME_UNDER_WAY (ANY_UNDER_WAY(0) | ANY_UNDER_WAY(1) | ANY_UNDER_WAY(2))
#else
#define SOME_UNDER_WAY \
	(ANY_UNDER_WAY(0) | ANY_UNDER_WAY(1) | ANY_UNDER_WAY(2) | ANY_UNDER_WAY(3))
#endif

active proctype browser() {
end:	do
	/* "tick": `used`, and some request is not yet minted. */
	:: d_step { used && (SOME_UNDER_WAY & UNMINTED) -> instant++; used = 0 }
	TAB_EVENTS(0)
	ALL_FETCH_EVENTS(0)
#if TABS > 1
	TAB_EVENTS(1)
	ALL_FETCH_EVENTS(1)
	DELIVERY(0, 1)
	DELIVERY(1, 0)
#endif
#if TABS > 2
	TAB_EVENTS(2)
	ALL_FETCH_EVENTS(2)
	DELIVERY(0, 2)
	DELIVERY(1, 2)
	DELIVERY(2, 0)
	DELIVERY(2, 1)
#endif
#if TABS > 3
	TAB_EVENTS(3)
	ALL_FETCH_EVENTS(3)
	DELIVERY(0, 3)
	DELIVERY(1, 3)
	DELIVERY(2, 3)
	DELIVERY(3, 0)
	DELIVERY(3, 1)
	DELIVERY(3, 2)
#endif
	od
}
