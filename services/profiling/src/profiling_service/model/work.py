"""What people do with a signal (预警处置)."""

from enum import StrEnum


class StepKind(StrEnum):
    """A step somebody takes."""

    ASSIGNED = "assigned"
    RETURNED = "returned"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    ACTED = "acted"
    CLEARED = "cleared"
    REOPENED = "reopened"


class Action(StrEnum):
    """What was done about the entity."""

    PHONED = "phoned"
    """电话核实"""
    VISITED = "visited"
    """上门核查"""
    INTERVIEWED = "interviewed"
    """约谈"""
    REMINDED = "reminded"
    """提醒"""
    CORRECTION_ORDERED = "correction_ordered"
    """责令改正"""
    PASSED_ON = "passed_on"
    """转办"""
    LOOKED_INTO = "looked_into"
    """材料核查"""
    OTHER = "other"
    """其他"""
