"""What people type when they mean somebody: whole, in part, with a slip; and words that a whole city has."""

from collections.abc import Callable, Mapping
from random import Random

from profiling_service.rules.searching.folding import core
from profiling_service.search_bench.fiction import Someone, slip

_COMMON = (
    "成都 餐饮 有限公司 公司 四川 管理 科技 成都有限公司 成都餐饮有限公司 有限责任公司 个体工商户 店 锦江区 "
    "高新区 大道 1栋 火锅店 成都科技 9151 虚构"
)

KINDS: Mapping[str, Callable[[Someone, Random], str]] = {
    "name": lambda one, _: one.name,
    "name_slip": lambda one, chance: slip(one.name, chance),
    "brand": lambda one, _: core(one.name),
    "brand_slip": lambda one, chance: slip(core(one.name), chance),
    "code": lambda one, _: one.uscc,
    "code_slip": lambda one, chance: slip_of_code(one.uscc, chance),
    "code_part": lambda one, _: one.uscc[8:17],
    "address": lambda one, _: one.address,
    "address_slip": lambda one, chance: slip(one.address, chance),
    "address_part": lambda one, _: one.address[6:],
    "person": lambda one, _: one.person,
    "person_part": lambda one, _: one.person[:6],
    "common_words": lambda _, chance: chance.choice(_COMMON.split()),
}


def slip_of_code(code: str, chance: Random) -> str:
    """The code with one wrong character, or two swapped."""
    at = chance.randrange(len(code) - 1)
    wrong = code[:at] + chance.choice("0123456789ABCDEFGH") + code[at + 1 :]
    return chance.choice((wrong, code[:at] + code[at : at + 2][::-1] + code[at + 2 :]))
