"""The moves of the model: workers, people, store, network, mPaaS and announcers, each one atomic step at a time.

What workers and people do is the product's code (``model.replay``); what stands here is the world around it:

* the store does what ``commit.lua``, ``claim.lua`` and ``Claims.claim`` say: version, commit id, halt, epoch, replicas;
* the announcer does what ``Announcer._announce`` says: read, say, for a card read again, and strike off at the end;
* mPaaS executes whatever arrives while its signature lives, and lists it, or not yet.

Two reads of one operation between which it does nothing visible are one step, but for the clock: everything that can
happen between them can also happen before them. That is not so for a clock that is read and then acted upon, so every
reading of the clock before the claim is a step of its own: the process may be paused there for as long as it pleases.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from model.checker import Move
from model.documents import APPROVERS, PEOPLE, WAITS_FOR_PEOPLE, Documents, the_target
from model.replay import Done, Question, Replays
from model.world import Actor, Bot, Post, Press, Scope, Showing, Store, World

from bot.domain import lifecycle
from bot.domain.content import Platform
from bot.domain.request import NoticeKind
from bot.domain.states import SETTLED_STATES

AT_MOST_ONCE = "at most once: mPaaS executes a leg twice"
QUORUM = "four eyes: sent or approved without a quorum on exactly that"
HALTED = "halted: claimed although everything was halted before"
IN_TIME = "late is never now: signed long after the approval is too old"
TRUE_NO = "a no is true: said not to be sent, and was"
TRUE_YES = "a yes is true: said to be sent, and was not"
TOLD_TRULY = "who won is told so: a stored commit is answered as if another had come first"
ENDS = "nothing is lost: neither ended, nor waiting for a person"
ANNOUNCED = "everything is announced: at rest, and not said"
COMMITTED = "said only what is written: announced, and not committed"

SIGNATURE = timedelta(minutes=15)
"""How long mPaaS takes a signature (Signature V3, x-acs-date)."""

SLACK = timedelta(minutes=1)
"""How long after its last moment an approval may be signed for: the gates asked in time, and the claim is a little later."""

LEFT_ALONE = timedelta(seconds=30)

_Step = tuple[str, World, Actor, bool, str]


class Model:
    """One scope, with one bot."""

    def __init__(self, scope: Scope, bot: Bot | None = None) -> None:
        self.scope, self.bot = scope, bot or Bot()
        target = the_target(quorum=scope.quorum, veto_window=scope.veto_window)
        self.documents = Documents(scope.instants, tuple(Platform)[: scope.platforms], target)
        self.replays = Replays(self.documents, self.bot.wrap)
        self._work = self.replays.begin("work", self.bot.work)
        self._presses = [
            (press, self.replays.begin(press, self.bot.verbs[press.verb](press))) for press in scope.presses
        ]
        self._past: dict[int, tuple[str, bool, frozenset[int]]] = {}

    # -- the explorer's questions ---------------------------------------------------------------------------------

    def first(self) -> Iterator[World]:
        documents, scope = self.documents, self.scope
        step = documents.submitted()
        notices = documents.entries(step)
        pressed = 0
        voters = sorted(APPROVERS)[: scope.quorum] if scope.begins == "approved" else []
        for voter in voters:
            step = lifecycle.approve(
                step.request, voter=voter, target=documents.target, now=documents.moment(0), epoch="epoch-1"
            )
            notices |= documents.entries(step)
            pressed |= self._pressed(voter, 1)
        number = documents.number(step.request)
        store = Store(number, documents.known[number].due, False, notices if scope.announcers else 0)
        yield World(
            0, store, 1, (store,) * scope.replicas, (), (), (), (), ((),) * scope.platforms, (), 0, 0, pressed,
            False, 0, scope.faults, scope.deaths, scope.halts,
        )  # fmt: skip

    def moves(self, world: World) -> Sequence[Move]:
        return [
            *self._time(world),
            *self._workers(world),
            *self._people(world),
            *self._network(world),
            *self._announcers(world),
            *self._store(world),
            *self._switches(world),
        ]

    def breach(self, world: World) -> str:
        known = self.documents.known[world.store.document]
        if not known.votes_are_sound:
            return QUORUM
        executed = 0
        for place, times in enumerate(world.executed):
            if len(times) > 1:
                return AT_MOST_ONCE
            executed |= len(times) << place
        if known.denied & executed:
            return TRUE_NO
        return TRUE_YES if known.affirmed & ~executed else ""

    def unrest(self, world: World) -> str:
        known = self.documents.known[world.store.document]
        if known.state not in SETTLED_STATES and known.state not in WAITS_FOR_PEOPLE:
            return "" if known.wakes else ENDS  # it is due after the last instant: the same, begun earlier, is explored
        if not self.scope.announcers:
            return ""
        missing = self.documents.last_words(world.store.document) & ~world.told
        return ANNOUNCED if missing or world.card != known.version else ""

    # -- time -----------------------------------------------------------------------------------------------------

    def _time(self, world: World) -> Iterator[Move]:
        clock = world.clock + 1
        if clock < len(self.scope.instants):
            net = tuple(post for post in world.net if post.answer or self._lives(post, clock))
            yield Move(f"time goes on to second {self.scope.instants[clock]}", world._replace(clock=clock, net=net), True)

    def _lives(self, post: Post, clock: int) -> bool:
        return self.documents.moment(clock) - self.documents.moment(post.signed) < SIGNATURE

    # -- workers --------------------------------------------------------------------------------------------------

    def _workers(self, world: World) -> Iterator[Move]:
        if len(world.workers) < self.scope.workers and world.store.due <= world.clock:
            actor = Actor(self._next(self._work, world.store.document), left=world.left)
            yield from self._work_on(("takes the request up", world, actor, True, ""), world.workers)
        for actor in dict.fromkeys(world.workers):
            others = _less(world.workers, actor)
            for step in self._act(world, actor):
                yield from self._work_on(step, others)
            if self.scope.crashes:
                yield Move("the worker crashes", _clean(world._replace(workers=others)))

    def _work_on(self, step: _Step, others: tuple[Actor, ...]) -> Iterator[Move]:
        """Go on with a worker's operation to its next visible question."""
        name, world, actor, fair, breach = step
        for heir in self._settled(world, actor, sees_clock=True):
            done = self._done(heir)
            if done is None:
                yield Move(f"a worker {name}", _clean(world._replace(workers=_more(others, heir))), fair, breach)
                continue
            after = _clean(world._replace(workers=others))
            if done.event == "nothing_due" or done.raised not in {"", "StoreUnavailable"}:
                after = self._postponed(after)
            yield Move(f"a worker {name} ({done.event or done.raised})", after, fair, breach)

    def _postponed(self, world: World) -> World:
        """Leave a request alone for a while, as ``Worker._leave_alone`` does."""
        until = self.documents.instant(self.documents.moment(world.clock) + LEFT_ALONE)
        return world._replace(store=world.store._replace(due=max(world.store.due, until)))

    # -- people ---------------------------------------------------------------------------------------------------

    def _people(self, world: World) -> Iterator[Move]:
        if len(world.people) < self.scope.people:
            for press, begin in self._presses:
                yield from self._press(world, press, begin)
        for actor in dict.fromkeys(world.people):
            others = _less(world.people, actor)
            for name, after, heir, _, breach in self._act(world, actor):
                for next_one in self._settled(after, heir, sees_clock=False):
                    done = self._done(next_one)
                    people = others if done else _more(others, next_one)
                    said = f" ({done.raised or 'stored'})" if done else ""
                    yield Move(f"a press {name}{said}", after._replace(people=people), False, breach)

    def _press(self, world: World, press: Press, begin: int) -> Iterator[Move]:
        if press.verb == "settle" and press.sent != bool(world.executed[press.platform]):
            return  # people say what they found, and what they find is true
        pressed = world.pressed | (self._pressed(press.who, press.revision) if press.verb == "approve" else 0)
        actor = Actor(self._next(begin, world.store.document))
        for heir in self._settled(world, actor, sees_clock=False):
            if not self._done(heir):  # what is refused at once changes nothing
                yield Move(str(press), world._replace(people=_more(world.people, heir), pressed=pressed))

    def _pressed(self, who: str, revision: int) -> int:
        return 1 << (PEOPLE.index(who) + len(PEOPLE) * (revision - 1))

    def _done(self, actor: Actor) -> Done | None:
        question = self.replays.question[actor.node]
        return question[1] if question[0] == "done" and not actor.wait else None

    # -- one question of an operation -----------------------------------------------------------------------------

    def _act(self, world: World, actor: Actor) -> Iterator[_Step]:
        """Answer the visible question at which an operation stands, in every way that can happen."""
        if actor.wait:
            yield from self._waited(world, actor)
            return
        question = self.replays.question[actor.node]
        match question[0]:
            case "get":
                yield self._answered("reads the request", world, actor, world.store.document)
            case "now":
                yield self._answered("reads the clock", world, actor, world.clock)
            case "postpone":
                store = world.store._replace(due=max(world.store.due, question[1]))
                yield self._answered("looks at it again later", world._replace(store=store), actor, "ok")
            case "commit" | "claim":
                yield from self._writes(world, actor, question)
            case "push":
                yield from self._pushes(world, actor, question)
            case "say":
                store = self.documents.known[world.store.document]
                said = self.documents.known[question[1]]
                ahead = said.version > store.version or (said.version == store.version and question[1] != world.store.document)
                yield ("announces", world, actor._replace(node=self._next(actor.node, "ok")), True, COMMITTED * ahead)
            case other:
                raise AssertionError(f"unreachable: {other} is answered without a step")

    def _answered(self, name: str, world: World, actor: Actor, answer: int | str, breach: str = "") -> _Step:
        return (name, world, actor._replace(node=self._next(actor.node, answer), wait=()), True, breach)

    def _writes(self, world: World, actor: Actor, question: Question) -> Iterator[_Step]:
        """Let a commit or a claim reach the store, or not, and its answer come back, or not."""
        kind = question[0]
        after, said, breach = self._land(world, question)
        if said != "ok":
            yield self._answered(f"{kind}s: {said[1:]}", after, actor, said)
        elif kind == "claim" and self.scope.replicas and self.bot.waits_for_replicas:
            yield ("claims, and waits for replicas", after, actor._replace(wait=("replicas",)), True, breach)
        elif not self.bot.writes_notices_with_the_commit:
            yield (f"{kind}s, without its notices", after, actor._replace(wait=("notices",)), True, breach)
        else:
            yield self._answered(f"{kind}s", after, actor, "ok", breach)
        if world.faults:
            yield from self._loses(world._replace(faults=world.faults - 1), actor, question)

    def _loses(self, world: World, actor: Actor, question: Question) -> Iterator[_Step]:
        """Lose what was asked, or the answer; a commit's client asks a second time, a claim's does not."""
        kind = question[0]
        after, said, breach = self._land(world, question)
        if said == "ok":
            if kind == "commit":
                again = actor._replace(wait=("again", True))
                yield ("commits, but the answer is lost", after, again, False, breach)
            yield _unfair(self._answered(f"{kind}s, but no answer comes", after, actor, "!unavailable", breach))
        yield _unfair(self._answered(f"loses a {kind} on its way", world, actor, "!unavailable"))
        if len(world.late) < self.scope.late:
            late = world._replace(late=tuple(sorted((*world.late, question))))
            yield _unfair(self._answered(f"gives up a {kind} that is still on its way", late, actor, "!unavailable"))

    def _land(self, world: World, question: Question) -> tuple[World, str, str]:
        """Do what the scripts do: give the world after it, the reply, and the rule it breaks."""
        kind, document, expected, notices, *epoch = question
        store, known = world.store, self.documents.known
        if kind == "claim":
            if store.halted and self.bot.checks_halt:
                return world, "!halted", ""
            if self.bot.checks_epoch and epoch[0] != f"epoch-{world.epoch}":
                return world, "!epoch", ""
        if self.bot.checks_version and known[store.document].version != expected:
            return world, "!conflict", ""
        kept = notices if self.scope.announcers and self.bot.writes_notices_with_the_commit else 0
        stored = Store(document, known[document].due, store.halted, store.notices | kept)
        return world._replace(store=stored), "ok", HALTED if kind == "claim" and world.halted else ""

    def _waited(self, world: World, actor: Actor) -> Iterator[_Step]:
        question = self.replays.question[actor.node]
        match actor.wait[0]:
            case "replicas":
                yield from self._confirmed(world, actor, question)
            case "notices":
                store = world.store._replace(notices=world.store.notices | question[3])
                yield self._answered("writes its notices", world._replace(store=store), actor, "ok")
            case "again":
                yield self._again(world, actor, question)
            case "post":
                yield from self._called(world, actor, Post(*actor.wait[1:]))

    def _called(self, world: World, actor: Actor, post: Post) -> Iterator[_Step]:
        yield self._answered("gives up waiting for mPaaS", world, actor, "unknown")
        for back in dict.fromkeys(world.net):
            if back.answer and back._replace(answer="") == post:
                after = world._replace(net=_less(world.net, back))
                yield self._answered(f"hears from mPaaS: {back.answer}", after, actor, back.answer)

    def _confirmed(self, world: World, actor: Actor, question: Question) -> Iterator[_Step]:
        if "lost" in actor.wait:
            yield self._answered("loses the store that had its claim", world, actor, "!unavailable")
            return
        version = self.documents.known[question[1]].version
        have = sum(self.documents.known[replica.document].version >= version for replica in world.replicas)
        if have >= (len(world.replicas) + 1) // 2:
            yield self._answered("has its claim confirmed", world, actor, "ok")
        yield self._answered("has its claim not confirmed in time", world, actor, "!not_durable")

    def _again(self, world: World, actor: Actor, question: Question) -> _Step:
        if not actor.wait[1]:  # the store that had it is gone
            after, reply, breach = self._land(world, question)
            return self._answered(f"asks its commit again: {reply}", after, actor, reply, breach)
        if self.bot.knows_commit_ids:
            return self._answered("asks its commit again: it was stored", world, actor, "ok")
        return self._answered("asks its commit again: conflict", world, actor, "!conflict", TOLD_TRULY)

    # -- the call, the network, mPaaS -----------------------------------------------------------------------------

    def _pushes(self, world: World, actor: Actor, question: Question) -> Iterator[_Step]:
        yield self._answered("finds no connection to mPaaS", world, actor, "refused")
        found = self.documents.wires.get(question[1])
        if found is None:
            yield ("calls mPaaS with other parameters", world, actor, True, QUORUM)
            return
        platform, revision = found
        signed = world.clock if question[2] is None else question[2]
        post = Post(platform, revision, signed)
        net = _more(world.net, post)
        heir = actor._replace(wait=("post", platform, revision, signed))
        yield (f"calls mPaaS for platform {platform}", world._replace(net=net), heir, True, self._objection(world, actor, post))

    def _objection(self, world: World, actor: Actor, post: Post) -> str:
        voters = {who for who in APPROVERS if world.pressed & self._pressed(who, post.revision)}
        voters -= {PEOPLE[place] for place in range(len(PEOPLE)) if actor.left >> place & 1}
        if len(voters) < self.scope.quorum:
            return QUORUM
        until = self.documents.known[world.store.document].send_until
        late = until is not None and self.documents.moment(post.signed) > until + SLACK
        return IN_TIME if late else ""

    def _network(self, world: World) -> Iterator[Move]:
        for post in dict.fromkeys(world.net):
            if post.answer or not self._lives(post, world.clock):
                continue
            others = _less(world.net, post)
            executed = list(world.executed)
            executed[post.platform] += (post.revision,)
            done = world._replace(net=_more(others, post._replace(answer="accepted")), executed=tuple(executed))
            yield Move(f"mPaaS executes platform {post.platform}", _clean(done))
            refused = world._replace(net=_more(others, post._replace(answer="declined")))
            yield Move(f"mPaaS declines platform {post.platform}", _clean(refused))

    # -- announcers -----------------------------------------------------------------------------------------------

    def _announcers(self, world: World) -> Iterator[Move]:
        if len(world.announcers) < self.scope.announcers:
            for place in range(world.store.notices.bit_length()):
                if world.store.notices >> place & 1:
                    yield self._take_notice(world, place)
        for showing in dict.fromkeys(world.announcers):
            yield from self._show(world, showing, _less(world.announcers, showing))
            yield Move("the announcer crashes", world._replace(announcers=_less(world.announcers, showing)))

    def _take_notice(self, world: World, place: int) -> Move:
        showing = Showing(place, world.store.document)
        taken = world if self.bot.finishes_after_saying else self._finished(world, place)
        after = taken._replace(announcers=_more(world.announcers, showing))
        notice, version = self.documents.notices[place]
        return Move(f"an announcer takes the {notice.kind} of version {version}", after, True)

    def _show(self, world: World, showing: Showing, others: tuple[Showing, ...]) -> Iterator[Move]:
        notice, _ = self.documents.notices[showing.notice]
        known = self.documents.known[showing.document]
        if showing.said:
            now = world.store.document
            if notice.kind is NoticeKind.CARD and self.documents.known[now].version != known.version:
                again = world._replace(announcers=_more(others, Showing(showing.notice, now)))
                yield Move("the announcer sees that the request moved on", again, True)
                return
            yield Move("the announcer is done", self._finished(world, showing.notice)._replace(announcers=others), True)
            return
        told, card = world.told, world.card
        if notice.kind is NoticeKind.CARD:
            card = known.version
        elif notice.state is known.state:
            told |= self.documents.message(notice)
        said = world._replace(announcers=_more(others, showing._replace(said=True)), told=told, card=card)
        yield Move(f"the announcer says {notice.kind}: {known.state}", said, True)

    def _finished(self, world: World, place: int) -> World:
        return world._replace(store=world.store._replace(notices=world.store.notices & ~(1 << place)))

    # -- the store itself -----------------------------------------------------------------------------------------

    def _store(self, world: World) -> Iterator[Move]:
        for question in dict.fromkeys(world.late):
            after, reply, breach = self._land(world, question)
            yield Move(f"a late {question[0]} arrives: {reply}", after._replace(late=_less(world.late, question)), False, breach)
        for place, replica in enumerate(world.replicas):
            if replica != world.store:
                replicas = tuple(sorted((*world.replicas[:place], world.store, *world.replicas[place + 1 :])))
                yield Move("a replica catches up", world._replace(replicas=replicas))
        if world.deaths:
            for survivor in dict.fromkeys(world.replicas or (world.store,)):
                yield self._die(world, survivor)

    def _die(self, world: World, survivor: Store) -> Move:
        """Let the store die; a replica takes over with what it has, or the same server comes back with everything."""
        version = self.documents.known[survivor.document].version
        after = world._replace(
            store=survivor,
            replicas=(survivor,) * len(world.replicas),
            epoch=world.epoch + 1,
            deaths=world.deaths - 1,
            late=(),
            workers=tuple(sorted(self._bereft(actor, version) for actor in world.workers)),
            people=tuple(sorted(self._bereft(actor, version) for actor in world.people)),
        )
        name = "fails over to a replica" if world.replicas else "restarts"
        return Move(f"the store {name}, now with version {version}", after)

    def _bereft(self, actor: Actor, version: int) -> Actor:
        question = self.replays.question[actor.node]
        wait = actor.wait
        if wait and wait[0] == "replicas":
            wait = ("replicas", "lost")
        elif wait and wait[0] == "again":
            wait = ("again", wait[1] and self.documents.known[question[1]].version <= version)
        return actor._replace(wait=wait)

    # -- switches -------------------------------------------------------------------------------------------------

    def _switches(self, world: World) -> Iterator[Move]:
        if world.halts and not world.halted:
            store = world.store._replace(halted=True)
            yield Move("people halt all sending", world._replace(store=store, halted=True, halts=world.halts - 1))
        if world.halted:
            store = world.store._replace(halted=False)
            yield Move("people resume sending", world._replace(store=store, halted=False))
        for who in self.scope.leavers:
            bit = 1 << PEOPLE.index(who)
            if not world.left & bit:
                yield Move(f"{who} leaves the approvers", world._replace(left=world.left | bit))

    # -- what is answered without a step --------------------------------------------------------------------------

    def _next(self, node: int, answer: int | str) -> int:
        """Answer a question, and keep what was known about the operation."""
        heir = self.replays.go_on(node, answer)
        if heir not in self._past:
            asked, claimed, minted = self.replays.question[node][0], *self._past.get(node, _BEGINNING)[1:]
            fresh = {answer} if asked == "mint" and isinstance(answer, int) else frozenset[int]()
            self._past[heir] = (asked, claimed or asked == "claim", minted | fresh)
        return heir

    def _settled(self, world: World, actor: Actor, *, sees_clock: bool) -> Iterator[Actor]:
        """Answer questions until there is one whose answer is a step; where several answers are possible, branch."""
        nodes = [] if actor.wait else [actor.node]
        if actor.wait:
            yield actor
        while nodes:
            node = nodes.pop()
            answers = self._at_once(world, node, sees_clock=sees_clock)
            if answers is None:
                yield actor._replace(node=node)
            else:
                nodes += [self._next(node, answer) for answer in answers]

    def _at_once(self, world: World, node: int, *, sees_clock: bool) -> tuple[int | str, ...] | None:
        question = self.replays.question[node]
        asked, claimed, _ = self._past.get(node, _BEGINNING)
        match question[0]:
            case "get":
                return (world.store.document,) if asked == "get" else None
            case "now":
                return None if sees_clock and not claimed else (world.clock,)
            case "halted":
                return (int(world.store.halted),)
            case "person":
                return ("gone" if world.left >> PEOPLE.index(question[1]) & 1 else "on call",)
            case "template":
                return ("same", "!unread") if self.scope.reads_fail else ("same",)
            case "tasks":
                return self._listed(world, question[1])
            case "machine" | "seconds":
                return (world.clock,)
            case "epoch":
                return (f"epoch-{world.epoch}",)
            case "mint":
                return (self._mint(world, node),)
        return None

    def _listed(self, world: World, task_name: str) -> tuple[int, ...]:
        """Say whether mPaaS lists a task, and what its clock says; it may not list yet what it executed."""
        place, revision = self.documents.tasks[task_name]
        if revision not in world.executed[place]:
            return (2 * world.clock,)
        return (2 * world.clock, 2 * world.clock + 1) if self.scope.listing_lags else (2 * world.clock + 1,)

    def _mint(self, world: World, node: int) -> int:
        """Mint an attempt: the smallest number that nobody uses, which is as good as a random one.

        Ids are only compared with each other, so one that nothing refers to any more can be used again, and it does not
        matter which worker has which. The id of a commit is not needed here: a repeat is known as such.
        """
        if self.replays.question[self.replays.go_on(node, 0)][0] in {"commit", "claim"}:
            return 0
        documents = {world.store.document, *(replica.document for replica in world.replicas)}
        documents |= {question[1] for question in world.late}
        pressing = (self.replays.question[actor.node] for actor in world.people)
        documents |= {question[1] for question in pressing if question[0] == "commit"}
        used = {attempt for number in documents for attempt in self.documents.known[number].attempts}
        used |= {attempt for actor in world.workers for attempt in self._past[actor.node][2]}
        return next(number for number in range(1, 99) if number not in used)


_BEGINNING: tuple[str, bool, frozenset[int]] = ("", False, frozenset())
"""What is known about an operation that has asked nothing: its last question, whether it claimed, what it minted."""

_Item = TypeVar("_Item")


def _more(items: tuple[_Item, ...], one: _Item) -> tuple[_Item, ...]:
    """Add one to a collection in which order and names do not matter."""
    return tuple(sorted((*items, one)))  # type: ignore[type-var]  # everything here is a tuple of numbers and words


def _less(items: tuple[_Item, ...], one: _Item) -> tuple[_Item, ...]:
    place = items.index(one)
    return items[:place] + items[place + 1 :]


def _unfair(step: _Step) -> _Step:
    return (*step[:3], False, step[4])


def _clean(world: World) -> World:
    """Forget answers of mPaaS for which nobody waits any more."""
    if not any(post.answer for post in world.net):
        return world
    awaited = {actor.wait[1:] for actor in world.workers if actor.wait and actor.wait[0] == "post"}
    return world._replace(net=tuple(post for post in world.net if not post.answer or post[:3] in awaited))
