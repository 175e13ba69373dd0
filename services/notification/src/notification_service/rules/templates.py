"""Templates of notices: dated data; which one is in force on a day.

A template says which parameters it requires; one that uses another, or leaves one unused, does not load.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from notification_service.errors import TemplateFault
from notification_service.rules.localised import Localised

LETTERHEAD: Final = frozenset({"number", "addressee", "uscc", "office", "window", "hotline", "issued_on"})
"""What every letter is given besides its own parameters."""


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """One version of a notice's text.

    Attributes:
        code: what the notice is.
        version: number of this version, from 1.
        valid_from: first business day on which it is used.
        required: parameters without which it cannot be rendered.
        optional: parameters that may be empty.
        citation: the rule on which such notices rest.
        title: heading, for lists.
        text: Jinja2 source of the whole letter.
    """

    code: str
    version: int
    valid_from: date
    required: frozenset[str]
    optional: frozenset[str]
    citation: str
    title: Localised
    text: Localised

    @classmethod
    def read(cls, document: Any) -> "NoticeTemplate":
        """The template a YAML document describes.

        Raises:
            TemplateFault: a field is missing.
        """
        try:
            return cls(
                code=str(document["code"]),
                version=int(document["version"]),
                valid_from=document["valid_from"],
                required=frozenset(document["required"]),
                optional=frozenset(document["optional"]),
                citation=str(document["citation"]),
                title=Localised.read(document["title"], f"{document['code']}.title"),
                text=Localised.read(document["text"], f"{document['code']}.text"),
            )
        except KeyError as error:
            raise TemplateFault(f"template without {error}: {document.get('code')}") from error


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter is for: `name` is empty and `area` unknown for an entity not described yet."""

    uscc: str
    name: str
    area: str


class TemplateCatalogue:
    """All templates.

    Raises:
        TemplateFault: two have the same code and version.
    """

    def __init__(self, templates: Sequence[NoticeTemplate]) -> None:
        self._versions = {(template.code, template.version): template for template in templates}
        if len(self._versions) != len(templates):
            raise TemplateFault("two templates have the same code and version")
        self._by_day = {
            code: sorted(
                (template for template in templates if template.code == code),
                key=lambda template: template.valid_from,
            )
            for code in self.codes
        }

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of all templates."""
        return frozenset(code for code, _ in self._versions)

    def all(self) -> list[NoticeTemplate]:
        """Every version of every template, by code and version."""
        return [self._versions[key] for key in sorted(self._versions)]

    def in_force(self, code: str, day: date) -> NoticeTemplate:
        """The newest version valid on `day`; a day before the first version gets the first: old facts arrive late.

        Raises:
            TemplateFault: there is no such template.
        """
        versions = self._by_day.get(code)
        if versions is None:
            raise TemplateFault(f"no template {code}")
        valid = [template for template in versions if template.valid_from <= day]
        return valid[-1] if valid else versions[0]

    def title(self, code: str, version: int) -> Localised:
        """The heading of one version."""
        return self._versions[code, version].title

    def version(self, code: str, version: int) -> NoticeTemplate:
        """One version.

        Raises:
            TemplateFault: there is none.
        """
        template = self._versions.get((code, version))
        if template is None:
            raise TemplateFault(f"no template {code}@{version}")
        return template


def filled(template: NoticeTemplate, params: Mapping[str, str], number: str) -> dict[str, str]:
    """Every parameter the template declares, the optional ones empty where they are not given.

    Raises:
        TemplateFault: a required parameter is missing or empty.
    """
    if missing := sorted(name for name in template.required if not params.get(name)):
        raise TemplateFault(f"{template.code}@{template.version}: {number} lacks {', '.join(missing)}")
    return dict.fromkeys(template.optional, "") | dict(params)
