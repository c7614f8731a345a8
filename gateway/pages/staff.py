"""The pages that staff work at, in the order of their links, and whose roles each is for."""

from flask_babel import gettext

STAFF_PAGES = (
    ("/operator", "headset", "电话预约台", ("operator",)),
    ("/messages", "message", "短信", ("operator", "manager")),
    ("/planning", "calendar", "号源与延时", ("manager",)),
    ("/field", "pin", "外勤路线", ("crew",)),
    ("/dispatch", "route", "上门调度", ("dispatcher", "manager")),
    ("/overview", "pulse", "运行总览", ("manager", "analyst")),
    ("/dashboard", "chart", "统计看板", ("manager", "analyst")),
    ("/reports", "document", "统计报表", ("manager", "analyst")),
    ("/anomalies", "alert", "异常核查", ("manager", "analyst", "clerk")),
    ("/quality", "heart", "服务质量", ("manager", "analyst")),
    ("/joint", "joint", "协同办理", ("clerk", "operator", "manager", "analyst")),
    ("/catalogue", "table", "事项管理", ("admin",)),
    ("/accounts", "person", "账号管理", ("admin",)),
    ("/audit", "search", "操作记录", ("admin",)),
)


def links() -> list[dict[str, object]]:
    """Return these links in the language of this request; their titles are those of the pages' templates."""
    return [
        {"path": path, "icon": icon, "text": gettext(title), "roles": roles}
        for path, icon, title, roles in STAFF_PAGES
    ]
