"""What members of facts may say, by the contract; those not named here follow from their kind."""

from contracts.ingestion.v1_pb2 import FactAccepted
from google.protobuf.descriptor import Descriptor

TYPES: dict[str, Descriptor] = {
    field.name: field.message_type
    for field in FactAccepted.DESCRIPTOR.oneofs_by_name["data"].fields
    if field.message_type is not None
}
"""Every type of fact ingestion accepts."""
FIELDS = ("food", "drug", "medical_device", "cosmetics", "special_equipment", "key_industrial_product")
COMMITMENTS = ("registration", "licence", "repair", "annual_report", "industry", "other")
EQUIPMENT = ("boiler", "pressure_vessel", "pipeline", "elevator", "crane", "ropeway", "amusement", "vehicle")
CODES: dict[str, tuple[str, ...]] = {
    "registration_recorded.entity_type": ("", "1130", "1151", "4540", "2000", "9500", "9200", "unheard-of"),
    "registration_recorded.industry": ("", "H62", "C1361", "F525", "C3435", "L725", "F51", "A01"),
    "registration_recorded.area_code": ("", "510104", "510117"),
    "registration_changed.field": (
        *("name", "address", "area_code", "industry", "legal_person_ref", "registered_capital_fen"),
        *("entity_type", "business_scope", "contact_ref", "agent_ref", "head_uscc"),
    ),
    "penalty_imposed.severity": ("mitigated", "lighter", "ordinary", "heavier"),
    "penalty_imposed.key_field": ("", *FIELDS),
    "penalty_imposed.kinds": (
        *("warning", "criticism", "fine", "confiscation", "permit_suspension", "qualification_downgrade"),
        *("permit_revocation", "licence_revocation", "business_restriction", "business_suspension"),
        *("closure", "practice_ban", "other"),
    ),
    "listing_entered.list": ("abnormal", "serious"),
    "listing_entered.reason": ("annual_report_missed", "unreachable", "food_safety"),
    "listing_removed.list": ("abnormal", "serious"),
    "listing_removed.reason": ("corrected", "expired", "annulled"),
    "complaint_received.channel_kind": ("complaint", "report"),
    "complaint_received.platform": ("", "meals"),
    "inspection_completed.result_codes": (
        *("no_problem", "not_publicised", "false_publicity", "unreachable"),
        *("corrected", "refused", "no_such_activity", "pending"),
    ),
    "suspension_ended.reason": ("resumed", "expired"),
    "registration_moved.direction": ("within", "out", "in"),
    "registration_moved.to_area": ("", "510104", "510117", "320102"),
    "registration_restored.basis": ("revocation_annulled", "cancellation_annulled", "court", "other"),
    "stake_recorded.holder_kind": ("person", "entity"),
    "officer_appointed.post": ("director", "supervisor", "manager", "finance", "liaison", "agent"),
    "self_report_filed.kind": (
        *("device_annual", "food_check", "drug_check", "key_product", "special_equipment"),
    ),
    "licence_granted.licence_kind": (
        *("food_production", "food_operation", "drug_production", "drug_operation", "device_production"),
        *("device_operation", "device_online", "special_equipment_production", "special_equipment_filling"),
        *("elevator_maintenance", "key_industrial_product", "advertising", "other"),
    ),
    "licence_ended.how": ("revoked", "cancelled", "surrendered", "suspended"),
    "penalty_fulfilled.what": ("paid", "corrected", "both"),
    "correction_completed.outcome": ("corrected", "refused", "overdue"),
    "exemption_granted.kind": ("minor", "first_offence", "no_fault", "mitigated"),
    "enforcement_closed.outcome": ("performed", "terminated", "settled"),
    "authority_list_entered.list": (
        *("tax_major_violation", "tax_arrears", "tax_grade_d", "tax_non_normal", "social_insurance_serious"),
        *("wage_arrears", "customs_dishonest", "environment_serious", "work_safety_serious", "fire_serious"),
        *("construction_serious", "transport_serious", "statistics_serious", "finance_serious", "other"),
    ),
    "insolvency_opened.proceeding": ("reorganisation", "settlement", "liquidation"),
    "insolvency_closed.outcome": ("completed", "failed", "withdrawn"),
    "product_tested.field": (*FIELDS, "other"),
    "recall_begun.field": (*FIELDS, "other"),
    "accident_occurred.kind": (
        *("food_safety", "work_safety", "special_equipment", "drug", "fire", "environment", "other"),
    ),
    "accident_occurred.severity": ("ordinary", "major", "grave", "extreme"),
    "complaint_decided.outcome": (
        *("upheld", "rejected", "mediated", "mediation_failed", "withdrawn", "case_filed"),
    ),
    "opinion_observed.sentiment": ("negative", "neutral", "positive"),
    "certification_ended.how": ("withdrawn", "suspended", "expired"),
    "award_granted.level": ("district", "city", "provincial", "national"),
    "commitment_signed.kind": COMMITMENTS,
    "commitment_breached.kind": COMMITMENTS,
    "equipment_registered.kind": EQUIPMENT,
    "elevator_maintained.kind": ("half_monthly", "quarterly", "half_yearly", "yearly"),
    "advert_monitored.medium": ("tv", "radio", "print", "outdoor", "internet", "other"),
    "advert_monitored.category": (
        *("drug", "medical_device", "health_food", "special_medical_food", "food", "cosmetics", "medical"),
        *("finance", "education", "real_estate", "other"),
    ),
    "advert_monitored.finding": ("compliant", "violation", "serious_violation"),
    "price_monitored.finding": ("compliant", "unmarked", "fraud", "gouging", "order_ignored"),
    "platform_action_taken.action": ("warning", "suspension", "termination", "delisting"),
}
"""By `type.member` the codes of closed tables; of open ones a few that differ in what follows."""
FREE = {
    "violation": ("", "v-1", "v-2"),
    "product": ("", "g-1", "g-2"),
    "item": ("", "i-1", "i-2"),
    "holder_ref": ("h-1", "h-2"),
    "person_ref": ("p-1", "p-2"),
    "equipment_ref": ("e-1", "e-2"),
    "platform": ("meals", "rides"),
    "name": ("", "虚构店"),
    "address": ("", "虚构路1号"),
    "legal_person_ref": ("", "p-1"),
    "contact_ref": ("", "p-2"),
    "agent_ref": ("", "a-1"),
    "head_uscc": ("", "91510104YY000001XM"),
}
"""Members that are free text, where it matters whether two say the same."""
AFTER = {
    "name": ("新名称", "虚构店"),
    "address": ("虚构路2号", "虚构路1号"),
    "area_code": ("510104", "510117"),
    "industry": ("H62", "C1361", "F525", "L725"),
    "legal_person_ref": ("p-1", "p-3"),
    "registered_capital_fen": ("0", "90", "1000000", "9007199254740992"),
    "entity_type": ("1130", "1152", "2000", "9500"),
    "business_scope": ("无",),
    "contact_ref": ("p-2",),
    "agent_ref": ("a-2",),
    "head_uscc": ("91510117YY0000028G",),
}
"""What a particular may have become."""
NUMBERS = {
    "reach": (0, 9_999, 10_000),
    "rescue_minutes": (0, 30, 31, 90),
    "insured": (0, 1, 3, 7, 100),
    "level": (1, 2, 3),
    "report_year": (2023, 2024, 2025),
    "share_ppm": (0, 500_000, 1_000_000),
}
"""Whole numbers on both sides of where it matters; other counts are few."""
MAY_BE_EMPTY = frozenset(
    {
        *("listing_removed.listing_fact_id", "deregistration_withdrawn.announcement_fact_id"),
        *("disclosure_made.missed_fact_id", "individual_restored.mark_fact_id"),
        *("defaulter_removed.defaulter_fact_id", "commitment_breached.commitment_fact_id"),
        *("equipment_inspected.registration_fact_id", "equipment_retired.registration_fact_id"),
    }
)
"""References that a fact may leave out."""
