"""The form of a broadcast request: a draft in, a modal out.

The basic fields are here, Advanced is ``request_form_advanced``'s, reading it back ``request_form_state``'s. What a
choice changes (platforms of a target, placeholders of a template) is a redraw with the draft as it is then.
"""

from collections.abc import Collection, Iterable, Sequence
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    Block as SlackBlock,
)
from slack_sdk.models.blocks import (
    CheckboxesElement,
    DividerBlock,
    ExternalDataSelectElement,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
)

from bot.domain.content import ChannelId, Platform, RequestId, Template
from bot.domain.draft import DEFAULT_EXPIRES, EVERY_PLATFORM, Draft
from bot.domain.durations import say_duration
from bot.domain.target import Target
from bot.errors import Problem
from bot.views import blocks as b
from bot.views import texts as t
from bot.views.ids import Action, Block, Callback
from bot.views.request_form_advanced import advanced_fields, toggle
from bot.views.request_form_audience import audience_fields
from bot.views.request_form_state import Metadata
from bot.views.request_form_when import when_fields
from bot.views.wording import say

MOST_PLACEHOLDERS = 40
"""Inputs for placeholders: a modal takes 100 blocks, and the rest of the form needs fewer than 60."""

LONGEST_NAME = 200
"""Characters of a placeholder's name that fit into a block id beside its prefix."""


def render(
    draft: Draft,
    *,
    request_id: RequestId,
    channel: ChannelId,
    targets: Sequence[Target],
    zone: ZoneInfo,
    template: Template | None = None,
    templates_known: Collection[str] | None = None,
    advanced: bool = False,
    revision: int = 0,
    problems: Sequence[Problem] = (),
    draft_key: str = "",
) -> b.View:
    """Draw the form for a draft.

    ``targets`` are those the person may choose, ``template`` is the draft's as read (None: not chosen or not found),
    ``templates_known`` the names mPaaS lists (None: it was not asked), ``revision`` the one being edited (0: none).
    Every problem given is shown on top. With ``draft_key`` the draft is in the store; without it MetadataTooLong is
    raised when what no input holds has over 3,000 characters.
    """
    target = next((each for each in targets if each.name == draft.target), None)
    kept = Draft() if draft_key else _unseen(draft, target, template, advanced=advanced)
    inputs = [
        *_target(draft, targets),
        *_template(draft, template, templates_known),
        *_values(draft, template),
        *_platforms(draft, target),
        *_rest(draft, zone, advanced=advanced),
    ]
    carried = {"request_id": request_id, "channel": channel, "revision": revision, "draft_key": draft_key}
    metadata = Metadata.model_validate(carried | {"advanced": advanced, "kept": kept})
    return b.modal(
        Callback.REQUEST_FORM,
        say("form.title.edit" if revision else "form.title"),
        [*_problems([*problems, *_own_problems(draft, template)]), *inputs],
        submit=say("form.submit"),
        close=say("form.close"),
        metadata=metadata.write(),
    )


def _rest(draft: Draft, zone: ZoneInfo, *, advanced: bool) -> list[SlackBlock]:
    """Draw when, for how long, for whom, and what is folded away."""
    return [
        DividerBlock(),
        *when_fields(draft, zone=zone),
        _expires(draft),
        DividerBlock(),
        *audience_fields(draft, advanced=advanced),
        *toggle(draft, advanced=advanced),
        *(advanced_fields(draft) if advanced else ()),
    ]


def template_options(names: Iterable[str], typed: str = "") -> list[dict[str, object]]:
    """Answer Slack's question for templates: up to 100 names that contain what was typed.

    Names over 150 characters can't be a choice in Slack; they are left to the command.
    """
    wanted = typed.strip().casefold()
    fitting = [name for name in names if wanted in name.casefold() and 0 < t.size(name) <= b.OPTION_VALUE]
    return [b.option(name, name).to_dict() for name in fitting[: b.MOST_OPTIONS]]


def _problems(problems: Sequence[Problem]) -> list[SlackBlock]:
    if not problems:
        return []
    lines = dict.fromkeys(t.sentence(problem.sentence, names_people=problem.names_people) for problem in problems)
    return [b.section("\n".join([say("form.problems"), *lines])), DividerBlock()]


def _own_problems(draft: Draft, template: Template | None) -> list[Problem]:
    """Say what this form can't hold, so that nothing is left out in silence."""
    texts = [*draft.values.values(), *draft.extras.values(), draft.task]
    found = []
    if any(t.size(text) > t.TEXT for text in texts):
        found.append("form.problem.cut")
    if template and len(template.variables) > len(_inputs_of(template)):
        found.append("form.problem.placeholders")
    if t.size(draft.template) > b.OPTION_VALUE:
        found.append("form.problem.template_name")
    return [Problem("", "form_limit", say(key)) for key in found]


def _target(draft: Draft, targets: Sequence[Target]) -> list[SlackBlock]:
    options = [
        b.option(say(f"form.target.{each.destination.environment.value}", target=each.name), each.name)
        for each in targets[: b.MOST_OPTIONS]
    ]
    if not options:
        return [b.section(say("form.no_target"))]
    select = StaticSelectElement(
        action_id=Action.FORM_TARGET,
        placeholder=b.plain(say("form.target.placeholder")),
        options=options,
        initial_option=b.chosen(options, draft.target),
    )
    return [b.field(Block.TARGET, say("form.target"), select, hint=say("form.target.hint"), dispatch=True)]


def _template(draft: Draft, template: Template | None, known: Collection[str] | None) -> list[SlackBlock]:
    choosable = draft.template and t.size(draft.template) <= b.OPTION_VALUE
    select = ExternalDataSelectElement(
        action_id=Action.FORM_TEMPLATE,
        placeholder=b.plain(say("form.template.placeholder")),
        min_query_length=0,
        initial_option=b.option(draft.template, draft.template) if choosable else None,
    )
    found: list[SlackBlock] = [
        b.field(
            Block.TEMPLATE,
            say("form.template"),
            select,
            hint=say("form.template.hint"),
            optional=bool(draft.template and not choosable),
            dispatch=True,
        )
    ]
    if template is not None:
        text = "\n".join(part for part in (template.title, template.body, template.uri) if part)
        found += [b.context(say("form.template.text")), b.section(b.shown(text, 1500))]
    elif draft.template:
        missing = known is not None and draft.template not in known
        found.append(b.context(say("form.template.missing" if missing else "form.template.unread")))
    return found


def _inputs_of(template: Template) -> list[str]:
    return [name for name in template.variables if 0 < t.size(name) <= LONGEST_NAME][:MOST_PLACEHOLDERS]


def _values(draft: Draft, template: Template | None) -> list[SlackBlock]:
    """Make one input per placeholder; another template's inputs have other block ids, so that Slack starts afresh."""
    if template is None:
        return []
    print_of = template.fingerprint[:8]
    return [
        b.field(
            Block.VALUES.of(print_of, name),
            say("form.value", name=t.one_line(name) or say("empty")),
            PlainTextInputElement(
                action_id=Action.INPUT, initial_value=t.fit(draft.values.get(name, ""), t.TEXT) or None
            ),
        )
        for name in _inputs_of(template)
    ]


def _platforms(draft: Draft, target: Target | None) -> list[SlackBlock]:
    if target is None:
        return [b.context(say("form.platforms.later"))]
    options = [_platform(platform) for platform in Platform if platform in target.platforms]
    everything = EVERY_PLATFORM in draft.platforms
    picked = [option for option in options if everything or option.value in draft.platforms]
    boxes = CheckboxesElement(action_id=Action.INPUT, options=options, initial_options=picked or None)
    return [b.field(Block.PLATFORMS.of(target.name), say("form.platforms"), boxes)]


def _platform(platform: Platform) -> Option:
    return b.option(say(f"platform.{platform.value}"), platform.value)


def _expires(draft: Draft) -> SlackBlock:
    text = say_duration(DEFAULT_EXPIRES if draft.expires is None else draft.expires)
    element = PlainTextInputElement(action_id=Action.INPUT, initial_value=text)
    return b.field(Block.EXPIRES, say("form.expires"), element, hint=say("form.expires.hint"))


def _unseen(draft: Draft, target: Target | None, template: Template | None, *, advanced: bool) -> Draft:
    """Keep the parts of the draft that no input of this view holds."""
    seen = {"when", "expires", "audience", "within"}
    seen |= {"target", "platforms"} if target else set()
    seen |= {"values"} if template else set()
    seen |= {"template"} if t.size(draft.template) <= b.OPTION_VALUE else set()
    seen |= {"at"} if draft.when == "scheduled" else set()
    seen |= {"cycle", "first", "last"} if draft.when == "recurring" else set()
    seen |= {"on"} if draft.when == "recurring" and draft.cycle else set()
    seen |= {"time"} if draft.when == "recurring" and not (draft.time and draft.time.second) else set()
    seen |= {"task", "attached_between", "detached_between", "extras"} if advanced else set()
    return Draft.model_validate({name: value for name, value in dict(draft).items() if name not in seen})
