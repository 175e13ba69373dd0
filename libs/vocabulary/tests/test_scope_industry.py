"""The industry read from a business scope and a name. All names are fictional."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vocabulary.code_tables import document
from vocabulary.industries import section_of, sections
from vocabulary.scope import infer_industry
from vocabulary.scope.clauses import claims, corrected
from vocabulary.scope.lexicon import lexicon
from vocabulary.scope.phrases import Phrases
from vocabulary.scope.reading import clauses, readable

PIECES = st.sampled_from(
    [
        "销售",
        "：",
        "；",
        "。",
        "、",
        "（",
        "）",
        "不含",
        "食品",
        "生产",
        "软件开发",
        "建筑工程",
        "设备",
        "[",
        "ＩＰ",
        "\n",
    ]
)
SCOPES = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map("".join))


@pytest.mark.parametrize(
    ("scope", "name", "code"),
    [
        ("蔬菜种植；销售：农副产品。", "虚构甲农业有限公司", "A01"),
        ("生产、销售：糕点。", "虚构乙食品有限公司", "C14"),
        ("大米加工；粮油加工。", "虚构丙粮油有限公司", "C13"),
        ("白酒酿造。", "虚构丁酒厂", "C15"),
        ("生产：中成药、片剂。", "虚构制药有限公司", "C27"),
        ("生产、销售：医疗器械。", "虚构有限公司", "C358"),
        ("电梯的制造。", "虚构有限公司", "C3435"),
        ("水力发电。", "虚构电力有限公司", "D44"),
        ("建筑劳务分包。", "虚构建筑劳务有限公司", "E"),
        ("园林绿化的设计、施工。", "虚构有限公司", "E48"),
        ("零售：日用百货。", "虚构超市有限公司", "F52"),
        ("批发：建材、五金。", "虚构有限公司", "F51"),
        ("零售：中成药、抗生素制剂。", "虚构大药房", "F525"),
        ("批发：生化药品、中成药。", "虚构医药有限公司", "F515"),
        ("普通货运。", "虚构运输有限公司", "G54"),
        ("住宿；零售：卷烟。", "虚构宾馆", "H61"),
        ("中餐类制售（不含凉菜）。", "虚构餐饮管理有限公司", "H62"),
        ("互联网信息服务。", "虚构有限公司", "I64"),
        ("软件开发；销售：计算机。", "虚构科技有限公司", "I65"),
        ("研发、销售计算机软硬件", "虚构有限公司", "I65"),
        ("吸收公众存款；发放贷款。", "虚构银行股份有限公司某支行", "J66"),
        ("房地产开发经营；物业管理。", "虚构置业有限公司", "K70"),
        ("企业管理咨询。", "虚构有限公司", "L724"),
        ("设计、制作、代理、发布国内各类广告。", "虚构广告有限公司", "L725"),
        ("工程监理；工程造价咨询。", "虚构工程咨询有限公司", "M74"),
        ("城市道路清扫；生活垃圾清运。", "虚构环卫服务有限公司", "N78"),
        ("二类机动车维修；零售：汽车配件。", "虚构汽车维修有限公司", "O81"),
        ("职业技能培训。", "虚构培训学校有限公司", "P83"),
        ("内科、外科、中医科。", "虚构医院有限公司", "Q84"),
        ("养老服务。", "虚构养老服务有限公司", "Q85"),
        ("卡拉OK、棋牌。", "虚构娱乐有限公司", "R90"),
    ],
)
def test_a_scope_says_its_industry(scope: str, name: str, code: str) -> None:
    """One plain case of each kind; the precision on real ones is in test_industry_precision.py."""
    found = infer_industry(scope, name)

    assert found is not None
    assert found.code == code
    assert found.letter == code[0]


def test_the_verb_decides_what_goods_mean() -> None:
    """The same goods are made, sold or researched."""
    letters = {
        verb: infer_industry(f"{verb}：电子产品。").letter  # type: ignore[union-attr]
        for verb in ("生产", "销售", "研发")
    }

    assert letters == {"生产": "C", "销售": "F", "研发": "M"}


@pytest.mark.parametrize(
    ("scope", "letter"),
    [
        ("销售：园林绿化设备、供水及污水处理设备。", "F"),
        ("采矿技术咨询。", "M"),
        ("软件开发（依法须经批准的项目，经相关部门批准后方可开展经营活动）。", "I"),
        ("不得从事非法集资、吸收公众资金等金融活动；保洁服务", "O"),
        ("许可经营项目：餐饮服务。一般经营项目：会议服务。", "H"),
    ],
)
def test_what_only_looks_like_an_activity_is_no_evidence(scope: str, letter: str) -> None:
    """Compounds end in what they are; conditions and headings are no business."""
    found = infer_industry(scope)

    assert found is not None
    assert found.letter == letter


@pytest.mark.parametrize("scope", ["", "一般经营项目", "为本公司的业务提供服务。", "N/A"])
def test_nothing_said_is_nothing_inferred(scope: str) -> None:
    """A default would be an invented fact."""
    assert infer_industry(scope, "虚构实业有限公司") is None


def test_a_name_alone_is_believed_less() -> None:
    """A trade word is chosen once and stays when the business has changed."""
    with_scope = infer_industry("餐饮服务。", "虚构餐饮有限公司")
    alone = infer_industry("", "虚构餐饮有限公司")

    assert with_scope is not None
    assert alone is not None
    assert alone.code == "H62"
    assert alone.confidence < with_scope.confidence


def test_the_evidence_stands_where_it_says() -> None:
    """A person must be able to find it in the licence's own words."""
    scope, name = "（以下范围不含许可项目）销售：建材；软件开发。", "虚构建材有限公司"

    found = infer_industry(scope, name)

    assert found is not None
    assert found.letter == "F"
    texts = {"scope": scope, "name": name}
    for field, text, start in found.evidence:
        assert texts[field][start : start + len(text)] == text


@given(SCOPES, SCOPES)
def test_any_text_is_read_without_harm(scope: str, name: str) -> None:
    """Registers hold anything; offsets stay true and confidence a share."""
    found = infer_industry(scope, name)

    assert len(readable(scope)) == len(scope)
    if found:
        section_of(found.code)
        assert 0 < found.confidence < 1
        for field, text, start in found.evidence:
            assert {"scope": scope, "name": name}[field][start : start + len(text)] == text


@given(SCOPES)
def test_clauses_cover_the_text(scope: str) -> None:
    """Nothing falls between two clauses."""
    text = readable(scope)

    found = clauses(text, len(text) + 1)

    assert [text[start : start + len(clause)] for start, clause in found] == [clause for _, clause in found]
    assert sum(len(clause) + 1 for _, clause in found) == len(text) + 1


@given(st.sets(st.text("甲乙丙", min_size=1, max_size=4), max_size=12), st.text("甲乙丙丁", max_size=30))
def test_the_longest_phrase_at_each_place_is_found(phrases: set[str], text: str) -> None:
    """The compiled tree agrees with a plain search."""
    expected, place = [], 0
    while place < len(text):
        here = [phrase for phrase in phrases if text.startswith(phrase, place)]
        if here:
            longest = max(here, key=len)
            expected.append((place, longest, longest))
        place += len(max(here, key=len)) if here else 1

    assert Phrases({phrase: phrase for phrase in phrases}).find(text) == expected


def test_every_code_of_the_packs_is_one_of_the_standard() -> None:
    """A typing slip must not invent a division."""
    codes = [
        row["code"] for key in ("activities", "goods", "names") for row in document("scope")[key]["rows"]
    ]

    for code in codes:
        first, last = section_of(code).divisions
        assert len(code) == 1 or first <= int(code[1:3]) <= last
    assert {code[0] for code in codes} >= set(sections()) - {"T"}


def test_a_clause_counts_a_code_once() -> None:
    """Twenty kinds of works in a list are one trade."""
    words = lexicon()
    text = "公路工程、桥梁工程、隧道工程"

    found = claims(corrected(words.scope.find(text), text, words), words)

    assert [claim.code for claim in found] == ["E48"]


def test_confidence_falls_with_clarity() -> None:
    """A step that rose would say the calibration is broken."""
    steps = [(row["clarity"], row["confidence"]) for row in document("scope_confidence")["steps"]["rows"]]

    assert steps == sorted(steps, reverse=True)
    assert steps[-1][0] == 0
