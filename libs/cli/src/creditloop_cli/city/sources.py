"""The source systems of the fictional city, as ingestion registers them."""

REGISTRY = "demo-registry"
PUBLICITY = "demo-publicity"
BUREAU = "demo-bureau"
HOTLINE = "demo-12315"
APPROVALS = "demo-approvals"
QUALITY = "demo-quality"
EQUIPMENT = "demo-equipment"
MONITORING = "demo-monitoring"

CITY_SOURCES = {
    REGISTRY: "虚构市登记机关 Fictional registry",
    PUBLICITY: "虚构市信息公示系统 Fictional publicity system",
    BUREAU: "虚构市市场监督管理局 Fictional market supervision bureau",
    HOTLINE: "虚构市12315 Fictional complaints hotline",
    APPROVALS: "虚构市行政审批局 Fictional approvals office",
    QUALITY: "虚构市产品质量监督检验所 Fictional product testing institute",
    EQUIPMENT: "虚构市特种设备检验所 Fictional equipment inspection institute",
    MONITORING: "虚构市广告价格监测中心 Fictional monitoring centre",
}
