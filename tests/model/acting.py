"""The steps of an operation that others can see: the store and mPaaS are asked, and answer, or do not.

The store does what ``commit.lua``, ``claim.lua`` and ``Claims.claim`` say: version, line, commit id, halt, epoch,
trail, replicas.
mPaaS executes whatever arrives while its signature lives.
"""

from collections.abc import Iterator

from model.answering import Answering
from model.checker import Move
from model.documents import APPROVERS, PEOPLE
from model.replay import Question
from model.rules import COMMITTED, HALTED, IN_TIME, QUORUM, SIGNATURE, SLACK, TOLD_TRULY
from model.world import Actor, Post, Store, World, clean, less, more

Told = tuple[str, World, Actor, bool, str]
"""A step of an operation: its name, the world after it, where it stands then, whether it is fair, what it breaks."""


def unfair(step: Told) -> Told:
    return (*step[:3], False, step[4])


class Acting(Answering):
    """The visible steps of operations, and what happens to what they left under way."""

    def act(self, world: World, actor: Actor) -> Iterator[Told]:
        """Answer the visible question at which an operation stands, in every way that can happen."""
        if actor.wait:
            yield from self._waited(world, actor)
            return
        question = self.replays.question[actor.node]
        match question[0]:
            case "get":
                yield self._answered("reads the request", world, actor, self.reads(world))
            case "record":
                found = 2 * world.store.document + (not world.store.sealed)
                yield self._answered("looks at the record", world, actor, found)
            case "alarm":
                yield self._answered("raises the alarm", self._alarmed(world), actor, "ok")
            case "now":
                yield self._answered("reads the clock", world, actor, world.clock)
            case "postpone":
                store = world.store._replace(due=max(world.store.due, question[1]))
                yield self._answered("looks at it again later", world._replace(store=store), actor, "ok")
            case "commit" | "claim":
                yield from self._writes(world, actor, (self._past[actor.node].read, *question))
            case "push":
                yield from self._pushes(world, actor, question)
            case "say":
                store = self.documents.known[world.store.document]
                said = self.documents.known[question[1]]
                ahead = said.version > store.version or (
                    said.version == store.version and question[1] != world.store.document
                )
                yield ("announces", world, actor._replace(node=self.next(actor.node, "ok")), True, COMMITTED * ahead)
            case other:
                raise AssertionError(f"unreachable: {other} is answered without a step")

    def _answered(self, name: str, world: World, actor: Actor, answer: int | str, breach: str = "") -> Told:
        return (name, world, actor._replace(node=self.next(actor.node, answer), wait=()), True, breach)

    @staticmethod
    def _alarmed(world: World) -> World:
        """Do what ``Trail.sound_alarm`` says; its notice is not modelled."""
        store = world.store
        return world if store.alarmed else world._replace(store=store._replace(alarmed=True, due=world.clock))

    def _writes(self, world: World, actor: Actor, question: Question) -> Iterator[Told]:
        """Let a commit or a claim reach the store, or not, and its answer come back, or not."""
        kind = question[1]
        after, said, breach = self._land(world, question)
        if kind == "claim" and self.scope.store_unfit:
            yield self._answered("finds the store unfit for its claim", world, actor, "!not_durable")
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

    def _loses(self, world: World, actor: Actor, question: Question) -> Iterator[Told]:
        """Lose what was asked, or the answer; a commit's client asks a second time, a claim's does not."""
        kind = question[1]
        lost = "!lost" if kind == "commit" else "!unavailable"
        after, said, breach = self._land(world, question)
        if said == "ok":
            if kind == "commit":
                again = actor._replace(wait=("again", True))
                yield ("commits, but the answer is lost", after, again, False, breach)
            yield unfair(self._answered(f"{kind}s, but no answer comes", after, actor, lost, breach))
        yield unfair(self._answered(f"loses a {kind} on its way", world, actor, lost))
        if len(world.late) < self.scope.late:
            late = world._replace(late=tuple(sorted((*world.late, question))))
            yield unfair(self._answered(f"gives up a {kind} that is still on its way", late, actor, lost))

    def _land(self, world: World, question: Question) -> tuple[World, str, str]:
        """Do what the scripts do: give the world after it, the reply, and the rule it breaks."""
        read, kind, document, expected, notices, *epoch = question
        store, known = world.store, self.documents.known
        if kind == "claim":
            if store.halted and self.bot.checks_halt:
                return world, "!halted", ""
            if self.bot.checks_epoch and epoch[0] != f"epoch-{world.epoch}":
                return world, "!epoch", ""
            if self.bot.claims_under_trail and store.trail not in self._names(read):
                return world, "!conflict", ""
        if self.bot.checks_version and known[store.document].version != expected:
            return world, "!conflict", ""
        if self._is_another_line(read, document, store):
            return world, "!conflict", ""
        kept = notices if self.scope.announcers and self.bot.writes_notices_with_the_commit else 0
        due = known[document].due
        stored = Store(document, due, store.halted, store.notices | kept, trail=document, alarmed=store.alarmed)
        return world._replace(store=stored), "ok", HALTED if kind == "claim" and world.halted else ""

    def _is_another_line(self, read: int, document: int, store: Store) -> bool:
        """Tell whether the newest line that is stored is not the one that a commit follows; an alarm does not ask."""
        if not self.bot.checks_line_before or self.documents.all[document].alarm:
            return False
        return not self._names(read) & self._names(store.document)

    def _names(self, document: int) -> set[int]:
        """Say whose newest line a document names as its own: a forged one can name another's."""
        return self.documents.forged.get(document, {document})

    def _waited(self, world: World, actor: Actor) -> Iterator[Told]:
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

    def _called(self, world: World, actor: Actor, post: Post) -> Iterator[Told]:
        yield self._answered("gives up waiting for mPaaS", world, actor, "unknown")
        for back in dict.fromkeys(world.net):
            if back.answer and back._replace(answer="") == post:
                after = world._replace(net=less(world.net, back))
                yield self._answered(f"hears from mPaaS: {back.answer}", after, actor, back.answer)

    def _confirmed(self, world: World, actor: Actor, question: Question) -> Iterator[Told]:
        if "lost" in actor.wait:
            yield self._answered("loses the store that had its claim", world, actor, "!unavailable")
            return
        version = self.documents.known[question[1]].version
        have = sum(self.documents.known[replica.document].version >= version for replica in world.replicas)
        if have >= len(world.replicas) - self.scope.cut_off:
            yield self._answered("has its claim confirmed", world, actor, "ok")
        yield self._answered("has its claim not confirmed in time", world, actor, "!not_durable")

    def _again(self, world: World, actor: Actor, question: Question) -> Told:
        if not actor.wait[1]:  # the store that had it is gone
            after, reply, breach = self._land(world, (self._past[actor.node].read, *question))
            return self._answered(f"asks its commit again: {reply}", after, actor, reply, breach)
        if self.bot.knows_commit_ids:
            return self._answered("asks its commit again: it was stored", world, actor, "ok")
        return self._answered("asks its commit again: conflict", world, actor, "!conflict", TOLD_TRULY)

    def _pushes(self, world: World, actor: Actor, question: Question) -> Iterator[Told]:
        yield self._answered("finds no connection to mPaaS", world, actor, "refused")
        found = self.documents.wires.get(question[1])
        if found is None:
            yield ("calls mPaaS with other parameters", world, actor, True, QUORUM)
            return
        platform, revision = found
        signed = world.clock if question[2] is None else question[2]
        post = Post(platform, revision, signed)
        net = more(world.net, post)
        heir = actor._replace(wait=("post", platform, revision, signed))
        yield (
            f"calls mPaaS for platform {platform}",
            world._replace(net=net),
            heir,
            True,
            self._objection(world, actor, post),
        )

    def _objection(self, world: World, actor: Actor, post: Post) -> str:
        voters = {who for who in APPROVERS if world.pressed & self.pressed(who, post.revision)}
        voters -= {PEOPLE[place] for place in range(len(PEOPLE)) if actor.left >> place & 1}
        if len(voters) < self.scope.quorum:
            return QUORUM
        until = self.documents.known[world.store.document].send_until
        late = until is not None and self.documents.moment(post.signed) > until + SLACK
        return IN_TIME if late else ""

    def network(self, world: World) -> Iterator[Move]:
        for post in dict.fromkeys(world.net):
            if post.answer or not self.lives(post, world.clock):
                continue
            others = less(world.net, post)
            executed = list(world.executed)
            executed[post.platform] += (post.revision,)
            done = world._replace(net=more(others, post._replace(answer="accepted")), executed=tuple(executed))
            yield Move(f"mPaaS executes platform {post.platform}", clean(done))
            refused = world._replace(net=more(others, post._replace(answer="declined")))
            yield Move(f"mPaaS declines platform {post.platform}", clean(refused))

    def store(self, world: World) -> Iterator[Move]:
        for question in dict.fromkeys(world.late):
            after, reply, breach = self._land(world, question)
            yield Move(
                f"a late {question[1]} arrives: {reply}", after._replace(late=less(world.late, question)), False, breach
            )
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

    def pressed(self, who: str, revision: int) -> int:
        """Give the bit that says that somebody pressed Approve on a revision."""
        return 1 << (PEOPLE.index(who) + len(PEOPLE) * (revision - 1))

    def lives(self, post: Post, clock: int) -> bool:
        return self.documents.moment(clock) - self.documents.moment(post.signed) < SIGNATURE
