"""The text of a report, in the style of such reports; what has no figure is not said."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.statistics.reports.rendering import exhibits, wording
from services.statistics.reports.rendering.blocks import Block, Heading, Paragraph
from services.statistics.reports.rendering.telling import Teller

NUMERALS = "一二三四五六七八九十"
FULL_NAME = "预约服务、延时服务和上门服务（以下简称三项服务）"
TOP = 5
# Below it a department's growth says little.
WEIGHTY_SHARE = 0.01


class Writer:
    """Writes one report; its figures are taken down by the teller."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        """Write about a report."""
        self.report = report
        self.teller = Teller(report)
        self.tables: Mapping[str, list[Mapping[str, Any]]] = report["tables"]
        self.whole_hall = report["department"] is None
        self.who = "大厅" if self.whole_hall else report["department"]["name"]
        self.span = wording.WHOLE[report["kind"]]

    def blocks(self) -> list[Block]:
        """Return the report: its chapters with what there is to say in them."""
        chapters = {
            "annual": self._annual,
            "quarterly": self._quarterly,
            "monthly": self._brief,
            "daily": self._brief,
        }
        made: list[Block] = list(self._paragraphs(self._opening()))
        number = 0
        for heading, sections in chapters[self.report["kind"]]():
            body = self._sections(sections)
            if body:
                made += [Heading(1, f"{NUMERALS[number]}、{heading}"), *body]
                number += 1
        return made

    def _annual(self) -> Iterator[tuple[str, list[tuple[str, list[Block]]]]]:
        yield (
            "主要亮点",
            [
                (
                    "业务办理情况",
                    self._paragraphs(self._size(), self._volume(), self._since(), self._praise()),
                ),
                ("三项服务开展情况", self._paragraphs(self._three(), self._three_split())),
                ("跨部门协同办理情况", self._paragraphs(self._joint())),
                ("服务评价情况", self._paragraphs(self._evaluations())),
            ],
        )
        yield "业务运行情况", self._running()
        yield "做好统计分析", self._analysis()

    def _quarterly(self) -> Iterator[tuple[str, list[tuple[str, list[Block]]]]]:
        yield (
            "总体情况",
            [
                ("业务受理情况", self._paragraphs(self._size(), self._volume(), self._since())),
                ("三项服务开展情况", self._paragraphs(self._three(), self._three_split())),
                ("跨部门协同办理情况", self._paragraphs(self._joint())),
                ("服务质量情况", self._paragraphs(self._evaluations(), self._praise())),
            ],
        )
        yield "业务运行分析", self._running()
        yield "数据异常变动与跟踪", self._analysis()

    def _brief(self) -> Iterator[tuple[str, list[tuple[str, list[Block]]]]]:
        yield "受理情况", [("", self._paragraphs(self._volume(), self._three(), self._three_split()))]
        yield "业务分布", self._running()
        yield "服务质量与异常变动", [("", [*self._paragraphs(self._evaluations(), self._praise())])]
        yield "数据异常变动", self._analysis()

    def _running(self) -> list[tuple[str, list[Block]]]:
        return [
            ("分月受理情况", [*self._paragraphs(self._months()), *exhibits.months(self.report)]),
            ("逐日受理情况", [*self._paragraphs(self._days()), *exhibits.days(self.report)]),
            ("各单位受理情况", [*self._paragraphs(self._departments()), *exhibits.departments(self.report)]),
            ("主要事项受理情况", [*self._paragraphs(self._items()), *exhibits.items(self.report)]),
            ("受理时段分布", [*self._paragraphs(self._hours()), *exhibits.hours(self.report)]),
            ("取号等候情况", self._paragraphs(self._waits())),
            ("三项服务分单位情况", exhibits.three_services(self.report)),
            ("表扬信、锦旗和牌匾", exhibits.praise(self.report)),
        ]

    def _analysis(self) -> list[tuple[str, list[Block]]]:
        return [("", [*self._paragraphs(self._anomalies()), *exhibits.anomalies(self.report)])]

    def _sections(self, sections: Sequence[tuple[str, list[Block]]]) -> list[Block]:
        found = [(heading, body) for heading, body in sections if body]
        made: list[Block] = []
        for number, (heading, body) in enumerate(found):
            if heading:
                made.append(Heading(2, f"（{NUMERALS[number]}）{heading}"))
            made += body
        return made

    def _paragraphs(self, *paragraphs: Sequence[str]) -> list[Block]:
        texts = ("".join(sentences) for sentences in paragraphs)
        return [Paragraph(text) for text in texts if text]

    def _opening(self) -> list[str]:
        if not self.report["cases_accepted"]:
            return [f"统计期内{self.who}没有业务受理记录。"]
        return [
            f"本报告依据大厅业务系统的记录编制，统计区间为{wording.period_line(self.report)}。"
            "文中各项数据及其统计口径，均可在文末“附：指标与统计口径”中逐项查对。"
        ]

    def _size(self) -> list[str]:
        say = self.teller.say
        if self.whole_hall:
            opening = say("目前，大厅共有进驻单位{departments}个，窗口工作人员{staff}名")
        else:
            opening = say(f"目前，{self.who}共有窗口工作人员{{staff}}名")
        before, items = self.report["items_before"], self.report["items"]
        if not items:
            return [f"{opening}。"]
        if before and before != items:
            verb = "增加" if items > before else "减少"
            return [opening, say(f"，进驻行政审批服务事项由{{items_before}}项{verb}到{{items}}项。")]
        return [opening, say("，进驻行政审批服务事项{items}项。")]

    def _volume(self) -> list[str]:
        if not self.report["cases_accepted"]:
            return []
        say = self.teller.say
        if self.report["kind"] == "daily":
            first = say(f"{{period.counted_to:short}}，{self.who}共受理业务{{cases_accepted}}件。")
        else:
            first = say(
                f"截至{{period.counted_to:short}}，{self.who}{self.span}共受理业务{{cases_accepted}}件，"
                "日均业务受理量{cases_per_working_day}件，"
                "单日最高受理业务{cases_peak_day}件（{cases_peak_date:short}）。"
            )
        return [
            first,
            say("办结业务{cases_decided}件，行政审批服务事项按时办结率{on_time_rate}。"),
            say("其中准予{cases_granted}件，不予许可{cases_refused}件。")
            if self.report.get("cases_refused")
            else "",
            self._change("before") if self.report["kind"] != "annual" else "",
            self._change("year_before"),
        ]

    def _change(self, which: str) -> str:
        key = f"comparison.{which}.cases_accepted"
        ratio = self.teller.value(f"{key}.ratio")
        if ratio is None:
            return ""
        earlier = {"before": "上期", "year_before": "上年同期"}[which]
        if not ratio:
            return f"与{earlier}相比，受理业务量基本持平。"
        more = wording.direction(ratio, "增加", "减少", "")
        grew = wording.direction(ratio, "增长", "下降", "")
        return self.teller.say(
            f"与{earlier}相比，受理业务量{more}{{{key}.difference}}件，{grew}{{{key}.ratio}}。"
        )

    def _since(self) -> list[str]:
        if not self.report["cases_cumulative"]:
            return []
        return [
            self.teller.say(f"自{{records_since}}运行以来，{self.who}累计受理业务{{cases_cumulative}}件。")
        ]

    def _praise(self) -> list[str]:
        kinds = (("letters", "表扬信", "封"), ("banners", "锦旗", "面"), ("plaques", "牌匾", "块"))
        parts = [f"{name}{{{key}}}{unit}" for key, name, unit in kinds if self.report[key]]
        if not parts:
            return []
        where = "大厅各进驻单位窗口" if self.whole_hall else f"{self.who}窗口"
        return [self.teller.say(f"{self.span}，{where}累计收到{'，'.join(parts)}。")]

    def _three(self) -> list[str]:
        if not self.report["three_services"]["cases"]:
            return []
        say = self.teller.say
        key = "three_services"
        since = "" if self.report["kind"] in ("daily", "monthly") else say(f"自{{{key}.since:month}}起，")
        overtime = (
            say(f"，共计加班{{{key}.overtime_hours}}小时") if self.report[key]["overtime_hours"] else ""
        )
        per_day = (
            ""
            if self.report["kind"] == "daily"
            else say(f"，日均业务受理量{{{key}.cases_per_working_day}}件")
        )
        return [
            self._covered(),
            say(
                f"{since}{self.who}通过{'三项服务' if self.whole_hall else FULL_NAME}共受理业务{{{key}.cases}}件，"
                f"占同期业务总量的{{{key}.share}}"
            ),
            f"{per_day}{overtime}。",
        ]

    def _covered(self) -> str:
        if not self.whole_hall:
            return ""
        key = "three_services"
        return self.teller.say(
            f"在进驻大厅的{{departments}}家单位中，{{{key}.departments}}家窗口单位开展了{FULL_NAME}，"
            f"占进驻单位总数的{{{key}.departments_share}}。"
        )

    def _three_split(self) -> list[str]:
        services = self.report["three_services"]["by_service"]
        parts = [
            f"{wording.ORIGINS[name]}{{three_services.by_service.{name}}}件"
            for name, cases in services.items()
            if cases
        ]
        return [self.teller.say(f"其中，{'，'.join(parts)}。")] if parts else []

    def _evaluations(self) -> list[str]:
        if not self.report["evaluations"]:
            return []
        return [
            self.teller.say(
                f"{self.span}，{self.who}共收到办事群众服务评价{{evaluations}}次，好评率{{positive_rate}}。"
            )
        ]

    def _months(self) -> list[str]:
        rows = self.tables["by_month"]
        if len(rows) < 2:
            return []
        most = max(range(len(rows)), key=lambda nth: rows[nth]["cases"])
        least = min(range(len(rows)), key=lambda nth: rows[nth]["cases"])
        return [
            self.teller.say(
                f"从各月情况看，{{tables.by_month.{most}.month}}受理业务量最大，为{{tables.by_month.{most}.cases}}件；"
                f"{{tables.by_month.{least}.month}}受理业务量最小，为{{tables.by_month.{least}.cases}}件。"
            )
        ]

    def _days(self) -> list[str]:
        rows = [nth for nth, row in enumerate(self.tables["by_day"]) if row["working"] and row["cases"]]
        if len(rows) < 2:
            return []
        by_day = self.tables["by_day"]
        least = min(rows, key=lambda nth: by_day[nth]["cases"])
        return [
            self.teller.say(
                f"受理业务量最小的工作日为{{tables.by_day.{least}.day:short}}，受理{{tables.by_day.{least}.cases}}件。"
            )
        ]

    def _departments(self) -> list[str]:
        rows = self.tables["by_department"]
        if not self.whole_hall or not rows:
            return []
        top = [nth for nth, row in enumerate(rows[:TOP]) if row["cases"]]
        parts = [
            f"{{tables.by_department.{nth}.name}}（{{tables.by_department.{nth}.cases}}件，"
            f"占{{tables.by_department.{nth}.share}}）"
            for nth in top
        ]
        return [
            self.teller.say(f"受理业务量居前的单位依次为{'、'.join(parts)}。") if parts else "",
            *self._movers(rows),
        ]

    def _movers(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Say which of the larger departments grew and shrank most against the year before."""
        weighty = [
            nth
            for nth, row in enumerate(rows)
            if row["ratio"] is not None and (row["share"] or 0) >= WEIGHTY_SHARE
        ]
        if not weighty:
            return
        yield "与上年同期相比，在受理业务量占大厅总量百分之一以上的单位中，"
        key = "tables.by_department"
        most = max(weighty, key=lambda nth: rows[nth]["ratio"])
        least = min(weighty, key=lambda nth: rows[nth]["ratio"])
        if rows[most]["ratio"] > 0:
            yield self.teller.say(f"{{{key}.{most}.name}}增幅最大，增长{{{key}.{most}.ratio}}")
        else:
            yield "没有单位的受理业务量增长"
        if rows[least]["ratio"] < 0:
            yield self.teller.say(f"；{{{key}.{least}.name}}降幅最大，下降{{{key}.{least}.ratio}}。")
        else:
            yield "；没有单位的受理业务量下降。"

    def _items(self) -> list[str]:
        rows = self.tables["by_item"][:TOP]
        parts = [
            f"“{{tables.by_item.{nth}.name}}”{{tables.by_item.{nth}.cases}}件" for nth in range(len(rows))
        ]
        return [self.teller.say(f"受理业务量居前的事项依次为{'、'.join(parts)}。")] if parts else []

    def _hours(self) -> list[str]:
        rows = self.tables["by_hour"]
        if not rows:
            return []
        most = max(range(len(rows)), key=lambda nth: rows[nth]["cases"])
        key = f"tables.by_hour.{most}"
        return [self.teller.say(f"受理业务最集中的时段为{{{key}.hour}}，占受理业务总量的{{{key}.share}}。")]

    def _waits(self) -> list[str]:
        return [
            self.teller.say(
                f"{self.span}，{self.who}共叫号{{waits.tickets}}人次，等候时间中位数为{{waits.median_s}}，"
                "九成办事群众等候不超过{waits.p90_s}，十五分钟内叫号的比例为{waits.within_15_min}。"
            )
        ]

    def _joint(self) -> list[str]:
        # Editions that were fixed before it was counted have none.
        joint = self.report.get("joint_approval") or {}
        if not any(joint.values()):
            return []
        taking_part = (
            "共有{joint_approval.departments}家单位接入跨部门协同办理"
            if self.whole_hall
            else f"{self.who}参与跨部门协同办理"
        )
        return [
            self.teller.say(
                f"{self.span}，{taking_part}，发起协同办理项目{{joint_approval.opened}}个，"
                "办结{joint_approval.closed}个，期末在办{joint_approval.under_way}个。"
            )
        ]

    def _anomalies(self) -> list[str]:
        if not self.report["anomalies"]["detected"]:
            return []
        return [
            self.teller.say(
                "按照统计分析工作要求，对业务数据出现异常变动的进行跟踪、研究和反馈。"
                f"{self.span}共发现业务数据异常变动{{anomalies.detected}}项，其中已作出说明{{anomalies.explained}}项。"
            )
        ]
