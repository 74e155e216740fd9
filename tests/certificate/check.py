#!/usr/bin/env python3
"""check.py FILE: whether FILE, by `freshest prove DESIGN --certificate FILE`, proves what it says.

A reading of its own of comparator, cache and cookie: it shares no code with the program, and does not search.
Each state is taken as it stands: everything that an environment may do to it must lead to a state of the file,
to exactly those that the file lists, and must violate nothing. What is taken for granted is in docs/proofs.md.
Exits with 0; 1 if the file proves less than it says; 2 if it is no certificate.
"""
import json, sys

DEAD, NEAR, LIVE = range(3)
PHASE = 1 << 16  # an iat is a phase of expiry, and a place in it
ROOM = 8  # between neighbours, so that three tokens may arrive in one step
SITES = {"broadcast", "baseline", "seed", "cookie", "last", "client"}
MEASURES = {"adoption-seeds", "superseded-posts", "legacy-cookie", "legacy-to-origin", "key-asks",
            "context-cookie", "out-ignores", "reload-empties", "load-void", "calls-read-cache"}
HELD = ("cached-oiat-never-decreases", "cached-claims-never-regress")
LIVED = ("tab-oiat-never-decreases", "tab-claims-never-regress")
STEP = {"fresher-broadcast-is-kept", "tie-is-adopted", "cookie-oiat-never-decreases", "update-reaches-cookie",
        "live-token-is-kept"}

class Refused(Exception): "The file proves less than it says."
# A token is (oiat or None, iat, claims).
phase = lambda token: token[1] // PHASE
rank = lambda token: token[:2] if token[0] else (0, 0)

class Instants:
    """When claims were read and tokens minted, as far as a tab, or a step of it, holds them."""
    def __init__(self, tokens, reads):
        tokens = [token for token in tokens if token]
        reads = [read for read in reads if read] + [(oiat, claims) for oiat, _, claims in tokens]
        self.claims = sorted({oiat or claims for oiat, claims in reads} - {0})
        self.minted = {}
        for oiat, iat, _ in tokens:
            self.minted.setdefault((oiat, iat // PHASE), set()).add(iat)
        self.legacy = [(iat, claims) for oiat, iat, claims in tokens if not oiat and claims]
        # The origin begins to send oiat once, for good.
        self.last_without = max([claims for oiat, claims in reads if not oiat], default=0)
        self.first_with = min([oiat for oiat, _ in reads if oiat], default=1 << 30)
    def iats(self, oiat):
        """With, between and after those that tokens of this oiat have, in each phase."""
        for of in (DEAD, NEAR, LIVE):
            known = sorted(self.minted.get((oiat, of), ()))
            yield from known + between(of * PHASE, known, 2 * ROOM)
    def arrivals(self, about):
        """Every honest token, up to order."""
        read = self.claims + between(0, self.claims, ROOM)
        tokens = [(o, iat, o) for o in read if o >= self.last_without for iat in self.iats(o)]
        if about.mixed:
            tokens += [(None, iat, claims) for claims in (read if about.legacy_claims else [0])
                       if claims <= self.first_with for iat in self.iats(None)
                       if not (claims and about.dated) or self.dates(iat, claims)]
        return tokens
    def dates(self, iat, claims):
        """Where only the origin mints tokens without oiat, iat says when their claims were read."""
        order = lambda a, b: (a > b) - (a < b)
        return all(order(iat, i) == order(claims, c) for i, c in self.legacy)
    def canonical(self, tab):
        names = {None: None, 0: 0, **{claims: n for n, claims in enumerate(self.claims, 1)}}
        place = lambda t: sum(iat < t[1] for iat in self.minted[t[0], phase(t)])
        name = lambda t: t and (names[t[0]], phase(t), place(t), names[t[2]])
        read = lambda of: of and (names[of[0]], names[of[1]])
        slot, token, *flags, last, held, lived = tab
        return (slot, name(token), *flags, name(last), read(held), read(lived))

def between(begin, known, room):
    return [(a + b) // 2 for a, b in zip([begin, *known], [*known, (known or [begin])[-1] + room])]

class Tab:
    """A tab to which one thing happens."""
    def __init__(self, about, state):
        self.about, self.violated, self.ended = about, set(), False
        self.slot, self.token, self.armed, self.background, self.others, self.last, self.held, self.lived = state
    def keeps(self, existing, incoming, broadcast=False, entry=True):
        if not self.about.keeps(existing, incoming):
            return False
        # A broadcast's format is newer than that of what it meets, unless dates say that it is not.
        is_dated = self.about.dated and not existing[0] and not incoming[0]
        is_newer = not is_dated or incoming[1] >= existing[1] or incoming[2] > existing[2]
        if broadcast and rank(incoming) > rank(existing):
            self.violated.add("fresher-broadcast-is-kept")
        if broadcast and rank(incoming) == rank(existing) and is_newer:
            self.violated.add("tie-is-adopted")
        if entry and phase(existing) == DEAD and phase(incoming) != DEAD:
            self.violated.add("live-token-is-kept")
        return True
    def pick(self, base, token, broadcast=False):
        return base if base and self.keeps(base, token, broadcast) else token
    def occupy(self, slot, token=None, armed=None):
        self.others |= self.slot == "pending" and not self.ended  # who loses the slot is still under way
        self.slot, self.token, self.armed = slot, token, armed
    def vacate(self):
        self.occupy("empty")
        self.held = None
    def put(self, token, own, broadcast=False):
        if "last" in self.about.sites and self.last and self.keeps(self.last, token, broadcast):
            return
        if phase(token) == DEAD:
            return self.vacate()
        self.occupy("resolved", token, phase(token) == LIVE if own else None)
        if broadcast and "adoption-seeds" in self.about.measures:
            self.activate(token)
    def activate(self, token):
        seed = self.last if "seed" in self.about.sites else None
        if "last" in self.about.sites and not (seed and self.keeps(seed, token, entry=False)):
            self.last = token
    def dispatch(self, token):
        self.violated |= self.about.cookie(token)
        self.activate(token)
    def drop_near(self):
        return self.slot == "resolved" and phase(self.token) != LIVE and self.vacate()
    def refuses(self, existing, broadcast):
        return "broadcast" in self.about.sites and self.keeps(existing, broadcast, True)
    # What may happen.
    def broadcast(self, token):
        self.drop_near()
        if self.slot == "empty" or self.slot == "resolved" and not self.refuses(self.token, token):
            self.put(self.pick(self.token, token, True), False, True)
    def get_token(self):
        self.drop_near()
        if self.slot == "empty":
            self.occupy("pending")
        elif self.slot == "resolved":
            self.violated |= self.about.cookie(self.token)
    def skip_cache(self):
        self.occupy("pending", self.token)
    def refresh(self):
        self.armed, self.background = False, True
    def background_ends(self, token):
        self.background = False
        if token:
            self.put(self.pick(self.token, token), True)
            self.dispatch(token)
    def fetch_ends(self, owner, token, waiting):
        self.ended = owner
        if token:
            if owner:
                self.put(self.pick(self.token, token), True)
            elif self.slot == "pending":
                self.token = self.pick(self.token, token)
            elif self.slot == "resolved" and not self.keeps(self.token, token):
                self.put(token, self.armed is not None)
            self.dispatch(token)
        winner = None
        for broadcast in [w for w in waiting if not (token and self.refuses(token, w))]:
            winner = self.pick(winner or self.token, broadcast, True)
        if winner:
            self.put(winner, False, True)
        if owner and self.slot == "pending":
            self.vacate()
        if self.slot == "resolved" and any(phase(w) != DEAD and rank(w) > rank(self.token) for w in waiting):
            self.violated.add("fresher-broadcast-is-kept")
    def observe(self):
        """What a reader gets now is held against what one got; gives the state."""
        if self.slot == "resolved" and phase(self.token) == LIVE:
            now = (self.token[0], self.token[2])
            for before, (oiat, claims) in ((self.held, HELD), (self.lived, LIVED)):
                if before and (now[0] or 0) < (before[0] or 0):
                    self.violated.add(oiat)
                if before and now[1] < before[1]:
                    self.violated.add(claims)
            self.held = now if self.about.proves & set(HELD) else None
            self.lived = now if self.about.proves & set(LIVED) else None
        return (self.slot, self.token, self.armed, self.background, self.others, self.last, self.held, self.lived)

class Invariant:
    def __init__(self, file, part):
        self.wins, self.then_iat = set(file["rule"]["existing_wins"]), file["rule"]["then_iat"]
        self.sites, self.measures = set(file["sites"]), set(file["measures"])
        self.proves, self.waiting, self.cookies = set(part["proves"]), part["waiting"], {}
        self.mixed, self.legacy_claims = part["tokens"] == "mixed", part["legacy_claims"]
        self.dated = "legacy-to-origin" in self.measures
        self.states = [tuple(tuple(of) if isinstance(of, list) else of for of in state) for state in part["states"]]
        if part["tokens"] not in ("with-oiat", "mixed"):
            raise ValueError("tokens of no known kind")
        if not {"baseline"} <= self.sites <= SITES or not self.measures <= MEASURES:
            raise Refused("a site or measure that this checker has not read about")
        if not self.proves or self.proves - STEP - {*HELD, *LIVED}:
            raise Refused("a property that this checker has not read about, or none")
        if self.mixed and self.proves & {HELD[1], LIVED[1]} and not self.legacy_claims:
            raise Refused("claims are asked about that the states do not tell apart")
        enough = self.waiting >= (2 if self.proves & STEP else 1) and self.is_weak_order()
        if part["any_number"] and not enough:
            raise Refused("any number of waiting broadcasts is claimed, and not shown")
    def keeps(self, existing, incoming):
        """The decision table: whether the existing token stays."""
        (e, e_iat, _), (i, i_iat, _) = existing, incoming
        by_iat = "A3" if e_iat > i_iat else "A4" if e_iat < i_iat else "A5"
        if e and i:
            return ("A1" if e > i else "A2" if e < i else by_iat) in self.wins
        return ("B1" if e else "B2" if i else by_iat if self.then_iat else "B3") in self.wins
    def is_weak_order(self):
        """Whether "replaces" is one: then two broadcasts that wait show what any number does."""
        grid = [(oiat or None, iat, 0) for oiat in range(0 if self.mixed else 1, 7) for iat in range(1, 7)]
        beats = {(a, b): not self.keeps(b, a) for a in grid for b in grid}
        return all(beats[c, a] if beats[c, b] else beats[c, a] or beats[b, c]
                   for a in grid for b in grid if beats[b, a] for c in grid)
    def cookie(self, token):
        """What a cookie write violates, whatever the cookie is: alike in a kind and phase."""
        key = (token[0] is None, phase(token))
        if key not in self.cookies:
            met = {self.met(cookie, token) for cookie in Instants([token], []).arrivals(self)}
            self.cookies[key] = met - {None}
        return self.cookies[key]
    def met(self, cookie, token):
        is_legacy = not (cookie[0] and token[0])
        is_guarded = "cookie" in self.sites and (not is_legacy or "legacy-cookie" in self.measures)
        if not (is_guarded and phase(cookie) != DEAD and self.keeps(cookie, token)):
            lowers = phase(cookie) != DEAD and (token[0] or 0) < (cookie[0] or 0)
            return "cookie-oiat-never-decreases" if lowers else None
        is_dated = self.dated and not cookie[0] and not token[0]
        is_newer = rank(cookie) == rank(token) and (not is_dated or token[1] >= cookie[1])
        return "update-reaches-cookie" if is_newer or rank(cookie) < rank(token) else None
    def rows(self, tokens, reads, most):
        """The broadcasts that may have waited, none to so many."""
        yield ()
        for token in Instants(tokens, reads).arrivals(self) if most else []:
            yield from ((token, *row) for row in self.rows([*tokens, token], reads, most - 1))
    def moves(self, tab):
        """Everything that may happen: a method of the tab, and its arguments."""
        yield from (("get_token",), ("skip_cache",))
        if tab.slot != "empty":
            yield ("vacate",)  # the page clears the cache, or a timer removes what has expired
        if tab.armed:
            yield ("refresh",)
        tokens, reads = [tab.token, tab.last], [tab.held, tab.lived]
        arrivals = Instants(tokens, reads).arrivals(self)
        yield from (("broadcast", token) for token in arrivals)
        if tab.background:
            yield from (("background_ends", token) for token in [None, *arrivals])
        for owner in [True] * (tab.slot == "pending") + [False] * tab.others:
            for token in [None, *arrivals]:
                for row in self.rows([*tokens, token], reads, self.waiting):
                    yield "fetch_ends", owner, token, row
    def after(self, state):
        """The canonical forms of what a tab may become."""
        found = set()
        for move, *arguments in self.moves(Tab(self, state)):
            tab = Tab(self, state)
            getattr(tab, move)(*arguments)
            found.add(tab.observe())
            if tab.violated & self.proves:
                raise Refused(f"{move} violates {', '.join(sorted(tab.violated & self.proves))}")
            if move == "fetch_ends" and not arguments[0]:
                tab.others = False  # it may have been the last of them
                found.add(tab.observe())
        slot, token, *flags, last, held, lived = state
        for (oiat, old), iats in Instants([token, last], []).minted.items():
            first = (oiat, min(iats))  # becomes the last of the phase before
            age = lambda t: (oiat, old * PHASE - 1, t[2]) if t and t[:2] == first else t
            if old != DEAD:
                found.add((slot, age(token), *flags, age(last), held, lived))
        return {self.canonical(state) for state in found}
    def canonical(self, state):
        return Instants([state[1], state[5]], state[6:]).canonical(state)
    def begin(self, token):
        slot = ("resolved", token, True) if token else ("empty", None, None)
        last = token if "last" in self.sites else None
        return self.canonical(Tab(self, (*slot, False, False, last, None, None)).observe())
    def check(self, starts, successors):
        begins = {self.begin(token) for token in [None, *Instants([], []).arrivals(self)]}
        if begins != {self.states[number] for number in starts}:
            raise Refused("the states before anything happened are others")
        if not len(set(self.states)) == len(self.states) == len(successors):
            raise Refused("a state is repeated, or has no list of successors")
        for number, (state, after) in enumerate(zip(self.states, successors)):
            try:
                if self.after(spread(state)) != {self.states[other] for other in after}:
                    raise Refused("it leads elsewhere than the file says")
            except Refused as refused:
                raise Refused(f"state {number}: {refused}") from None

def spread(state):
    """A state with room between its instants."""
    oiat = lambda of: of and of * ROOM
    name = lambda t: t and (oiat(t[0]), t[1] * PHASE + (t[2] + 1) * ROOM, t[3] * ROOM)
    slot, token, *flags, last, held, lived = state
    return (slot, name(token), *flags, name(last), *(of and (oiat(of[0]), of[1] * ROOM) for of in (held, lived)))

def main(path):
    try:
        with open(path, encoding="utf-8") as opened:
            file = json.load(opened)
        if file["certificate"] != 1 or not file["invariants"]:
            raise ValueError("of another version, or empty")
        for part in file["invariants"]:
            Invariant(file, part).check(part["starts"], part["successors"])
            waiting = "any number of" if part["any_number"] else f"at most {part['waiting']}"
            print(f"{len(part['states'])} states, {part['tokens']}, {waiting} waiting broadcasts:", *part["proves"])
    except Refused as refused:
        print(f"{path} does not prove what it says: {refused}")
        return 1
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        print(f"{path} is no certificate: {error!r}", file=sys.stderr)
        return 2
    print(f"{file['design']}: proved")
    return 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else print(__doc__, file=sys.stderr) or 2)
