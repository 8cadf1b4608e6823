/* A second model of the promise, written independently of the bot's code: one leg, two workers, two approvers, an editor,
 * a store with a lagging replica, a network that delivers late, people who halt and settle.
 *
 * Time is three instants: 0 fresh, 1 every lease is over, 2 every signature is dead. A signature carries the instant at
 * which its worker looked. Two scopes, each explored whole: an approved request, with halt and fail-over; with -DVOTING
 * one that still has to be approved, and an editor. Each mistake is an #ifdef; without one, no assertion fails and the
 * formula at the end holds. tests/model/test_spin.py runs it. By hand:
 *   spin -a [-DMISTAKE] send.pml && gcc -O2 -o pan pan.c && ./pan -a -f -m100000
 */
#define BOTH 3

#ifdef OLD_CARD
#define FITS true
#else
#define FITS (card == store.revision)
#endif
#ifdef NO_FENCE
#define OTHER_LIFE false
#else
#define OTHER_LIFE (life != epoch)
#endif
#ifdef NO_LEASE
#define LEASE_OVER false
#else
#define LEASE_OVER (instant > 0)
#endif
#ifdef NO_VERSION
#define SAME_VERSION true
#else
#define SAME_VERSION (store.version == seen)
#endif

mtype = { waiting, sending, accepted, not_sent, unknown, held };

/* the store, and what its replica has of it */
typedef Record { byte version; byte revision; byte votes; bool approved; byte epoch; mtype leg; byte owner; bool lent };
Record store, replica;
byte epoch = 1;               /* which life of which store this is */
bool halted, dead_once;
byte instant;

/* the world */
byte executed;                /* how often mPaaS executed the leg */
byte flying[3];               /* signed requests under way: their instant of signing, 1 more than it; 0 is none */
byte pressed[3];              /* who pressed Approve on which revision: not in the store, so nothing can forget it */

inline copy(a, b) {
  a.version = b.version; a.revision = b.revision; a.votes = b.votes; a.approved = b.approved; a.epoch = b.epoch;
  a.leg = b.leg; a.owner = b.owner; a.lent = b.lent
}

inline call(me, looked) {     /* what leaves the house was approved by both, as it is */
  assert(pressed[text] == BOTH);
#ifdef SIGNS_LATE
  flying[me] = instant + 1
#else
  flying[me] = looked + 1
#endif
}

inline arrive(which) {        /* a signature of instant 2 lives for ever here, the others until then */
  if
  :: instant < 2 || flying[which] == 3 -> executed++
  :: true
  fi;
  flying[which] = 0
}

proctype worker(byte me) {
  byte seen, looked, life, text;
  bool mine;
again:
end:
  do
  :: atomic { store.approved && store.leg == waiting && instant < 2 ->
       seen = store.version; looked = instant; life = store.epoch; text = store.revision; mine = false };
#ifdef CALLS_FIRST
     atomic { call(me, looked) };
#endif
     atomic {                 /* the claim: one script */
       if
       :: OTHER_LIFE -> if :: store.version == seen && store.leg == waiting -> store.leg = held; store.version++ :: else fi
       :: else ->
          if
          :: SAME_VERSION ->
             if
#ifndef NO_HALT
             :: halted -> skip
#endif
             :: else ->
                assert(!halted);
                store.leg = sending; store.owner = me; store.version++; store.lent = true; mine = true
             fi
          :: else -> skip
          fi
       fi };
     if
     :: !mine -> goto again
     :: mine
     fi;
     if
#ifdef VOTING
     :: true
#else
     :: atomic { replica.version >= store.version && replica.leg == sending && life == epoch -> skip }
#endif
#ifdef NO_WAIT
     :: true
#endif
     :: true -> goto report_not_sent     /* not confirmed in time */
     :: true -> goto again               /* killed */
     fi;
#ifndef CALLS_FIRST
     atomic { call(me, looked) };
#endif
     if
     :: atomic { executed > 0 && flying[me] == 0 -> skip };   /* the answer */
        atomic {
          if
          :: store.owner == me && (store.leg == sending || store.leg == unknown) -> store.leg = accepted; store.version++
          :: else
          fi }
     :: true ->                          /* no answer */
#ifdef RETRIES
        atomic { if :: flying[me] == 0 -> call(me, looked) :: else fi };
#endif
        atomic {
          if
          :: store.owner == me && store.leg == sending -> store.leg = unknown; store.version++
          :: else
          fi }
     :: true                             /* killed */
     fi
  :: atomic { store.leg == sending && store.lent && LEASE_OVER ->    /* the lease is over */
       store.lent = false; store.version++;
#ifdef QUEUES_AGAIN
       store.leg = waiting
#else
       store.leg = unknown
#endif
     }
  :: atomic { instant == 2 && store.approved && store.leg == waiting ->
       store.leg = (store.epoch == epoch -> not_sent : held); store.version++ }    /* too late */
  od;
report_not_sent:
  atomic {
    if
    :: store.owner == me && store.leg == sending && life == epoch -> store.leg = not_sent; store.version++
    :: else
    fi };
  goto again
}

proctype mpaas() {
end:
  do
  :: atomic { flying[0] > 0 -> arrive(0) }
  :: atomic { flying[1] > 0 -> arrive(1) }
  od
}

proctype approver(byte me) {    /* a bit of a set */
  byte card, presses;
  do
  :: atomic { presses < 2 && instant == 0 && !store.approved ->
       presses++; card = store.revision; pressed[card] = pressed[card] | me };
     atomic {
       if
       :: !store.approved && !(store.votes & me) && FITS -> store.votes = store.votes | me; store.version++;
          if :: store.votes == BOTH -> store.approved = true; store.epoch = epoch :: else fi
       :: else
       fi }
  :: true -> break
  od
}

proctype editor() {
  if
  :: atomic { !store.approved && instant == 0 -> store.revision = 2; store.version++;
#ifndef VOTES_STAY
       store.votes = 0
#endif
     }
  :: true
  fi
}

proctype people() {
#ifndef VOTING
  if :: halted = true; if :: halted = false :: true fi :: true fi;
#endif
end:
  do
  :: atomic { (store.leg == unknown || store.leg == held) && executed > 0 -> store.leg = accepted; store.version++ }
#ifdef TOO_EARLY
  :: atomic { store.leg == unknown && executed == 0 && instant > 0 -> store.leg = not_sent; store.version++ }
#endif
  :: atomic { (store.leg == unknown || store.leg == held) && executed == 0 && instant == 2 ->
       store.leg = not_sent; store.version++ }
  od
}

proctype nature() {
end:
  do
  :: atomic { instant < 2 -> instant++ }
#ifndef VOTING
  :: atomic { replica.version != store.version -> copy(replica, store) }
  :: atomic { !dead_once && store.approved -> dead_once = true; copy(store, replica); epoch++ }
#endif
  od
}

proctype watch() {     /* what holds in every state */
end:
  do
  :: atomic { executed > 1 -> assert(executed <= 1) }
  :: atomic { store.leg == not_sent && executed > 0 -> assert(!executed) }
  od
}

init {
  atomic {
    store.version = 1; store.revision = 1; store.leg = waiting; store.epoch = 1;
#ifdef VOTING
    run approver(1); run approver(2); run editor();
#else
    store.approved = true; store.votes = BOTH; pressed[1] = BOTH;
#endif
    copy(replica, store);
    run worker(0); run worker(1); run mpaas(); run people(); run nature(); run watch()
  }
}

ltl comes_to_rest { [] (store.leg == sending -> <> (store.leg != sending)) }
