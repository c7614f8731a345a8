/* The hall's tables as one workbook: fetched, filled in, checked, and loaded. */
import { get, post } from "../shared/hall/api.js";
import { download, upload } from "../shared/hall/transfer.js";
import { openDialog } from "../shared/shell/dialog.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { failed, loading } from "../shared/shell/states.js";
import { toastProblem } from "../shared/shell/toast.js";
import { h, icon, show } from "../shared/shell/view.js";
import { whileBusy } from "../shared/form/form.js";
import { problemTitle } from "../shared/words/codes.js";
import { share } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";
import { changesNothing, found } from "./found.js";
import { STATES, TONES } from "./words.js";

const LOOK_EVERY_MS = 1_000;
const AGAIN_AFTER_MS = 5_000;
const GOING = ["uploading", "checking", "applying"];
const MAY_END = ["uploading", "checking", "checked"];
const JOB = "job";

const jobPath = (id, act = "") => `workbook/${encodeURIComponent(id)}${act}`;

function fetchButton(id, name, text, query) {
  const fetchFile = ({ currentTarget }) => whileBusy(currentTarget, () => download("workbook", query, { name }).catch(toastProblem));
  return h("button", { type: "button", class: "button", id, onclick: fetchFile }, icon("document"), text);
}

function run(main) {
  let job = null; /* the workbook that is looked at, once it is known */
  let problem = null;
  let looking = false;
  let said = null;
  let planned = null;
  let turn = 0;

  const command = (act) => ({ currentTarget }) =>
    whileBusy(currentTarget, () => post(jobPath(job.id, act)).then((now) => follow(now.id), toastProblem));

  const askToLoad = () => openDialog({
    title: t("载入这个工作簿？"),
    body: h("p", {}, t("载入后立即生效。受影响的人会收到短信。")),
    submitText: t("载入"),
    submit: () => post(jobPath(job.id, "/apply")).then(() => follow(job.id), toastProblem),
  });

  const deeds = () => h("div", { class: "workbook-deeds" },
    job.state === "checked" && !changesNothing(job) && h("button", { type: "button", class: "button primary", id: "apply", onclick: askToLoad }, icon("check"), t("载入")),
    MAY_END.includes(job.state) && h("button", { type: "button", class: "button", id: "cancel", onclick: command("/cancel") }, icon("close"), t("放弃")));

  function lookedAt() {
    if (problem) return failed(problem.error, () => follow(problem.id));
    if (!job) return looking && loading();
    return h("section", { class: "workbook-found", "data-state": job.state, "aria-labelledby": "found-title" },
      h("h2", { class: "workbook-title", id: "found-title" }, job.file_name, " ", h("span", { class: `tag ${TONES[job.state] ?? ""}` }, STATES[job.state] ?? job.state)),
      found(job),
      deeds());
  }

  const paint = () => show(main, h("div", { class: "workbook-page" },
    h("h1", { class: "page-title" }, t("大厅资料")),
    h("div", { class: "workbook-ways" },
      h("section", { class: "card workbook-card", "aria-labelledby": "fetch-title" },
        h("h2", { class: "workbook-title", id: "fetch-title" }, t("1. 下载工作簿")),
        h("p", { class: "quiet" }, t("一个 XLSX 工作簿装着大厅的全部资料，一张工作表是一张表。模板带有下拉选项、填写说明和示例；也可以下载现有资料，在上面修改。")),
        h("div", { class: "workbook-deeds" },
          fetchButton("template", "hall-template.xlsx", t("下载空白模板"), { template: 1 }),
          fetchButton("there", "hall.xlsx", t("下载现有资料"), {}))),
      h("form", { class: "card workbook-card", onsubmit: check },
        h("h2", { class: "workbook-title" }, t("2. 上传填好的工作簿")),
        h("p", { class: "quiet", id: "file-hint" }, t("先只检查：列出每一处错误，或者会改变什么、影响到谁。您确认以后才载入。")),
        h("div", { class: "field" }, h("label", { for: "file" }, t("工作簿")),
          h("input", { class: "input", type: "file", id: "file", name: "file", accept: ".xlsx", required: true, "aria-describedby": "file-hint" })),
        h("div", { class: "workbook-deeds" }, h("button", { type: "submit", class: "button primary" }, icon("search"), t("上传并检查"))),
        h("div", { role: "status" }, said))),
    h("div", { id: "found", "aria-live": "polite" }, lookedAt())));

  function tell(words) {
    said = words;
    paint();
  }

  /** Look at a workbook until it has come to rest. */
  async function follow(id) {
    clearTimeout(planned);
    const own = (turn += 1);
    try {
      const now = await get(jobPath(id));
      if (own !== turn) return;
      [job, problem] = [now, null];
      if (GOING.includes(job.state)) planned = setTimeout(() => follow(id), LOOK_EVERY_MS);
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      if (error.unanswered && job) planned = setTimeout(() => follow(id), AGAIN_AFTER_MS);
      else problem = { error, id };
    }
    paint();
  }

  function start(id) {
    window.history.replaceState(null, "", `?${new URLSearchParams({ [JOB]: id })}`);
    [job, problem, looking] = [null, null, true];
    tell(null);
    follow(id);
  }

  async function send(file) {
    try {
      const { id } = await upload("workbook", file, { fields: { dry_run: "1" }, told: (sent, total) => tell(t("已上传 {share}", { share: share(sent / total, 0) })) });
      start(id);
    } catch (error) {
      if (error.status === 401) return;
      const words = Object.values(error.errors ?? {}).flat().join(" ");
      tell(h("p", { class: "notice bad" }, icon("alert"), h("span", {}, [problemTitle(error), words].filter(Boolean).join(" "))));
    }
  }

  function check(event) {
    event.preventDefault();
    const { target: form } = event;
    whileBusy(form.querySelector("[type=submit]"), () => send(form.elements.file.files[0]));
  }

  paint();
  const earlier = new URLSearchParams(location.search).get(JOB);
  if (earlier) start(earlier);
  return () => {
    turn += 1;
    clearTimeout(planned);
  };
}

openStaffPage({ title: t("大厅资料"), account: "admin", run });
