"""The simulated template shelf: templates with ``#name#`` placeholders, and the ones a demo starts with.

Rules and shapes: vendor pages 134424 (console) and 2882067 (template API). Answers' envelopes belong to
``actions``, the message that a push makes of a template to ``rules``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from pydantic import JsonValue

from bot.playground.mpaas.results import Failure

MOST_TEMPLATES = 100
"""Templates per app (vendor page 2882067)."""
PLACEHOLDER = re.compile(r"#([^#\s]+)#")


@dataclass(frozen=True, slots=True)
class Template:
    """Hold one template; everything but the placeholders goes out as it stands."""

    name: str
    title: str
    content: str
    uri: str = ""
    desc_info: str = ""
    action: str = "0"
    push_style: str = "0"
    show_style: str = "0"
    icon_urls: str = ""
    image_urls: str = ""
    id: str = ""
    gmt_create: str = ""
    gmt_modified: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the placeholders' names in the order in which they first appear."""
        return tuple(dict.fromkeys(PLACEHOLDER.findall(f"{self.title}\n{self.content}\n{self.uri}")))

    def filled(self, values: Mapping[str, str]) -> tuple[str, str, str]:
        """Return title, content and uri, every placeholder replaced. Raises ``Failure`` 3023 when one is missing."""
        missing = [name for name in self.variables if name not in values]
        if missing:
            raise Failure("3023", f"TEMPLATEKV_NOT_ENOUGH: no value for #{missing[0]}#")
        title, content, uri = (
            PLACEHOLDER.sub(lambda found: values[found[1]], text) for text in (self.title, self.content, self.uri)
        )
        return title, content, uri

    def on_the_wire(self) -> dict[str, JsonValue]:
        """Return the template as the template API shows it: every value is text."""
        shown: dict[str, JsonValue] = {
            "".join(part.capitalize() for part in item.name.split("_")): str(getattr(self, item.name))
            for item in fields(self)
        }
        return {**shown, "Variables": ",".join(self.variables)}


DEFAULT_TEMPLATES = (
    Template(
        "outage", "Service notice", "#city# is back online at #time#. Thank you for waiting.", desc_info="Incident"
    ),
    Template(
        "recall",
        "Important: please stop using #product#",
        "Batch #batch# may overheat. Return it to any shop for a full refund.",
        uri="https://shop.example/recall/#batch#",
        desc_info="Product recall",
        action="1",
    ),
    Template(
        "december_sale",
        "The December sale is on",
        "#discount#% off everything until #until#. Open the app to see your offers.",
        uri="app://sale?from=push",
        desc_info="Promotion",
        push_style="2",
        image_urls='{"defaultUrl":"https://shop.example/sale.png"}',
    ),
    Template(
        "maintenance", "Planned maintenance tonight", "The app pauses from 02:00 to 03:00.", desc_info="No values"
    ),
    Template("停机通知", "服务通知", "#城市#的服务将于#时间#恢复。感谢您的耐心等待。", desc_info="中文示例"),
)


def check_new(template: Template) -> None:
    """Refuse a template that the vendor's CreateTemplate would refuse. Raises ``Failure``."""
    if not template.name:
        raise Failure("3037", "TEMPLATE_NAME_NULL")
    if "," in template.name or len(template.name) > 200:  # noqa: PLR2004  letters the console page allows: up to 200
        raise Failure("3038", "TEMPLATE_NAME_INVALID")
    if not template.content.strip():
        raise Failure("3039", "TEMPLATE_CONTENT_INVALID")
    if not template.title.strip():
        raise Failure("3040", "TEMPLATE_TITLE_INVALID")
    if template.uri != template.uri.strip():
        raise Failure("3042", "TEMPLATE_URI_INVALID")


@dataclass
class Shelf:
    """Keep the templates of one app and workspace, by name, in the order of their making."""

    templates: dict[str, Template] = field(default_factory=dict)

    @classmethod
    def holding(cls, templates: Iterable[Template], stamp: str) -> "Shelf":
        """Return a shelf with these templates, made at ``stamp``."""
        shelf = cls()
        for template in templates:
            shelf.put(template, stamp)
        return shelf

    def put(self, template: Template, stamp: str) -> Template:
        """Add or replace a template; its id and time of making survive an edit. Raises ``Failure``."""
        check_new(template)
        old = self.templates.get(template.name)
        if old is None and len(self.templates) >= MOST_TEMPLATES:
            raise Failure("3028", f"param is invalid: an app has at most {MOST_TEMPLATES} templates")
        said = {item.name: getattr(template, item.name) for item in fields(template)}
        said["id"] = old.id if old else str(1 + max((int(t.id) for t in self.templates.values()), default=1000))
        said["gmt_create"], said["gmt_modified"] = (old.gmt_create if old else stamp), stamp
        self.templates[template.name] = Template(**said)
        return self.templates[template.name]

    def find(self, name: str, template_id: str = "") -> Template:
        """Return the template of that name or id. Raises ``Failure`` 3022."""
        for template in self.templates.values():
            if (name and template.name == name) or (not name and template_id and template.id == template_id):
                return template
        raise Failure("3022", "TEMPLATE_NOT_EXIST")
