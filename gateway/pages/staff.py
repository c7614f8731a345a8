"""The pages that staff work at, in the order of their links, and for whom each is.

A page is for whoever may do one of its operations of the API: those that tell who works there from who does not. One
without any is for everybody who is signed in, and has its place beside the account's name.
"""

from flask_babel import gettext

STAFF_PAGES = (
    ("/inbox", "list", "我的待办", ()),
    ("/operator", "headset", "电话预约台", ("get_person_history",)),
    ("/messages", "message", "短信", ("list_messages",)),
    ("/planning", "calendar", "号源与延时", ("save_slot_plan",)),
    ("/closures", "pause", "停办安排", ("announce_closure",)),
    ("/field", "pin", "外勤路线", ("depart",)),
    ("/dispatch", "route", "上门调度", ("list_plans",)),
    ("/overview", "pulse", "运行总览", ("list_evaluations",)),
    ("/dashboard", "chart", "统计看板", ("get_overtime_figures",)),
    ("/reports", "document", "统计报表", ("get_report",)),
    ("/anomalies", "alert", "异常核查", ("list_anomalies",)),
    (
        "/quality",
        "heart",
        "服务质量",
        ("list_evaluations", "list_commendations", "get_assessment", "list_meetings"),
    ),
    ("/joint", "joint", "协同办理", ("list_joint_cases",)),
    ("/catalogue", "table", "事项管理", ("add_item",)),
    ("/premises", "building", "大厅设置", ("change_department",)),
    ("/workbook", "document", "大厅资料", ("get_hall_workbook",)),
    ("/accounts", "person", "账号管理", ("list_accounts", "list_kiosks", "list_roles")),
    ("/audit", "search", "操作记录", ("list_audit",)),
)


def links() -> list[dict[str, object]]:
    """Return these links in the language of this request; their titles are those of the pages' templates."""
    return [
        {"path": path, "icon": icon, "text": gettext(title), "operations": operations}
        for path, icon, title, operations in STAFF_PAGES
    ]
