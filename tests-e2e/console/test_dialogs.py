"""Dialogs about an entity name it, and hold nothing of another."""

from collections.abc import Callable
from typing import Any

from browsing import Journey
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]
Select = Callable[..., list[dict[str, Any]]]


def test_a_proposal_names_its_entity_and_drops_the_evidence_of_another(
    page_as: PageAs, select: Select, step: Journey
) -> None:
    """A filter of the list is a suggestion; a class is proposed for the code that is read in the dialog."""
    one, other = (
        row["uscc"] for row in select("classification", "select uscc from state order by uscc limit 2")
    )
    page = page_as("city_administrator")
    dialog = page.get_by_role("dialog")
    evidence = dialog.locator(".ant-select-selection-item")
    with step("proposes from a list of one entity's adjustments, and reads its code"):
        page.goto(f"/models/interventions?uscc={one}")
        page.get_by_role("button", name="提出人工调整").click()
        expect(dialog.get_by_label("统一社会信用代码")).to_have_value(one)
    with step("says why, and names a document"):
        dialog.get_by_label("理由").fill("投诉经核查不实")
        dialog.get_by_label("依据材料").fill("https://example.org/document")
        page.keyboard.press("Enter")
        expect(evidence).to_have_count(1)
    with step("means another entity: the document was about the first, the reason was typed and stays"):
        dialog.get_by_label("统一社会信用代码").fill(other)
        expect(evidence).to_have_count(0)
        expect(dialog.get_by_label("理由")).to_have_value("投诉经核查不实")
