"""The areas of Chengdu."""

import pytest
from vocabulary.areas import CITY, AreaType, area, area_of_address, areas, covers, current_code
from vocabulary.errors import UnknownCodeError


def test_the_city_has_twenty_divisions_and_three_zones() -> None:
    """Twelve districts, three counties and five cities of GB/T 2260, and three zones without a code."""
    kinds = [row.type for row in areas().values()]
    endings = [row.zh[-1] for row in areas().values() if row.type is AreaType.GB]

    assert (kinds.count(AreaType.GB), kinds.count(AreaType.ZONE)) == (20, 3)
    assert (endings.count("区"), endings.count("县"), endings.count("市")) == (12, 3, 5)


def test_zones_lie_in_districts_and_have_no_official_looking_code() -> None:
    """Totals by host district must not count a zone's entities twice, nor an invented GB code appear."""
    for row in areas().values():
        assert bool(row.hosts) == (row.type is AreaType.ZONE)
        assert all(areas()[host].type is AreaType.GB for host in row.hosts)
        assert row.code.isdigit() == (row.type is AreaType.GB)
    assert not {"510109", "510110", "510111"} & set(areas())


@pytest.mark.parametrize(
    ("old", "new"), [("510122", "510116"), ("510124", "510117"), ("510132", "510118"), ("512081", "510185")]
)
def test_a_former_code_means_todays_area(old: str, new: str) -> None:
    """Old codes stay inside live credit codes and old files for ever."""
    assert current_code(old) == new
    assert area(old) == area(new)
    assert old not in areas()


def test_an_unknown_area_is_refused() -> None:
    """The city is a scope, not one of its own areas."""
    for code in ("510109", "510100", "", "5101Z9"):
        with pytest.raises(UnknownCodeError):
            area(code)


def test_the_city_covers_all_and_an_area_only_itself() -> None:
    """Staff of a district see their district, not the zone inside it, which has its own bureau."""
    assert all(covers(CITY, code) for code in areas())
    assert covers("510107", "510107")
    assert covers("510122", "510116")
    assert not covers("510107", "510104")
    assert not covers("510107", "5101Z1")
    assert not covers("5101Z1", "510107")
    assert not covers("510107", CITY)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("成都市锦江区中新街80号", "510104"),
        ("四川省成都市都江堰市永丰街道联盟社区彩虹大道南段62号2楼", "510181"),
        ("成都市双流县文星镇", "510116"),
        ("郫县郫筒镇书院街83号", "510117"),
        ("新津县花园场", "510118"),
        ("四川省资阳市简阳市平泉镇", "510185"),
        ("成都高新区吉泰路666号1栋10层10号", "5101Z1"),
        ("成都市高新西区西芯大道18号", "5101Z1"),
        ("四川省成都市天府新区华阳街道广都中街86号", "5101Z2"),
        ("成都市双流区天府新区华阳", "5101Z2"),
        ("天府新区邛崃产业园区羊横六路四号", "510183"),
        ("四川省成都经济技术开发区(龙泉驿区)成龙路二段1788号", "510112"),
        ("成都市青羊区蛟龙工业港高新区B区21座", "510105"),
        ("成 都 市 金 牛 区", "510106"),
        ("成都市武侯祠大街63号", None),
        ("成都市二环路北三段21号", None),
        ("成都市西城区草市街119号", None),
        ("四川省绵阳市高新区绵兴东路", None),
        ("四川省眉山市天府新区仁寿", None),
        ("陕西省西安市高新区锦业路1号", None),
        ("武汉市东湖高新区关山大道", None),
        ("浙江省杭州市高新区成都路2号", None),
        ("广西壮族自治区南宁市高新区", None),
        ("江苏省盐城市盐都区新都街道", None),
        ("中国四川成都市高新区天府大道", "5101Z1"),
        ("四川省成都经济技术开发区南二路15号", "510112"),
        ("四川省中国(四川)自由贸易试验区成都高新区", "5101Z1"),
        ("简阳市东部新区三岔湖", "5101Z3"),
        ("农贸市场旁高新区", "5101Z1"),
        ("", None),
    ],
)
def test_the_area_is_read_from_an_address(address: str, code: str | None) -> None:
    """Streets are named after districts, zones exist in other cities, and old names live on in addresses."""
    assert area_of_address(address) == code
