/* Importing the hall's history: upload, progress, and which rows were refused. */
import { get, post } from "../shared/hall/api.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon, show } from "../shared/shell/view.js";
import { whileBusy } from "../shared/form/form.js";
import { count, share, whenWords } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { importFault, IMPORT_STATES, IMPORT_TONES, refusalWords } from "./import-words.js";
import { failed, loading } from "../shared/shell/states.js";
import { toastProblem } from "../shared/shell/toast.js";
import { download, upload } from "../shared/hall/transfer.js";
import { problemTitle } from "../shared/words/codes.js";

const LOOK_EVERY_MS = 1_500;
const AGAIN_AFTER_MS = 5_000;
const OPEN = ["queued", "running"];
const LISTED = 20;
const IMPORTED = "import";

const meter = (label, value) =>
  h("div", { class: "progress-row" }, h("span", {}, label), h("progress", { class: "progress", max: 1, "aria-label": label, value: value ?? undefined }),
    h("span", { class: "number" }, value === null ? "" : share(value, 0)));

const figure = (name, value) => h("div", {}, h("dt", { class: "quiet" }, name), h("dd", { class: "import-figure number" }, count(value)));

function refusedTable({ refused }) {
  return h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": t("未导入的行") }, h("table", { class: "table", id: "refused" },
    h("caption", { class: "table-caption" }, t("未导入的行")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "figure-cell" }, t("行号")), h("th", { scope: "col" }, t("办件编号")), h("th", { scope: "col" }, t("原因")))),
    h("tbody", {}, refused.map(({ line, reason, key }) => h("tr", {}, h("th", { scope: "row", class: "figure-cell number" }, count(line)), h("td", { class: "number" }, key ?? "—"), h("td", {}, refusalWords(reason)))))));
}

function refusedFile({ id }) {
  const name = `refused-${id}.csv`;
  const fetchFile = ({ currentTarget }) => whileBusy(currentTarget, () => download(`imports/${id}/refused`, {}, { name, told: () => {} }).catch(toastProblem));
  return h("p", {}, h("button", { type: "button", class: "button", id: "refused-file", onclick: fetchFile }, icon("document"), t("下载未导入的行")));
}

/** Calls an import off and shows what has become of it. */
function cancelButton({ id }, again) {
  const cancel = ({ currentTarget }) => whileBusy(currentTarget, () => post(`imports/${encodeURIComponent(id)}/cancel`).then(again, toastProblem));
  return h("p", {}, h("button", { type: "button", class: "button", id: "import-cancel", onclick: cancel }, icon("close"), t("取消导入")));
}

/** Asks whether an import is to be taken back as a whole, and has it done. */
function takeBackButton({ id, file_name: name, rows_taken: taken }, again) {
  const ask = () =>
    openDialog({
      title: t("撤回这次导入？"), danger: true, submitText: t("撤回"),
      body: h("p", {}, t("“{name}”导入的 {count} 行将从统计中删去；系统后来自行登记的办件保留。已定稿的报表不变。", { name, count: count(taken) })),
      submit: () => post(`imports/${encodeURIComponent(id)}/take-back`).then(again, toastProblem),
    });
  return h("p", {}, h("button", { type: "button", class: "button", id: "import-take-back", onclick: ask }, icon("repeat"), t("撤回这次导入")));
}

function takenBack({ take_back_at: asked, taken_back_at: done, rows_removed: removed }) {
  if (!asked) return null;
  return h("p", { class: "notice", id: "taken-back" }, icon("repeat"), h("span", {}, done ? t("{when} 已撤回，删去 {count} 行。", { when: whenWords(done), count: count(removed) }) : t("正在撤回……")));
}

function stateOf(work, again) {
  const { state, rows_taken: taken, rows_known: known, rows_refused: refused } = work;
  return h("section", { class: "card chart-card import-state", "data-state": state, "aria-labelledby": "import-title" },
    h("h2", { class: "chart-title", id: "import-title" }, work.file_name, " ", h("span", { class: `tag ${IMPORT_TONES[state] ?? ""}` }, IMPORT_STATES[state] ?? state)),
    OPEN.includes(state) && meter(t("正在导入"), work.progress),
    OPEN.includes(state) && h("p", { class: "quiet" }, t("已读取 {count} 行", { count: count(work.lines_read) })),
    OPEN.includes(state) && cancelButton(work, again),
    takenBack(work),
    state === "failed" && h("p", { class: "notice bad" }, icon("alert"), h("span", {}, importFault(work))),
    h("dl", { class: "import-figures" }, figure(t("已导入"), taken), figure(t("早已在册"), known), figure(t("未导入"), refused)),
    work.may_be_taken_back && takeBackButton(work, again),
    refused > 0 && refusedFile(work),
    work.refused.length > 0 && refusedTable(work),
    work.refused.length < refused && h("p", { class: "quiet" }, t("只列出前 {shown} 行，共 {count} 行未导入。", { shown: count(work.refused.length), count: count(refused) })));
}

/** Show the import in `panel`; returns how to leave. */
export function importView(panel) {
  let work = null; /* the import that is looked at, once it is known */
  let problem = null;
  let looking = false;
  let progress = null;
  let rows = [];
  let turn = 0;
  let planned = null;

  const keep = (id) => {
    const query = new URLSearchParams(location.search);
    query.set(IMPORTED, id);
    window.history.replaceState(null, "", `?${query}${location.hash}`);
  };

  function lookedAt() {
    if (problem) return failed(problem.error, () => follow(problem.id));
    if (work) return stateOf(work, () => follow(work.id));
    return looking && loading();
  }

  const paint = () => show(panel,
    h("form", { class: "card chart-card import-form", onsubmit },
      h("h2", { class: "chart-title" }, t("导入历史办件")),
      h("p", { class: "quiet", id: "file-hint" }, t("CSV 文件（可用 gzip 压缩），第一行为列名：number、item、accepted_at、due_on、decided_at、origin，另可有 outcome（granted 准予、refused 不予）。重复导入同一文件不会重复计数。")),
      h("div", { class: "field" }, h("label", { for: "file" }, t("文件")),
        h("input", { class: "input", type: "file", id: "file", name: "file", accept: ".csv,.gz,text/csv", required: true, "aria-describedby": "file-hint" })),
      h("button", { type: "submit", class: "button primary" }, icon("document"), t("上传并导入")),
      h("div", { role: "status" }, progress)),
    h("div", { id: "import", "aria-live": "polite" }, lookedAt()),
    h("div", { id: "imports" }, rows.length > 0 && imports()));

  const onsubmit = (event) => {
    event.preventDefault();
    const { file } = event.target.elements;
    whileBusy(event.target.querySelector("[type=submit]"), () => send(file.files[0]));
  };

  /** Look at an import until it has ended. */
  async function follow(id) {
    clearTimeout(planned);
    const own = (turn += 1);
    try {
      const found = await get(`imports/${encodeURIComponent(id)}`);
      if (own !== turn) return;
      [work, problem] = [found, null];
      paint();
      if (OPEN.includes(work.state) || (work.take_back_at && !work.taken_back_at)) planned = setTimeout(() => follow(id), LOOK_EVERY_MS);
      else showHistory();
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      if (error.unanswered && work) planned = setTimeout(() => follow(id), AGAIN_AFTER_MS);
      else problem = { error, id };
      paint();
    }
  }

  function start(id) {
    keep(id);
    [work, problem, looking] = [null, null, true];
    paint();
    follow(id);
  }

  function tell(words) {
    progress = words;
    paint();
  }

  async function send(file) {
    const told = (sent, total) => tell(meter(t("正在上传"), total ? sent / total : null));
    told(0, file.size);
    try {
      const { id } = await upload("imports/cases", file, { told });
      tell(null);
      start(id);
    } catch (error) {
      if (error.status === 401) return;
      const words = [error.errors].filter(Boolean).flatMap((errors) => Object.values(errors)).flat().join(" ");
      tell(h("p", { class: "notice bad", role: "alert" }, icon("alert"), h("span", {}, [problemTitle(error), error.detail, words].filter(Boolean).join(" "))));
    }
  }

  async function showHistory() {
    const { items } = await get("imports", { limit: LISTED }).catch(() => ({ items: rows })); /* an extra: without it a file can still be imported */
    rows = items;
    paint();
  }

  const imports = () => h("section", { class: "card chart-card", "aria-labelledby": "imports-title" }, h("h2", { class: "chart-title", id: "imports-title" }, t("以往的导入")),
    h("div", { class: "table-wrap" }, h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, t("以往的导入")),
      h("thead", {}, h("tr", {}, [t("时间"), t("文件"), t("状态"), t("已导入"), t("未导入")].map((name, index) => h("th", { scope: "col", class: index > 2 ? "figure-cell" : null }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", { key: row.id },
        h("td", { class: "number nowrap" }, whenWords(row.requested_at)),
        h("th", { scope: "row" }, h("button", { type: "button", class: "link-button", onclick: () => start(row.id) }, row.file_name)),
        h("td", {}, row.taken_back_at
          ? h("span", { class: "tag" }, t("已撤回"))
          : h("span", { class: `tag ${IMPORT_TONES[row.state] ?? ""}` }, IMPORT_STATES[row.state] ?? row.state)),
        h("td", { class: "figure-cell number" }, count(row.rows_taken)), h("td", { class: "figure-cell number" }, count(row.rows_refused))))))));

  paint();
  showHistory();
  const earlier = new URLSearchParams(location.search).get(IMPORTED);
  if (earlier) start(earlier);
  return () => {
    turn += 1;
    clearTimeout(planned);
  };
}
