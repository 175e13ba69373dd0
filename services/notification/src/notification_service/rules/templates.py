"""Templates of notices: dated data, checked when loaded, rendered in a sandbox.

A template says which parameters it requires; one that uses another, or leaves one unused, does not load.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import yaml
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notification_service.errors import TemplateFault
from notification_service.rules.localised import (
    Language,
    Localised,
    Words,
    read_words,
    word,
    written_day,
)
from notification_service.rules.offices import Offices

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
    """All templates, compiled.

    Raises:
        TemplateFault: a template does not parse, or its parameters do not match its texts.
    """

    def __init__(self, templates: Sequence[NoticeTemplate], words: Words, offices: Offices) -> None:
        self._offices = offices
        self._environments = {language: _environment(words, language) for language in Language}
        self._versions = {(template.code, template.version): template for template in templates}
        if len(self._versions) != len(templates):
            raise TemplateFault("two templates have the same code and version")
        self._compiled = {
            (template.code, template.version, language): self._compile(template, language)
            for template in templates
            for language in Language
        }

    @classmethod
    def parse(cls, templates: Sequence[bytes], words: bytes, offices: bytes) -> "TemplateCatalogue":
        """The catalogue that the packs' YAML texts describe.

        Raises:
            TemplateFault: one of them cannot be used.
        """
        return cls(
            [NoticeTemplate.read(yaml.safe_load(text)) for text in templates],
            read_words(yaml.safe_load(words)),
            Offices.read(yaml.safe_load(offices)),
        )

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
        versions = sorted(
            (template for template in self._versions.values() if template.code == code),
            key=lambda template: template.valid_from,
        )
        if not versions:
            raise TemplateFault(f"no template {code}")
        valid = [template for template in versions if template.valid_from <= day]
        return valid[-1] if valid else versions[0]

    def title(self, code: str, version: int) -> Localised:
        """The heading of one version."""
        return self._versions[code, version].title

    def render(  # noqa: PLR0913 - a letter has these six parts
        self,
        code: str,
        version: int,
        *,
        number: str,
        addressee: Addressee,
        issued_on: date,
        params: Mapping[str, str],
        language: Language = Language.ZH,
    ) -> str:
        """The letter, as plain text.

        Raises:
            TemplateFault: a required parameter is missing or empty, or there is no such version.
        """
        template = self._versions.get((code, version))
        if template is None:
            raise TemplateFault(f"no template {code}@{version}")
        if missing := sorted(name for name in template.required if not params.get(name)):
            raise TemplateFault(f"{code}@{version}: {number} lacks {', '.join(missing)}")
        office = self._offices.of_area(addressee.area, language)
        return self._compiled[code, version, language].render(
            dict.fromkeys(template.optional, "")
            | dict(params)
            | {
                "number": number,
                "addressee": addressee.name or addressee.uscc,
                "uscc": addressee.uscc,
                "office": office.name,
                "window": office.window,
                "hotline": office.hotline,
                "issued_on": issued_on.isoformat(),
            }
        )

    def _compile(self, template: NoticeTemplate, language: Language) -> Template:
        environment = self._environments[language]
        source = template.text.text(language)
        name = f"{template.code}@{template.version}.{language}"
        try:
            used = meta.find_undeclared_variables(environment.parse(source))
            compiled = environment.from_string(source)
        except TemplateError as error:
            raise TemplateFault(f"{name}: {error}") from error
        declared = template.required | template.optional
        if undeclared := used - declared - LETTERHEAD:
            raise TemplateFault(f"{name} uses what it does not declare: {', '.join(sorted(undeclared))}")
        if unused := declared - used:
            raise TemplateFault(f"{name} does not use: {', '.join(sorted(unused))}")
        return compiled


def _environment(words: Words, language: Language) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
    )
    environment.filters = {
        "day": lambda text: written_day(date.fromisoformat(text), language),
        "word": _word_filter(words, language),
        "listed": lambda text: text.split(","),
    }
    return environment


def _word_filter(words: Words, language: Language) -> Callable[[str, str], str]:
    def filter_word(code: str, name: str) -> str:
        return word(words, name, code, language)

    return filter_word
