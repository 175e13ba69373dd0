"""The source systems of the fictional city, as ingestion registers them."""

REGISTRY = "demo-registry"
PUBLICITY = "demo-publicity"
BUREAU = "demo-bureau"
HOTLINE = "demo-12315"

CITY_SOURCES = {
    REGISTRY: "虚构市登记机关 Fictional registry",
    PUBLICITY: "虚构市信息公示系统 Fictional publicity system",
    BUREAU: "虚构市市场监督管理局 Fictional market supervision bureau",
    HOTLINE: "虚构市12315 Fictional complaints hotline",
}
