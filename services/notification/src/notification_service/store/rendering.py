"""Renders letters with Jinja2, in a sandbox; every template is compiled and checked once, when the service starts."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notification_service.errors import TemplateFault
from notification_service.rules.localised import Language, Words, word, written_day
from notification_service.rules.offices import Office, Offices
from notification_service.rules.templates import (
    LETTERHEAD,
    Addressee,
    NoticeTemplate,
    TemplateCatalogue,
    filled,
)


class JinjaRenderer:
    """Implements `ports.Renderer`.

    Raises:
        TemplateFault: a template does not parse, or its parameters do not match its texts.
    """

    def __init__(self, catalogue: TemplateCatalogue, words: Words, offices: Offices) -> None:
        self._catalogue = catalogue
        self._office: Callable[[str, Language], Office] = lru_cache(offices.of_area)
        environments = {language: _environment(words, language) for language in Language}
        self._compiled = {
            (template.code, template.version, language): _compiled(template, language, environment)
            for template in catalogue.all()
            for language, environment in environments.items()
        }

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
        """See `ports.Renderer`."""
        values = filled(self._catalogue.version(code, version), params, number)
        office = self._office(addressee.area, language)
        return self._compiled[code, version, language].render(
            values
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


def _compiled(
    template: NoticeTemplate, language: Language, environment: ImmutableSandboxedEnvironment
) -> Template:
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
