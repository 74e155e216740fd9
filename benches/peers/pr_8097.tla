------------------------------ MODULE pr_8097 ------------------------------
(***************************************************************************)
(* The design `pr-8097` in TLA+: a peer to measure the explorer against.   *)
(*                                                                         *)
(* The behaviour is the one that the Rust model states, reduced to the     *)
(* stimuli refresh and skip_cache: nothing ages, nothing fails, no post is *)
(* lost, every tab starts with t0.  Each event (tick, refresh, skip_cache, *)
(* mint, respond, deliver) is one step, budgets are part of the state, and *)
(* what properties would have to remember is not.  So TLC's distinct       *)
(* states are the explorer's unique states.                                *)
(*                                                                         *)
(* Transitions are (state, enabled event) pairs, so two events that lead   *)
(* to one state are two of them.  TLC counts them in the same way as long  *)
(* as each event is an instance of just one disjunct of Next and has just  *)
(* one successor: every action below is deterministic, and whatever        *)
(* depends on the state is an IF, never a disjunction.  "States            *)
(* generated" are then the transitions and the initial state.              *)
(*                                                                         *)
(* Tokens, slots and cells are numbers, as in pr-8097.pml, because TLC     *)
(* evaluates and hashes a state value by value.  Tabs and fetches are      *)
(* numbers, too, counted from 1, so functions of them are tuples.          *)
(*                                                                         *)
(* What is quoted are the words of the semantics; tlc.sh beside this file  *)
(* has the whole way to a figure.                                          *)
(***************************************************************************)
EXTENDS Integers, Sequences

CONSTANTS
    Tabs,      \* how many
    Refresh,   \* budgets, shared by all tabs
    Skip

ASSUME Tabs \in Nat \ {0} /\ Refresh \in Nat /\ Skip \in Nat

VARIABLES
    slot,        \* by tab: the cache entry
    last,        \* by tab: the last active token, which seeds requests
    background,  \* by tab: the background request in flight, or its response
    foreground,  \* by tab and id: the foreground fetches in flight
    posted,      \* by receiver and sender: broadcasts on their way
    waiting,     \* by tab and id: broadcasts that wait for a fetch
    cookie,
    now,
    used,
    refreshes,   \* what is left of the budgets
    skips

vars == << slot, last, background, foreground, posted, waiting, cookie,
           now, used, refreshes, skips >>

-----------------------------------------------------------------------------
Tab == 1 .. Tabs
\* The ids of a tab's fetches: the smallest that is free, and there are never
\* more of them in flight than the budget allows.
Fetch == 1 .. Skip

(***************************************************************************)
(* "Time": now counts from 1.  A tick needs a mint since the last one, so  *)
(* there are at most as many ticks as mints, and at most as many mints as  *)
(* stimuli: no instant reaches Radix.                                      *)
(***************************************************************************)
Radix == Refresh + Skip + 2

(***************************************************************************)
(* There is no legacy start and no rollout, so `oiat` is always present,   *)
(* equal to the claims, and fmt is 0: a token is the pair (oiat, iat).  As *)
(* one number, oiat first, comparing numbers is comparing ranks ("The      *)
(* comparator": rows A1 to A4, and A5 is equality).                        *)
(***************************************************************************)
Token(oiat, iat) == oiat * Radix + iat
Oiat(token) == token \div Radix
StrictlyFresher(token, other) == token > other
T0 == Token(1, 1)

(***************************************************************************)
(* A slot is never none here: a token is resolved, a token above Armed has *)
(* its refresh timer, and pending on a fetch is the fetch's id, negated.   *)
(***************************************************************************)
Armed == Radix * Radix
IsArmed(entry) == entry > Armed
IsPending(entry) == entry < 0
Held(entry) == IF IsArmed(entry) THEN entry - Armed ELSE entry
Pending(id) == -id

(***************************************************************************)
(* "Requests and responses are delivered in any order": no queue, but a    *)
(* cell for each request, which becomes its response in place.  A tab has  *)
(* at most one background request (the mark of "refresh(i)" is that its    *)
(* cell is taken), and its foreground fetches by their ids.  A cell is     *)
(* None, a response's token, or a request's parent, negated; only          *)
(* foreground requests are forced.                                         *)
(***************************************************************************)
None == 0
Request(parent) == -parent
IsRequest(cell) == cell < None
IsResponse(cell) == cell > None
Parent(cell) == -cell

-----------------------------------------------------------------------------
Init ==
    /\ slot = [tab \in Tab |-> Armed + T0]
    /\ last = [tab \in Tab |-> T0]
    /\ background = [tab \in Tab |-> None]
    /\ foreground = [tab \in Tab |-> [id \in Fetch |-> None]]
    /\ posted = [to \in Tab |-> [from \in Tab |-> << >>]]
    /\ waiting = [tab \in Tab |-> [id \in Fetch |-> << >>]]
    /\ cookie = T0
    /\ now = 1
    /\ used = TRUE
    /\ refreshes = Refresh
    /\ skips = Skip

AllMinted ==
    \A tab \in Tab :
        /\ ~IsRequest(background[tab])
        /\ \A id \in Fetch : ~IsRequest(foreground[tab][id])

\* "tick": `used`, and some request is not yet minted. Not with \E: TLC would
\* generate the successor once for each such request.
Tick ==
    /\ used
    /\ ~AllMinted
    /\ now' = now + 1
    /\ used' = FALSE
    /\ UNCHANGED << slot, last, background, foreground, posted, waiting,
                    cookie, refreshes, skips >>

\* "refresh(i)": a request only if none is under way; the timer is gone in
\* any case.
RefreshTimer(tab) ==
    /\ refreshes > 0
    /\ IsArmed(slot[tab])
    /\ refreshes' = refreshes - 1
    /\ slot' = [slot EXCEPT ![tab] = Held(@)]
    /\ background' = IF background[tab] = None
                     THEN [background EXCEPT ![tab] = Request(last[tab])]
                     ELSE background
    /\ UNCHANGED << last, foreground, posted, waiting, cookie, now, used,
                    skips >>

FreeId(tab) ==
    CHOOSE id \in Fetch :
        /\ foreground[tab][id] = None
        /\ \A smaller \in 1 .. (id - 1) : foreground[tab][smaller] # None

\* "skip_cache(i)": a forced request keeps its parent, which is part of the
\* state.
SkipCache(tab) ==
    /\ skips > 0
    /\ skips' = skips - 1
    /\ LET id == FreeId(tab)
       IN  /\ foreground' = [foreground EXCEPT ![tab][id] = Request(last[tab])]
           /\ slot' = [slot EXCEPT ![tab] = Pending(id)]
    /\ UNCHANGED << last, background, posted, waiting, cookie, now, used,
                    refreshes >>

\* "mint": the edge copies the parent's claims ...
MintBackground(tab) ==
    /\ IsRequest(background[tab])
    /\ background' = [background EXCEPT ![tab] = Token(Oiat(Parent(@)), now)]
    /\ used' = TRUE
    /\ UNCHANGED << slot, last, foreground, posted, waiting, cookie, now,
                    refreshes, skips >>

\* ... and the origin answers a forced request.
MintForeground(tab, id) ==
    /\ IsRequest(foreground[tab][id])
    /\ foreground' = [foreground EXCEPT ![tab][id] = Token(now, now)]
    /\ used' = TRUE
    /\ UNCHANGED << slot, last, background, posted, waiting, cookie, now,
                    refreshes, skips >>

\* Broadcasts are "first-in first-out per (sender, receiver) pair, with no
\* order across pairs; a tab never receives its own".
Post(tab, token) ==
    posted' = [to \in Tab |->
                IF to = tab THEN posted[to]
                ELSE [posted[to] EXCEPT ![tab] = Append(@, token)]]

\* "Dispatch(t)": this design has no guard here.
Dispatch(tab, token) ==
    /\ cookie' = token
    /\ last' = [last EXCEPT ![tab] = token]

\* "Background success": installed and posted whatever was there.
BackgroundSuccess(tab) ==
    /\ IsResponse(background[tab])
    /\ background' = [background EXCEPT ![tab] = None]
    /\ LET token == background[tab]
       IN  /\ slot' = [slot EXCEPT ![tab] = Armed + token]
           /\ Post(tab, token)
           /\ Dispatch(tab, token)
    /\ UNCHANGED << foreground, waiting, now, used, refreshes, skips >>

\* "Foreground success": the slot if it is still this fetch's, dispatch, the
\* waiting broadcasts.  Each of those is compared with the fetch's token, and
\* the last accepted one stays, without a timer, whatever the slot is then.
ForegroundSuccess(tab, id) ==
    /\ IsResponse(foreground[tab][id])
    /\ foreground' = [foreground EXCEPT ![tab][id] = None]
    /\ LET token == foreground[tab][id]
           owns == slot[tab] = Pending(id)
           accepted == SelectSeq(waiting[tab][id],
                                 LAMBDA other : ~StrictlyFresher(token, other))
       IN  /\ slot' = IF accepted # << >>
                      THEN [slot EXCEPT ![tab] = accepted[Len(accepted)]]
                      ELSE IF owns
                      THEN [slot EXCEPT ![tab] = Armed + token]
                      ELSE slot
           /\ IF owns THEN Post(tab, token) ELSE UNCHANGED posted
           /\ Dispatch(tab, token)
    /\ waiting' = [waiting EXCEPT ![tab][id] = << >>]
    /\ UNCHANGED << background, now, used, refreshes, skips >>

\* "deliver(i from j)": a pending slot lets it wait; a resolved one takes it,
\* without a timer, unless what it holds is strictly fresher.
Deliver(tab, from) ==
    /\ posted[tab][from] # << >>
    /\ posted' = [posted EXCEPT ![tab][from] = Tail(@)]
    /\ LET token == Head(posted[tab][from])
       IN  IF IsPending(slot[tab])
           THEN /\ waiting' = [waiting EXCEPT ![tab][-slot[tab]] =
                                Append(@, token)]
                /\ UNCHANGED slot
           ELSE /\ slot' = IF StrictlyFresher(Held(slot[tab]), token)
                           THEN slot
                           ELSE [slot EXCEPT ![tab] = token]
                /\ UNCHANGED waiting
    /\ UNCHANGED << last, background, foreground, cookie, now, used,
                    refreshes, skips >>

Next ==
    \/ Tick
    \/ \E tab \in Tab :
        \/ RefreshTimer(tab)
        \/ SkipCache(tab)
        \/ MintBackground(tab)
        \/ BackgroundSuccess(tab)
        \/ \E id \in Fetch :
            \/ MintForeground(tab, id)
            \/ ForegroundSuccess(tab, id)
        \/ \E from \in Tab : Deliver(tab, from)

(***************************************************************************)
(* For trust in the model, not for figures, so pr_8097.cfg does not ask    *)
(* for it: `cached-oiat-never-decreases` from one state to the next, which *)
(* needs nothing remembered.  With "PROPERTY CachedOiatNeverDecreases" TLC *)
(* finds the counterexample of 7 events.                                   *)
(***************************************************************************)
CachedOiatNeverDecreases ==
    [][\A tab \in Tab :
        \/ IsPending(slot[tab])
        \/ IsPending(slot'[tab])
        \/ Oiat(Held(slot'[tab])) >= Oiat(Held(slot[tab]))]_vars

=============================================================================
