/* The console's dialogs: transfer, accept a case, check in. */
import { get } from "../shared/hall/api.js";
import { departmentsByCode, queues } from "../shared/hall/directory.js";
import { openDialog } from "../shared/shell/dialog.js";
import { apart, h, show } from "../shared/shell/dom.js";
import { timeLimit, timeOf } from "../shared/words/format.js";
import { readCode } from "../shared/hall/holder.js";
import { named, t } from "../shared/words/i18n.js";
import { jointChoice } from "./joint.js";

const SEARCH_PAUSE_MS = 200;
const FOUND_AT_MOST = 30;
const LEAST_DIGITS = 4;
const MOST_WINDOWS = 200;
const TO_WINDOW = "window:"; /* before a window's code where queues are chosen from too */

const field = (label, id, control, error = null) => h("div", { class: "field" }, h("label", { for: id }, label), control, error);

/** The windows a visitor may be sent to: those of the department where somebody sits, but for one's own. */
async function seatedBeside(desk) {
  const { items } = await get("windows", { department: desk.window.department, limit: MOST_WINDOWS }).catch(() => ({ items: [] }));
  return items.filter(({ clerk, code }) => clerk && code !== desk.window.code);
}

/** Ask where a visitor goes on and why. */
export async function askTransfer(desk, ticket = desk.ticket) {
  const [all, departments, seated] = await Promise.all([queues(), departmentsByCode(), seatedBeside(desk)]);
  const groups = Map.groupBy
    ? Map.groupBy(all, (queue) => queue.department)
    : all.reduce((map, queue) => map.set(queue.department, [...(map.get(queue.department) ?? []), queue]), new Map());
  const ownFirst = [...groups].sort(([one], [other]) => (other === desk.window.department) - (one === desk.window.department));
  const select = h("select", { class: "input", id: "queue", name: "queue", autofocus: true, required: true },
    ownFirst.map(([department, rows]) =>
      h("optgroup", { label: named(departments.get(department)) || department },
        rows.filter((queue) => queue.code !== ticket.queue).map((queue) => h("option", { value: queue.code }, `${queue.prefix} · ${named(queue)}`)))),
    seated.length > 0 && h("optgroup", { label: t("本部门在岗窗口") },
      seated.map(({ code, clerk }) => h("option", { value: TO_WINDOW + code }, t("{window} 窗口 · {clerk}", { window: code, clerk })))));
  const error = h("p", { class: "field-error", id: "reason-error", role: "alert" });
  const reason = h("input", { class: "input", id: "reason", name: "reason", maxlength: 200, required: true, list: "reasons", autocomplete: "off", "aria-describedby": "reason-error" });
  const usual = [t("该事项由其他队列办理"), t("需要先办理前置事项"), t("取号时选错业务")];
  openDialog({
    title: t("转办 {number}", { number: ticket.number }),
    submitText: t("确定转办"),
    body: [
      h("p", { class: "quiet" }, t("号码和先后次序不变。")),
      field(t("转到"), "queue", select),
      field(t("原因"), "reason", reason, error),
      h("datalist", { id: "reasons" }, usual.map((text) => h("option", { value: text }))),
    ],
    submit: async () => {
      if (!reason.value.trim()) {
        error.textContent = t("请写明原因。");
        reason.setAttribute("aria-invalid", "true");
        reason.focus();
        return false;
      }
      const place = select.value.startsWith(TO_WINDOW) ? { window: select.value.slice(TO_WINDOW.length) } : { queue: select.value };
      return (await desk.on("transfer", { id: ticket.id, body: { ...place, reason: reason.value.trim() } })) !== undefined;
    },
  });
}

function itemOption(item, chosen) {
  return h("label", { class: "found-item" },
    h("input", { type: "radio", name: "accepted", value: item.code, checked: item.code === chosen }),
    h("span", { class: "found-name" }, named(item)),
    h("span", { class: "tag" }, timeLimit(item.time_limit_days)),
    h("span", { class: "tag number" }, item.code));
}

/** Ask for which item a case is accepted. `done(case)` gets it. */
export async function askCase(desk, done) {
  const own = desk.item(desk.ticket.item);
  const results = h("div", { class: "found", role: "radiogroup", "aria-label": t("事项") });
  const search = h("input", { class: "input", id: "find", type: "search", autocomplete: "off", placeholder: t("名称、拼音、首字母或编号"), autofocus: true });
  const reference = h("input", { class: "input", id: "reference", name: "reference", maxlength: 100, autocomplete: "off" });
  const joint = jointChoice(desk.window.department);
  let planned = null;
  let asked = 0;
  const find = async () => {
    const turn = (asked += 1);
    const text = search.value.trim();
    const { items } = text ? await get("items", { q: text, department: desk.window.department, state: "active", limit: FOUND_AT_MOST }).catch(() => ({ items: [] })) : { items: [own] };
    if (turn !== asked) return;
    const chosen = items.some(({ code }) => code === own.code) ? own.code : items[0]?.code;
    show(results, items.length ? items.map((item) => itemOption(item, chosen)) : h("p", { class: "quiet" }, t("本部门没有找到这个事项。")));
    joint.offer(chosen);
  };
  results.addEventListener("change", (event) => joint.offer(event.target.value));
  search.addEventListener("input", () => {
    clearTimeout(planned);
    planned = setTimeout(find, SEARCH_PAUSE_MS);
  });
  find();
  openDialog({
    title: t("受理办件 · {number}", { number: desk.ticket.number }),
    submitText: t("受理"),
    body: [
      field(t("查找本部门事项"), "find", search),
      results,
      joint.element,
      field(t("申请人编号（可不填，不得填写证件号、电话）"), "reference", reference),
    ],
    submit: async (form) => {
      const item = form.elements.accepted?.value;
      if (!item) return false;
      const applicant = reference.value.trim();
      const accepted = await desk.accept({ item, ...(applicant ? { applicant_ref: applicant } : {}), ...joint.body() });
      if (!accepted) return false;
      done(accepted);
      return true;
    },
  });
}

function appointmentOption(appointment, desk) {
  const here = appointment.state === "checked_in";
  return h("label", { class: "found-item" },
    h("input", { type: "radio", name: "arrived", value: appointment.id }),
    h("strong", { class: "number" }, timeOf(appointment.starts_at)),
    h("span", { class: "found-name" }, named(desk.item(appointment.item))),
    h("span", { class: "tag" }, apart(appointment.name), ` ${appointment.phone}`),
    here && h("span", { class: "tag good" }, t("已签到")));
}

/** Find who has an appointment today and give them their ticket. `done(ticket)` gets it. */
export async function askCheckIn(desk, done) {
  const results = h("div", { class: "found", role: "radiogroup", "aria-label": t("今天的预约") });
  const search = h("input", { class: "input", id: "find", type: "search", autocomplete: "off", autofocus: true, placeholder: t("预约号，或手机号后四位") });
  let found = new Map();
  const find = async () => {
    const { shown: q } = readCode(search.value);
    const { items } = q.length < LEAST_DIGITS ? { items: [] } : await get("appointments/today", { q }).catch(() => ({ items: [] }));
    await desk.learn(items.map(({ item }) => item));
    found = new Map(items.map((appointment) => [appointment.id, appointment]));
    show(results, items.length ? items.map((each) => appointmentOption(each, desk)) : h("p", { class: "quiet" }, t("没有找到今天的预约")));
    const first = results.querySelector("input");
    if (first) first.checked = true;
  };
  let planned = null;
  search.addEventListener("input", () => {
    clearTimeout(planned);
    planned = setTimeout(find, SEARCH_PAUSE_MS);
  });
  openDialog({
    title: t("预约签到"),
    submitText: t("签到取号"),
    body: [field(t("预约二维码、预约号或手机号后四位"), "find", search), results],
    submit: async (form) => {
      const appointment = found.get(form.elements.arrived?.value);
      if (!appointment) return false;
      const arrived = await desk.checkIn(appointment.id);
      if (!arrived) return false;
      done(arrived.ticket);
      return true;
    },
  });
}
