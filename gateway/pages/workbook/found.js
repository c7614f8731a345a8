/* What came of a workbook: its faults, what it changes and whom that touches, how far it is loaded. */
import { tableCard } from "../shared/form/parts.js";
import { effectsNotice } from "../shared/hall/effects.js";
import { h, icon } from "../shared/shell/view.js";
import { count } from "../shared/words/format.js";
import { language, t } from "../shared/words/i18n.js";
import { effectWords, failureWords, KINDS, STEPS, TABLES } from "./words.js";

const FURTHER = "further_faults"; /* there are more than are listed */

const notice = (tone, name, ...words) => h("p", { class: `notice ${tone}`, role: "status" }, icon(name), h("span", {}, words));

const reasonOf = ({ reason, reason_en: english }) => (language === "zh" ? reason : english);

const faultRow = (fault, index) =>
  h("tr", { key: index },
    h("th", { scope: "row", class: "workbook-sheet" }, fault.sheet || t("整个文件")),
    h("td", { class: "figure-cell number" }, fault.row ?? "—"),
    h("td", {}, fault.column ? h("code", {}, fault.column) : "—"),
    h("td", { class: "workbook-reason" }, reasonOf(fault)));

function faults({ faults: all }) {
  const listed = all.filter(({ code }) => code !== FURTHER);
  const further = all.find(({ code }) => code === FURTHER);
  return [
    notice("bad", "alert", t("有 {count} 处错误，什么都没有载入。请在工作簿里改好，再上传一次。", { count: count(listed.length) })),
    tableCard(t("错误"), [t("工作表"), [t("行"), "figure-cell"], t("列"), t("原因")], listed.map(faultRow)),
    further && h("p", { class: "quiet" }, reasonOf(further)),
  ];
}

const figure = (value) => h("td", { class: "figure-cell number" }, value ? count(value) : "—");

const tableRow = ([name, { added, changed, ends, kept, unchanged }]) =>
  h("tr", { key: name, "data-table": name }, h("th", { scope: "row" }, TABLES[name] ?? name), [added, changed, ends, kept, unchanged].map(figure));

const rowWords = ({ key, columns }) => (columns.length ? t("{key}（{columns}）", { key, columns: columns.join(", ") }) : key);

/** The rows of a table that change, by what becomes of them. */
const rowsOf = ([name, { rows, ...counts }]) =>
  h("details", { key: name, class: "card workbook-rows" },
    h("summary", {}, TABLES[name] ?? name),
    Object.keys(KINDS).filter((kind) => counts[kind]).map((kind) => {
      const known = rows.filter((row) => row.kind === kind);
      return known.length > 0 && h("p", {}, h("strong", {}, t("{kind} {count} 行：", { kind: KINDS[kind], count: count(counts[kind]) })),
        h("span", { class: "workbook-keys" }, known.map(rowWords).join("、"), known.length < counts[kind] && "…"));
    }));

const touching = (effect, index) =>
  h("section", { key: index, class: "workbook-effect" }, h("h4", { class: "workbook-small" }, effectWords(effect)), effectsNotice(effect));

export const changesNothing = ({ changes }) => !Object.values(changes ?? {}).some(({ added, changed, ends }) => added || changed || ends);

function differences(job) {
  const tables = Object.entries(job.changes ?? {}).filter(([, { added, changed, ends, kept, unchanged }]) => added || changed || ends || kept || unchanged);
  const told = tables.filter(([, { rows }]) => rows.length);
  const heads = [...Object.values(KINDS), t("不变")].map((text) => [text, "figure-cell"]);
  return [
    tableCard(t("会改变什么"), [t("表"), ...heads], tables.map(tableRow)),
    told.map(rowsOf),
    h("h3", { class: "workbook-small" }, t("影响到谁")),
    job.effects?.length ? job.effects.map(touching) : notice("good", "check", t("没有预约、号码、上门申请和在办件受影响。")),
  ];
}

const checked = (job) => [
  job.hall_changed && notice("warn", "alert", t("您看过以后，大厅又有了改动：下面是现在的不同，请重新看一遍再载入。")),
  changesNothing(job)
    ? notice("good", "check", t("与现有资料一致，没有要载入的。"))
    : notice("warn", "info", t("检查无误，还没有载入。请看清楚会改变什么、影响到谁，再载入。")),
  differences(job),
];

const step = ({ step: name, done }) =>
  h("li", { key: name, class: done ? "done" : "", "data-step": name }, icon(done ? "check" : "clock"), h("span", {}, STEPS[name] ?? name));

const steps = (job) => h("ol", { class: "workbook-steps" }, job.steps.map(step));

function applying(job) {
  const done = job.steps.filter((each) => each.done).length;
  return [
    h("progress", { class: "progress", max: job.steps.length, value: done, "aria-label": t("正在载入") }),
    h("p", { class: "quiet" }, t("已完成 {done} / {all} 步。可以离开本页，载入会继续。", { done, all: job.steps.length })),
    steps(job),
  ];
}

const applied = () => [
  notice("good", "check", t("资料已载入，各页面即可使用。")),
  h("p", {}, t("窗口人员的第一个密码在账号管理里给出。"), " ", h("a", { href: "/accounts" }, t("账号管理"))),
];

const checking = () => [
  h("progress", { class: "progress", "aria-label": t("正在检查") }),
  h("p", { class: "quiet" }, t("正在检查每一张表，并与现有资料比较。")),
];

const VIEWS = {
  uploading: checking,
  checking,
  faulty: faults,
  checked,
  applying,
  applied,
  failed: ({ failure }) => notice("bad", "alert", failureWords(failure)),
  cancelled: () => notice("", "info", t("已放弃，什么都没有载入。")),
};

/** What came of a workbook. */
export const found = (job) => VIEWS[job.state]?.(job);
