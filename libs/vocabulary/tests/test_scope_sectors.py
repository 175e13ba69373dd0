"""The sectors read from scope, name and licences. All names are fictional."""

import pytest
from vocabulary.industries import Sector
from vocabulary.scope import SupervisedSector, sector_evidence, sectors
from vocabulary.scope.sectors import graded_as, supervised_sectors


@pytest.mark.parametrize(
    ("scope", "name", "expected"),
    [
        ("生产、销售：糕点。", "", {"food_production", "food_sale"}),
        ("销售：预包装食品兼散装食品。", "", {"food_sale"}),
        ("中餐类制售；零售：卷烟。", "", {"catering"}),
        ("零售：中成药、化学药制剂。", "", {"drug_retail"}),
        ("批发：中成药、化学药制剂。", "", {"drug_wholesale"}),
        ("", "虚构大药房连锁有限公司", {"drug_retail"}),
        ("销售：医疗器械（二类）。", "", {"medical_device"}),
        ("电梯安装、维修。", "", {"special_equipment", "elevator_maintenance"}),
        ("电梯安装。", "", {"special_equipment"}),
        ("生产：水泥。", "", {"key_industrial_product"}),
        ("广告设计、制作、代理、发布（不含气球广告）。", "", {"advertising"}),
        ("物业管理；停车场服务。", "", {"price"}),
        ("销售：药品。", "虚构有限公司", set()),
        ("销售：食品机械、酒店用品、水泥制品。", "", set()),
        ("软件开发（不含食品销售）。", "", set()),
        ("", "", set()),
    ],
)
def test_a_scope_puts_an_entity_into_sectors(scope: str, name: str, expected: set[str]) -> None:
    """A verb and its goods, an activity, or a trade word; exceptions and compounds do not count."""
    assert sectors(scope, name) == expected


@pytest.mark.parametrize(
    ("kind", "sector"),
    [
        ("食品生产许可证", "food_production"),
        ("食品经营许可证", "food_sale"),
        ("药品经营许可证（零售）", "drug_retail"),
        ("药品经营许可证（批发）", "drug_wholesale"),
        ("第二类医疗器械经营备案凭证", "medical_device"),
        ("特种设备生产许可证", "special_equipment"),
        ("全国工业产品生产许可证", "key_industrial_product"),
    ],
)
def test_a_licence_is_proof_by_itself(kind: str, sector: str) -> None:
    """A sector follows from licences first."""
    found = sector_evidence("", "", [kind])

    assert set(found) == {sector}
    assert found[SupervisedSector(sector)][0] == ("licence", kind, 0)


def test_the_evidence_of_a_sector_stands_in_the_scope() -> None:
    """Offsets are those of the text given, brackets included."""
    scope = "软件开发（凭证经营）；零售：预包装食品。"

    (evidence,) = sector_evidence(scope)[SupervisedSector.FOOD_SALE]

    assert scope[evidence.start : evidence.start + len(evidence.text)] == "预包装食品"


def test_every_sector_has_its_row_and_every_graded_one_is_covered() -> None:
    """A grading model must find its entities; what has none is supervised all the same."""
    assert list(supervised_sectors()) == list(SupervisedSector)
    assert {graded_as(sector) for sector in SupervisedSector} == {None, *Sector}
    assert graded_as(SupervisedSector.DRUG_RETAIL) is graded_as(SupervisedSector.DRUG_WHOLESALE)
