"""Which books must agree, and who reads whom; the contract is in `docs/architecture.md`."""

from typing import NamedTuple


class Book(NamedTuple):
    """One book of one service."""

    service: str
    name: str

    def __str__(self) -> str:
        return f"{self.service} {self.name}"


class Pair(NamedTuple):
    """Every key of `left`, which says what there should be, is in `right` exactly as often, and no other.

    What that means is said in `zh` and `en`.
    """

    left: Book
    right: Book
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.left} = {self.right}"


def _pair(left: str, right: str, zh: str, en: str) -> Pair:
    return Pair(_book(left), _book(right), zh, en)


def _book(text: str) -> Book:
    service, name = text.split()
    return Book(service, name)


PAIRS: tuple[Pair, ...] = (
    _pair(
        "ingestion received",
        "ingestion verdicts",
        "每次报送都有受理结论",
        "everything received is accepted or quarantined",
    ),
    _pair(
        "ingestion accepted",
        "profiling recorded_from_ingestion",
        "接收的信息都已计入画像",
        "every accepted fact is recorded in its profile",
    ),
    _pair(
        "sampling results",
        "profiling recorded_from_sampling",
        "检查结果都已计入画像",
        "every inspection result is recorded in its profile",
    ),
    _pair(
        "repair stops",
        "profiling recorded_from_repair",
        "停止公示都已计入画像",
        "every end of publicity is recorded in its profile",
    ),
    _pair(
        "profiling counted",
        "profiling recorded",
        "画像的信息条数与留存的信息相符",
        "a profile counts as many facts as are kept",
    ),
    _pair(
        "profiling profiles",
        "classification states",
        "每次画像更新都已送达分类",
        "every new profile reached classification",
    ),
    _pair(
        "classification decisions_expected",
        "classification decisions",
        "每次分类决定都有留存",
        "every decision is kept",
    ),
    _pair(
        "classification class_heads",
        "sampling members",
        "类别变动都已反映到抽查对象库",
        "every change of class reached the pools",
    ),
    _pair(
        "profiling descriptions",
        "sampling descriptions",
        "主体登记信息都已反映到抽查对象库",
        "every description of an entity reached the pools",
    ),
    _pair(
        "profiling addressed",
        "notification addressed",
        "文书的送达对象与登记信息相符",
        "letters are addressed as entities are described",
    ),
    _pair(
        "ingestion dishonesty",
        "repair records",
        "处罚和列入名单都已建立失信记录",
        "every penalty and listing has its record",
    ),
    _pair(
        "repair notices_due",
        "notification repair_notices",
        "应当告知的信用修复都有告知书",
        "every notice of repair due was written",
    ),
    _pair(
        "repair stop_notices_due",
        "notification stop_notices",
        "应当告知的停止公示都有通知",
        "every notice of publicity stopped due was written",
    ),
    _pair(
        "profiling signals",
        "notification signals",
        "应当送达的预警都已送到文书环节",
        "every warning to be told reached notification",
    ),
    _pair(
        "profiling signals_counted",
        "profiling signals_kept",
        "主体的预警件数与留存的预警相符",
        "an entity counts as many warnings as are kept",
    ),
    _pair(
        "sampling results",
        "classification reviewed",
        "检查结果都已计入回溯",
        "every inspection result is counted in the review",
    ),
    _pair(
        "ingestion inspections",
        "classification reported",
        "部门报送的检查结果都已计入回溯",
        "every inspection another department reported is counted in the review",
    ),
    _pair(
        "ingestion endings",
        "repair stop_orders",
        "撤销、移出、注销都已办理停止公示",
        "every annulment, removal and cancellation stopped its publicity",
    ),
    _pair(
        "notification described",
        "repair described",
        "文书和修复两处的主体信息相符",
        "notification and repair know the same of an entity",
    ),
    _pair(
        "classification models_used",
        "classification models_kept",
        "作出决定的模型都有留存",
        "every model that decided is kept",
    ),
    _pair("sampling draws", "sampling populations", "每次抽取都有对象名单", "every draw has its population"),
    _pair(
        "sampling revealed",
        "sampling files",
        "已公开种子的抽取都有公开文件",
        "every draw revealed has its file",
    ),
    _pair(
        "sampling drawn",
        "sampling entries_counted",
        "抽中户数与抽中名单相符",
        "a draw counts as many entries as are kept",
    ),
    _pair("sampling entries", "sampling visits", "抽中的主体都有检查任务", "every entity drawn has a visit"),
    _pair(
        "sampling visits_done",
        "sampling visits_with_result",
        "完成的检查都有结果",
        "every visit done has a result",
    ),
    _pair(
        "notification reminders_due",
        "notification reminders",
        "应当发出的年报提醒都已制作",
        "every reminder due was written",
    ),
    _pair(
        "notification notices",
        "notification notices_in_hand",
        "文书均已送达或待送达",
        "every notice is delivered or in hand",
    ),
    _pair(
        "notification signals_passed_on",
        "notification signals_of_clues",
        "移送平台的线索都有对应的预警",
        "every clue is of a warning that is there",
    ),
    _pair(
        "notification clues_pushed",
        "notification clues_of_webhooks",
        "推送记录都有对应的线索",
        "every push is of a clue that is there",
    ),
    _pair(
        "notification webhooks_tried",
        "notification webhooks_of_attempts",
        "推送尝试都有对应的推送记录",
        "every attempt is of a push that is there",
    ),
    _pair(
        "notification webhooks_delivered",
        "notification webhooks_accepted",
        "推送成功的均有成功送达记录",
        "what was delivered has an attempt that succeeded",
    ),
)

READERS: dict[str, tuple[str, ...]] = {
    "ingestion": ("profiling", "repair", "classification"),
    "profiling": ("classification", "sampling", "repair", "notification"),
    "classification": ("sampling",),
    "sampling": ("profiling", "classification"),
    "repair": ("profiling", "notification"),
    "notification": (),
}
"""Who listens to whose topic."""

ACCEPTED = Book("ingestion", "accepted")
RECORDED = Book("profiling", "recorded_from_ingestion")
DECIDED = Book("classification", "decisions")
