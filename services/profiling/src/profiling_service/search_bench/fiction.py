"""Names, addresses, codes and persons as a city has them, by chance: none is meant to be anybody's."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from vocabulary.areas import areas
from vocabulary.uscc import synthesise

_MARKS = (
    "鑫源盛达华鼎瑞祥安康泰宏伟业兴隆福禄寿喜龙凤云天和德信诚义仁礼智勇金银铜铁木水火土春夏秋冬东南西北中上下左右前后大小高长远近新"
    "旧好美丽善良真友爱家园乐居雅致锦绣江山川流海洋湖泊星辰日月光辉灿烂明亮清风竹林松柏梅兰菊荷花草树果蔬稻麦米面油盐酱醋茶酒糖蜜糕饼"
    "老王李张刘陈杨赵黄周吴徐孙胡朱何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴钟汪田任姜范方石姚谭廖"
    "邹熊陆郝孔白崔毛邱秦史顾侯邵孟万段雷钱汤尹黎易常武乔贺赖龚文巴蜀岷沱青羊芙蓉棠橘鹭松溪鹿鸣谷雨霜晴岚禾拾竹望听"
)
_TRADES = (
    "餐饮 餐饮管理 百货 商贸 食品 火锅 科技 网络科技 文化传媒 物流 建筑工程 装饰工程 医疗器械 大药房 医药 电梯 "
    "广告 商务服务 软件 家政服务 物业管理 教育咨询 服装 美容美发 汽车维修 超市 便利 五金 建材 农业开发 酒店管理 "
    "旅游 健身 养殖 水果 烟酒 茶叶 电子商务 供应链管理 企业管理咨询"
)
_FORMS = "有限公司 有限公司 有限公司 有限公司 有限公司 有限责任公司 经营部 店 店 商行 个体工商户 股份有限公司"
_SERIALS, _SCATTER = 31**6, 386_371_911
"""Serials of codes, and a step that visits each of them once: neighbours in the city are none in the alphabet."""
_WAYS = "路 街 大道 巷 路北段 东街 中路"


class Someone(NamedTuple):
    """A fictional entity."""

    uscc: str
    area_code: str
    name: str
    address: str
    person: str


def city(entities: int, seed: int) -> Iterator[Someone]:
    """So many of them, no two with one code."""
    chance = Random(seed)
    places = [(area.code, area.zh) for area in areas().values()]
    streets = [f"{_word(chance, 2)}{way}" for way in _WAYS.split() for _ in range(200)]
    for number in range(entities):
        code, place = chance.choice(places)
        where = chance.choice(("成都", "成都", "成都市", "四川", place, place[:2], ""))
        name = _word(chance, chance.choice((2, 2, 3, 3, 4)))
        region = code if code.isdigit() else "510100"
        door = f"{chance.randint(1, 400)}号{chance.randint(1, 20)}栋{chance.randint(101, 3009)}号"
        yield Someone(
            synthesise("9", chance.choice("12"), region, number * _SCATTER % _SERIALS),
            code,
            f"{where}{name}{chance.choice(_TRADES.split())}{chance.choice(_FORMS.split())}",
            f"成都市{place}{chance.choice(streets)}{door}",
            f"P{chance.getrandbits(48):012x}",
        )


def slip(text: str, chance: Random) -> str:
    """The text with one wrong, missing, added or swapped character."""
    at, mark = chance.randrange(len(text)), chance.choice(_MARKS)
    return chance.choice(
        (
            text[:at] + mark + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[:at] + mark + text[at:],
            text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
        )
    )


def _word(chance: Random, length: int) -> str:
    return "".join(chance.choices(_MARKS, k=length))
