"""Addresses made comparable. Streets are fictional."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from vocabulary.addresses import is_hosted, normalise_address, read_address

WORDS = (
    "中国(四川)自由贸易试验区 四川省 成都市 成都 成都高新区 双流县 双流区 新津 虚构路 号 栋 幢 单元 层 楼 室 附 十 "
    "二十一 三 百 7 12 A - － （ ） ( ) 、 # 号楼 天府新区 一段 F 房 井 座"
)
PIECES = st.sampled_from(WORDS.split())
ADDRESSES = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join))


@given(ADDRESSES)
@example("A´")
def test_normalising_twice_is_normalising_once(address: str) -> None:
    """A key that moved when read again would split what belongs together."""
    once = normalise_address(address)

    assert normalise_address(once) == once


@given(ADDRESSES)
def test_a_room_lies_in_its_building(address: str) -> None:
    """Who shares a room shares the building."""
    place = read_address(address)

    assert place.text.startswith(place.building)
    assert not place.room or (place.building and place.room.startswith(place.building))


@pytest.mark.parametrize(
    "spelling",
    [
        "成都市锦江区虚构路66号1栋10层10号",
        "四川省成都市锦江区虚构路66号1幢10楼10号",
        "锦江区虚构路６６号１栋１０层１０室",
        "成都市锦江区虚构路66号(原虚构大厦)一栋十层10号",
        "成都市 锦江区 虚构路66号1号楼10层10号。",
    ],
)
def test_one_room_in_many_spellings_is_one_room(spelling: str) -> None:
    """Forms differ, the place does not."""
    place = read_address(spelling)

    assert place.room == "锦江区虚构路66号1栋10层10号"
    assert place.building == "锦江区虚构路66号1栋"


@pytest.mark.parametrize(
    ("address", "building", "room"),
    [
        ("成都市双流县虚构路7号", "双流区虚构路7号", ""),
        (
            "中国（四川）自由贸易试验区成都高新区虚构街8号2栋3层1号",
            "高新区虚构街8号2栋",
            "高新区虚构街8号2栋3层1号",
        ),
        ("成都市金牛区虚构路9号附3号", "金牛区虚构路9号", "金牛区虚构路9号附3号"),
        ("成都市虚构小区5栋2单元301", "虚构小区5栋", "虚构小区5栋2单元301"),
        ("成都市虚构路一段12号A座", "虚构路一段12号A座", ""),
        ("成都市武侯区虚构路89号、93号", "武侯区虚构路89号", "武侯区虚构路89号93号"),
        ("成都高新区虚构工业园", "", ""),
        ("成都市锦江区虚构乡三村四组", "", ""),
        ("N/A", "", ""),
        ("", "", ""),
    ],
)
def test_an_address_is_read_as_far_as_it_goes(address: str, building: str, room: str) -> None:
    """A street or a village is no building: half a quarter would hang together."""
    place = read_address(address)

    assert (place.building, place.room) == (building, room)


def test_the_same_street_in_two_districts_is_two_places() -> None:
    """Every district has its 建设路."""
    one, other = read_address("成都市成华区建设路1号"), read_address("成都市新都区建设路1号")

    assert one.building != other.building


@pytest.mark.parametrize(
    ("address", "hosted"),
    [
        ("成都市锦江区虚构路1号2楼（集群注册）", True),
        ("成都市锦江区虚构路1号虚构孵化园3栋", True),
        ("成都市锦江区虚构路1号工位12", True),
        ("成都市锦江区虚构路1号", False),
    ],
)
def test_a_hosted_address_says_so(address: str, hosted: bool) -> None:  # noqa: FBT001  # a column of the table
    """Many firms at an address that is meant for many are no sign."""
    assert is_hosted(address) is hosted
