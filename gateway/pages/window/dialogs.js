/* The console's dialogs: transfer, accept a case, check in. */
import { get } from "../shared/hall/api.js";
import { departmentsByCode, queues } from "../shared/hall/directory.js";
import { openDialog } from "../shared/shell/dialog.js";
import { apart, h } from "../shared/shell/view.js";
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
  const usual = [t("该事项由其他队列办理"), t("需要先办理前置事项"), t("取号时选错业务")];
  let wrong = "";
  const dialog = openDialog({
    title: t("转办 {number}", { number: ticket.number }),
    submitText: t("确定转办"),
    body: () => [
      h("p", { class: "quiet" }, t("号码和先后次序不变。")),
      field(t("转到"), "queue", h("select", { class: "input", id: "queue", name: "queue", autofocus: true, required: true },
        ownFirst.map(([department, rows]) =>
          h("optgroup", { label: named(departments.get(department)) || department },
            rows.filter((queue) => queue.code !== ticket.queue).map((queue) => h("option", { value: queue.code }, `${queue.prefix} · ${named(queue)}`)))),
        seated.length > 0 && h("optgroup", { label: t("本部门在岗窗口") },
          seated.map(({ code, clerk }) => h("option", { value: TO_WINDOW + code }, t("{window} 窗口 · {clerk}", { window: code, clerk })))))),
      field(t("原因"), "reason",
        h("input", { class: "input", id: "reason", name: "reason", maxlength: 200, required: true, list: "reasons", autocomplete: "off", "aria-describedby": "reason-error", "aria-invalid": wrong ? "true" : null }),
        h("p", { class: "field-error", id: "reason-error", role: "alert" }, wrong)),
      h("datalist", { id: "reasons" }, usual.map((text) => h("option", { value: text }))),
    ],
    submit: async ({ elements: { queue, reason } }) => {
      if (!reason.value.trim()) {
        wrong = t("请写明原因。");
        dialog.paint();
        reason.focus();
        return false;
      }
      const place = queue.value.startsWith(TO_WINDOW) ? { window: queue.value.slice(TO_WINDOW.length) } : { queue: queue.value };
      return (await desk.on("transfer", { id: ticket.id, body: { ...place, reason: reason.value.trim() } })) !== undefined;
    },
  });
}

/** A search that is asked a moment after somebody typed; `ask(text)` resolves with what is found, `found(rows)` hears of the newest. */
function searching(ask, found) {
  let planned = null;
  let asked = 0;
  const find = async (text) => {
    const turn = (asked += 1);
    const rows = await ask(text);
    if (turn === asked) found(rows);
  };
  const oninput = ({ target }) => {
    clearTimeout(planned);
    planned = setTimeout(() => find(target.value.trim()), SEARCH_PAUSE_MS);
  };
  return { oninput };
}

/** What was found, one of them chosen; without any `nothing` is said. */
const choices = (label, rows, option, nothing) =>
  h("div", { class: "found", role: "radiogroup", "aria-label": label }, rows.length ? rows.map(option) : h("p", { class: "quiet" }, nothing));

/** Ask for which item a case is accepted. `done(case)` gets it. */
export async function askCase(desk, done) {
  const own = desk.item(desk.ticket.item);
  const paint = () => dialog?.paint();
  const joint = jointChoice(desk.window.department, paint);
  let dialog = null;
  let rows = [own];
  let chosen = own.code;
  const choose = (code) => {
    chosen = code;
    paint();
  };
  const ask = async (q) =>
    (q ? await get("items", { q, department: desk.window.department, state: "active", limit: FOUND_AT_MOST }).catch(() => ({ items: [] })) : { items: [own] }).items;
  const { oninput } = searching(ask, (found) => {
    rows = found;
    choose(rows.some(({ code }) => code === own.code) ? own.code : rows[0]?.code);
  });
  const option = (item) => h("label", { class: "found-item", key: item.code },
    h("input", { type: "radio", name: "accepted", value: item.code, checked: item.code === chosen, onchange: () => choose(item.code) }),
    h("span", { class: "found-name" }, named(item)),
    h("span", { class: "tag" }, timeLimit(item.time_limit_days)),
    h("span", { class: "tag number" }, item.code));
  dialog = openDialog({
    title: t("受理办件 · {number}", { number: desk.ticket.number }),
    submitText: t("受理"),
    body: () => [
      field(t("查找本部门事项"), "find", h("input", { class: "input", id: "find", type: "search", autocomplete: "off", placeholder: t("名称、拼音、首字母或编号"), autofocus: true, oninput })),
      choices(t("事项"), rows, option, t("本部门没有找到这个事项。")),
      joint.view(chosen),
      field(t("申请人编号（可不填，不得填写证件号、电话）"), "reference", h("input", { class: "input", id: "reference", name: "reference", maxlength: 100, autocomplete: "off" })),
    ],
    submit: async ({ elements: { reference } }) => {
      if (!chosen) return false;
      const applicant = reference.value.trim();
      const accepted = await desk.accept({ item: chosen, ...(applicant ? { applicant_ref: applicant } : {}), ...joint.body(chosen) });
      if (!accepted) return false;
      done(accepted);
      return true;
    },
  });
}

/** Find who has an appointment today and give them their ticket. `done(ticket)` gets it. */
export async function askCheckIn(desk, done) {
  let rows = null;
  let chosen = null;
  const choose = (id) => {
    chosen = id;
    dialog.paint();
  };
  const ask = async (text) => {
    const { shown: q } = readCode(text);
    const { items } = q.length < LEAST_DIGITS ? { items: [] } : await get("appointments/today", { q }).catch(() => ({ items: [] }));
    await desk.learn(items.map(({ item }) => item));
    return items;
  };
  const { oninput } = searching(ask, (found) => {
    rows = found;
    choose(rows[0]?.id ?? null);
  });
  const option = (appointment) => h("label", { class: "found-item", key: appointment.id },
    h("input", { type: "radio", name: "arrived", value: appointment.id, checked: appointment.id === chosen, onchange: () => choose(appointment.id) }),
    h("strong", { class: "number" }, timeOf(appointment.starts_at)),
    h("span", { class: "found-name" }, named(desk.item(appointment.item))),
    h("span", { class: "tag" }, apart(appointment.name), ` ${appointment.phone}`),
    appointment.state === "checked_in" && h("span", { class: "tag good" }, t("已签到")));
  const dialog = openDialog({
    title: t("预约签到"),
    submitText: t("签到取号"),
    body: () => [
      field(t("预约二维码、预约号或手机号后四位"), "find", h("input", { class: "input", id: "find", type: "search", autocomplete: "off", autofocus: true, placeholder: t("预约号，或手机号后四位"), oninput })),
      rows && choices(t("今天的预约"), rows, option, t("没有找到今天的预约")),
    ],
    submit: async () => {
      const arrived = chosen && (await desk.checkIn(chosen));
      if (!arrived) return false;
      done(arrived.ticket);
      return true;
    },
  });
}
