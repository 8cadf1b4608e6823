"""Read templates from mPaaS as the domain knows them; no answer is a refusal with a sentence, not an empty list."""

from bot.domain.content import Template
from bot.errors import Problem, Refused
from bot.mpaas import readings
from bot.mpaas.client import PushClient
from bot.mpaas.results import ReadFailed

NO_SUCH_TEMPLATE = "3022"
"""GetTemplate's code for a name it does not know (help page 2882067)."""


def read(client: PushClient, name: str) -> Template | None:
    """Read one template, None when mPaaS has none of that name; raise ReadFailed when it does not answer."""
    try:
        return as_read(client.get_template(name))
    except ReadFailed as failure:
        if failure.code == NO_SUCH_TEMPLATE:
            return None
        raise


def names(client: PushClient) -> list[str]:
    """Read the names of all templates; raise Refused when mPaaS does not answer."""
    try:
        return sorted(template.name for template in client.list_templates())
    except ReadFailed as failure:
        raise unread(failure) from failure


def unread(failure: ReadFailed) -> Refused:
    """Turn a failed read into what the form says."""
    return Refused(Problem("template", "templates_unread", f"mPaaS did not show its templates: {failure} Try again."))


def as_read(template: readings.Template) -> Template:
    """Take over what decides what devices show."""
    return Template(
        name=template.name,
        title=template.title,
        body=template.content,
        uri=template.uri,
        variables=template.placeholders,
        silent=template.is_silent,
        action=template.action,
        push_style=template.push_style,
        icon_urls=template.icon_urls,
        image_urls=template.image_urls,
    )
