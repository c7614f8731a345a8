/* A report's downloads and its editions. */
import { command, list } from "../shared/hall/api.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon, show } from "../shared/shell/view.js";
import { field, tellErrors, whileBusy } from "../shared/form/form.js";
import { count, share, whenWords } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { select, tool } from "../shared/form/controls.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { download } from "../shared/hall/transfer.js";
import { problemTitle } from "../shared/words/codes.js";

const FORMATS = { xlsx: t("Excel 工作簿"), docx: t("Word 文档") };
const EDITIONS_AT_ONCE = 500;

const progressWords = (received, total) =>
  total ? t("已下载 {percent}%", { percent: Math.floor((received / total) * 100) }) : t("已下载 {size} KB", { size: count(Math.ceil(received / 1024)) });

/** How far a document is that is made beside the service, and how many are made before it. */
function makingMeter(name, { state, progress, ahead }) {
  const queued = state === "queued";
  const waits = ahead ? t("{format}在排队，前面还有 {count} 份", { format: name, count: count(ahead) }) : t("{format}在排队，马上开始生成", { format: name });
  const words = queued ? waits : t("正在生成{format}…", { format: name });
  return h("span", { class: "progress-row" }, h("span", {}, words), h("progress", { class: "progress", max: 1, "aria-label": words, value: queued ? undefined : progress, key: state }),
    h("span", { class: "number" }, queued ? "" : share(progress, 0)));
}

/** Buttons that download a report; the line below them says how far it is. */
export function downloads(choice) {
  async function fetchFile(format, status) {
    const say = (...words) => show(status, words);
    say(t("正在生成{format}…", { format: FORMATS[format] }));
    const { kind, period, department, edition } = choice;
    const told = (received, total) => say(progressWords(received, total));
    const making = (document) => say(makingMeter(FORMATS[format], document));
    try {
      await download(`reports/${kind}`, { period, department, edition, format }, { name: `${kind}-${period}.${format}`, told, making });
      say(icon("check"), t("{format}已下载", { format: FORMATS[format] }));
    } catch (error) {
      say(h("span", { class: "tag bad" }, icon("alert"), problemTitle(error)));
      if (error.status !== 401) toastProblem(error);
    }
  }

  const fetched = (format) => ({ currentTarget }) =>
    whileBusy(currentTarget, () => fetchFile(format, currentTarget.closest(".downloads").querySelector(".download-status")));
  return h("div", { class: "downloads" },
    h("div", { class: "download-buttons" }, Object.keys(FORMATS).map((format) =>
      h("button", { type: "button", class: "button primary", "data-format": format, onclick: fetched(format) }, icon("document"), FORMATS[format]))),
    h("p", { class: "quiet download-status", id: "download-status", role: "status" })); /* shows itself */
}

/** The editions of a report, the newest first. */
export async function editionsOf({ kind, period, department }) {
  const rows = await list("reports", { kind, limit: EDITIONS_AT_ONCE });
  return rows.filter((row) => row.period === period && (row.department ?? "") === department).sort((one, other) => other.edition - one.edition);
}

/** Which edition is shown, and making a new one. `chosen(edition)` hears a choice. */
export function editionTools(choice, report, editions, chosen) {
  if (!report.period.over) return h("p", { class: "notice" }, icon("info"), h("span", {}, t("统计期尚未结束，数字仍会变化；结束后首次查看即定稿。")));
  const shown = editions.some(({ edition }, index) => index && String(edition) === choice.edition) ? choice.edition : "";
  const options = editions.map(({ edition, made_at: at }, index) => h("option", { value: index ? edition : "" }, t("第 {edition} 版 · {at}", { edition, at: whenWords(at) })));
  const own = editions.find(({ edition }) => edition === report.edition);
  return h("div", { class: "editions" },
    editions.length > 0 && tool(t("版次"), select("edition", options, shown, chosen)),
    h("button", { type: "button", class: "button", id: "new-edition", onclick: () => askForEdition(choice, () => chosen("")) }, icon("repeat"), t("更正并重新定稿")),
    own?.reason && h("p", { class: "quiet" }, t("更正原因：{reason}", { reason: own.reason })));
}

function askForEdition({ kind, period, department }, made) {
  openDialog({
    title: t("更正并重新定稿"),
    body: [h("p", {}, t("按现有数据重新计算，成为新的一版；以前的各版保留，不再改变。")), field(t("更正原因"), h("textarea", { class: "input", name: "reason", rows: 3, maxlength: 500, required: true, autofocus: true }))],
    submitText: t("重新定稿"),
    submit: async (form) => {
      const reason = form.elements.reason.value.trim();
      if (!tellErrors(form, { reason: reason ? "" : t("请写明原因。") })) return false;
      try {
        const { edition } = await command(`reports/${kind}/editions`, { period, department: department || null, reason });
        toast(t("已定稿为第 {edition} 版", { edition }));
        made();
        return true;
      } catch (error) {
        toastProblem(error);
        return false;
      }
    },
  });
}
