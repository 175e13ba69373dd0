"""Which office signs a letter, and where its addressee can turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vocabulary.areas import areas

from notification_service.rules.localised import Language, Localised


@dataclass(frozen=True, slots=True)
class Office:
    """An issuing office as a letter names it, in one language."""

    name: str
    window: str
    hotline: str


@dataclass(frozen=True, slots=True)
class Offices:
    """The offices of `packs/offices.yaml`."""

    city: Localised
    by_suffix: Mapping[str, Localised]
    window: Localised
    hotline: Localised

    @classmethod
    def read(cls, document: Any) -> "Offices":
        """The offices a YAML document describes.

        Raises:
            TemplateFault: a text lacks a language.
        """
        suffixes = {
            suffix: Localised.read(entry, f"offices.{suffix}")
            for suffix, entry in document["by_suffix"].items()
        }
        return cls(
            Localised.read(document["city"], "offices.city"),
            suffixes,
            Localised.read(document["window"], "offices.window"),
            Localised.read(document["hotline"], "offices.hotline"),
        )

    def of_area(self, area_code: str, language: Language) -> Office:
        """The office of an area; the city's where the area is unknown."""
        name = self._name(area_code, language)
        window = self.window.text(language).format(office=name)
        return Office(name, window, self.hotline.text(language))

    def _name(self, area_code: str, language: Language) -> str:
        area = areas().get(area_code)
        if area is None:
            return self.city.text(language)
        for suffix, pattern in self.by_suffix.items():
            if area.zh.endswith(suffix):
                return pattern.text(language).format(area=Localised(area.zh, area.en).text(language))
        return self.city.text(language)
