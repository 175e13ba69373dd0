"""Pledges, freezings, mortgages and insolvency (出质、冻结、抵押、破产)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import CaseNumber, Court, Data, Fen, Reference, Share, Until


class Proceeding(StrEnum):
    """Insolvency proceedings (破产程序): 重整, 和解, 清算."""

    REORGANISATION = "reorganisation"
    SETTLEMENT = "settlement"
    LIQUIDATION = "liquidation"


class InsolvencyOutcome(StrEnum):
    """How insolvency proceedings ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class EquityPledged(Data, frozen=True):
    """Shares in the entity were pledged (股权出质)."""

    amount_fen: Annotated[Fen, Meta(description="amount pledged, fen of CNY; 0 when unknown")] = 0
    share_ppm: Annotated[
        Share, Meta(description="share of the capital, parts per million; 0 when unknown")
    ] = 0


class EquityReleased(Data, frozen=True):
    """A pledge of shares was cancelled (股权出质注销)."""

    pledge_fact_id: Annotated[Reference, Meta(description="fact id of the pledge, of the same source")]


class EquityFrozen(Data, frozen=True):
    """Shares in the entity were frozen (股权冻结)."""

    court: Court = ""
    amount_fen: Annotated[Fen, Meta(description="amount frozen, fen of CNY; 0 when unknown")] = 0
    until: Annotated[Until, Meta(description="last day of the freezing")] = None


class EquityUnfrozen(Data, frozen=True):
    """Shares in the entity were unfrozen (股权解冻)."""

    freeze_fact_id: Annotated[Reference, Meta(description="fact id of the freezing, of the same source")]


class MortgageRegistered(Data, frozen=True):
    """A mortgage of movables was registered (动产抵押)."""

    secured_fen: Annotated[Fen, Meta(description="amount secured, fen of CNY; 0 when unknown")] = 0
    until: Annotated[Until, Meta(description="last day of the debt")] = None


class MortgageReleased(Data, frozen=True):
    """A mortgage of movables was cancelled (动产抵押注销)."""

    mortgage_fact_id: Annotated[Reference, Meta(description="fact id of the mortgage, of the same source")]


class InsolvencyOpened(Data, frozen=True):
    """Insolvency proceedings were opened (破产程序)."""

    proceeding: Annotated[Proceeding, Meta(description="which proceedings")]
    case_number: CaseNumber = ""
    court: Court = ""


class InsolvencyClosed(Data, frozen=True):
    """Insolvency proceedings ended (破产程序终结)."""

    insolvency_fact_id: Annotated[Reference, Meta(description="fact id of the opening, of the same source")]
    outcome: Annotated[InsolvencyOutcome, Meta(description="how they ended")] = InsolvencyOutcome.COMPLETED
