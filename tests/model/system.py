"""The model: everything that can happen next, in every state of a scope.

What workers and people do is the product's code (``model.replay``); the store, the network and mPaaS are in
``model.acting``. The announcer does what ``Announcer._announce`` says: read, say, for a card read again, and strike off
at the end; that its first post is found again after a doubt is not modelled, the tests of the announcer hold it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from builders import SEALER
from model.acting import Acting, Told
from model.checker import Move
from model.documents import APPROVERS, PEOPLE, WAITS_FOR_PEOPLE
from model.forging import FORGERIES, Where
from model.rules import ANNOUNCED, AT_MOST_ONCE, ENDS, QUORUM, TRUE_NO, TRUE_YES
from model.world import Actor, Bot, Press, Scope, Showing, Store, World, clean, less, more

from bot.domain import lifecycle
from bot.domain.request import NoticeKind
from bot.domain.states import SETTLED_STATES
from bot.operations.tending import NOTHING_DUE, UNDER_WAY

LEFT_ALONE = timedelta(seconds=30)
"""``bot.worker.AFTER_FAULT``."""


class Model(Acting):
    """One scope, with one bot."""

    def __init__(self, scope: Scope, bot: Bot | None = None) -> None:
        super().__init__(scope, bot)
        self._work = self.replays.begin("work", self.bot.work)
        verbs = self.bot.verbs
        self._presses = [(press, self.replays.begin(press, verbs[press.verb](press))) for press in scope.presses]

    def first(self) -> Iterator[World]:
        documents, scope = self.documents, self.scope
        step = documents.submitted()
        notices = documents.entries(step)
        pressed = 0
        voters = sorted(APPROVERS)[: scope.quorum] if scope.begins == "approved" else []
        for voter in voters:
            step = lifecycle.approve(
                step.request,
                voter=voter,
                target=documents.target,
                now=documents.moment(0),
                epoch="epoch-1",
                sealer=SEALER,
            )
            notices |= documents.entries(step)
            pressed |= self.pressed(voter, 1)
        number = documents.number(step.request)
        documents.begun = number
        store = Store(number, documents.known[number].due, False, notices if scope.announcers else 0, trail=number)
        yield World(
            0, store, 1, (store,) * scope.replicas, (), (), (), (), ((),) * scope.platforms, (), 0, 0, pressed,
            False, 0, scope.faults, scope.deaths, scope.halts, scope.forgers,
        )  # fmt: skip

    def moves(self, world: World) -> Sequence[Move]:
        """Give everything that can happen next."""
        moves = self._moves(world)
        return [move._replace(breach=self.judge(move.breach)) for move in moves] if self.scope.judged else moves

    def _moves(self, world: World) -> list[Move]:
        return [
            *self._time(world),
            *self._workers(world),
            *self._people(world),
            *self.network(world),
            *self._announcers(world),
            *self.store(world),
            *self._switches(world),
            *self._forgeries(world),
        ]

    def judge(self, rule: str) -> str:
        """Leave out the rules that this scope does not judge."""
        return rule if not self.scope.judged or rule in self.scope.judged else ""

    def breach(self, world: World) -> str:
        """Name the rule that a state breaks, or ""."""
        return self.judge(self._breach(world))

    def _breach(self, world: World) -> str:
        known = self.documents.known[world.store.document]
        if world.store.sealed and not known.votes_are_sound:
            return QUORUM
        executed = 0
        for place, times in enumerate(world.executed):
            if len(times) > 1:
                return AT_MOST_ONCE
            executed |= len(times) << place
        if not world.store.sealed:
            return ""  # what it says is not the bot's word
        if known.denied & executed:
            return TRUE_NO
        return TRUE_YES if known.affirmed & ~executed else ""

    def unrest(self, world: World) -> str:
        """Name what is missing where nothing happens by itself any more, or ""."""
        return self.judge(self._unrest(world))

    def _unrest(self, world: World) -> str:
        known = self.documents.known[world.store.document]
        if known.state not in SETTLED_STATES and known.state not in WAITS_FOR_PEOPLE:
            return "" if known.wakes else ENDS  # it is due after the last instant: the same, begun earlier, is explored
        if not self.scope.announcers:
            return ""
        missing = self.documents.last_words(world.store.document) & ~world.told
        return ANNOUNCED if missing or world.card != known.version else ""

    def _time(self, world: World) -> Iterator[Move]:
        clock = world.clock + 1
        if clock < len(self.scope.instants):
            net = tuple(post for post in world.net if post.answer or self.lives(post, clock))
            yield Move(
                f"time goes on to second {self.scope.instants[clock]}", world._replace(clock=clock, net=net), True
            )

    def _workers(self, world: World) -> Iterator[Move]:
        if len(world.workers) < self.scope.workers and world.store.due <= world.clock:
            actor = Actor(self.next(self._work, self.reads(world)), left=world.left)
            yield from self._work_on(("takes the request up", world, actor, True, ""), world.workers)
        for actor in dict.fromkeys(world.workers):
            others = less(world.workers, actor)
            for step in self.act(world, actor):
                yield from self._work_on(step, others)
            if self.scope.crashes:
                yield Move("the worker crashes", clean(world._replace(workers=others)))

    def _work_on(self, step: Told, others: tuple[Actor, ...]) -> Iterator[Move]:
        """Go on with a worker's operation to its next visible question."""
        name, world, actor, fair, breach = step
        for heir in self.settled(world, actor, sees_clock=True):
            done = self.done(heir)
            if done is None:
                yield Move(f"a worker {name}", clean(world._replace(workers=more(others, heir))), fair, breach)
                continue
            after = clean(world._replace(workers=others))
            if done.event == UNDER_WAY:
                fair = False  # it comes again after a moment, and again: what it waits for is another's step, or time
            if done.event == NOTHING_DUE or done.raised not in {"", "StoreUnavailable", "AnswerLost"}:
                after = self._postponed(after)
            yield Move(f"a worker {name} ({done.event or done.raised})", after, fair, breach)

    def _postponed(self, world: World) -> World:
        """Leave a request alone for a while, as ``Worker._leave_alone`` does."""
        until = self.documents.instant(self.documents.moment(world.clock) + LEFT_ALONE)
        return world._replace(store=world.store._replace(due=max(world.store.due, until)))

    def _people(self, world: World) -> Iterator[Move]:
        if len(world.people) < self.scope.people:
            for press, begin in self._presses:
                yield from self._press(world, press, begin)
        for actor in dict.fromkeys(world.people):
            others = less(world.people, actor)
            for name, after, heir, _, breach in self.act(world, actor):
                for next_one in self.settled(after, heir, sees_clock=False):
                    done = self.done(next_one)
                    people = others if done else more(others, next_one)
                    said = f" ({done.raised or 'stored'})" if done else ""
                    yield Move(f"a press {name}{said}", after._replace(people=people), False, breach)

    def _press(self, world: World, press: Press, begin: int) -> Iterator[Move]:
        if press.verb == "settle" and press.sent != bool(world.executed[press.platform]):
            return  # people say what they found, and what they find is true
        pressed = world.pressed | (self.pressed(press.who, press.revision) if press.verb == "approve" else 0)
        actor = Actor(self.next(begin, self.reads(world)))
        for heir in self.settled(world, actor, sees_clock=False):
            if not self.done(heir):  # what is refused at once changes nothing
                yield Move(str(press), world._replace(people=more(world.people, heir), pressed=pressed))

    def _announcers(self, world: World) -> Iterator[Move]:
        if len(world.announcers) < self.scope.announcers:
            for place in range(world.store.notices.bit_length()):
                if world.store.notices >> place & 1:
                    yield self._take_notice(world, place)
        for showing in dict.fromkeys(world.announcers):
            yield from self._show(world, showing, less(world.announcers, showing))
            if self.scope.announcers_crash:
                yield Move("the announcer crashes", world._replace(announcers=less(world.announcers, showing)))

    def _take_notice(self, world: World, place: int) -> Move:
        showing = Showing(place, world.store.document)
        taken = world if self.bot.finishes_after_saying else self._finished(world, place)
        after = taken._replace(announcers=more(world.announcers, showing))
        notice, version = self.documents.notices[place]
        return Move(f"an announcer takes the {notice.kind} of version {version}", after, True)

    def _show(self, world: World, showing: Showing, others: tuple[Showing, ...]) -> Iterator[Move]:
        notice, _ = self.documents.notices[showing.notice]
        known = self.documents.known[showing.document]
        if showing.said:
            now = world.store.document
            if notice.kind is NoticeKind.CARD and self.documents.known[now].version != known.version:
                again = world._replace(announcers=more(others, Showing(showing.notice, now)))
                yield Move("the announcer sees that the request moved on", again, True)
                return
            yield Move("the announcer is done", self._finished(world, showing.notice)._replace(announcers=others), True)
            return
        told, card = world.told, world.card
        if notice.kind is NoticeKind.CARD:
            card = known.version
        elif notice.state is known.state:
            told |= self.documents.message(notice)
        said = world._replace(announcers=more(others, showing._replace(said=True)), told=told, card=card)
        yield Move(f"the announcer says {notice.kind}: {known.state}", said, True)

    def _finished(self, world: World, place: int) -> World:
        return world._replace(store=world.store._replace(notices=world.store.notices & ~(1 << place)))

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

    def _forgeries(self, world: World) -> Iterator[Move]:
        for what in self.scope.forgeries if world.forgers and world.store.sealed else ():
            forgery, documents, before = FORGERIES[what], self.documents, world.store.document
            where = Where(documents, documents.moment(world.clock), f"epoch-{world.epoch}")
            request = forgery.change(documents.all[before], where)
            if request is None:
                continue
            number = documents.number(request)
            trail = number if forgery.is_in_trail else world.store.trail
            if not forgery.has_seal:
                documents.forged.setdefault(number, set()).add(before)
            store = Store(number, documents.known[number].due, world.store.halted, 0, trail, forgery.has_seal)
            yield Move(f"somebody {what}", world._replace(store=store, forgers=world.forgers - 1))
