/* What a manager does on the floor: free windows their clerks have left, put numbers back, end them. */
import { get, post } from "../shared/hall/api.js";
import { effectsTeller, WINDOW_WORDS } from "../shared/hall/effects.js";
import { secondsSince } from "../shared/shell/clock.js";
import { askFor } from "../shared/form/deed.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon } from "../shared/shell/view.js";
import { departmentOptions } from "../shared/form/choices.js";
import { select } from "../shared/form/controls.js";
import { askNewSlip } from "../shared/form/new-token.js";
import { Person } from "../shared/form/people.js";
import { count, minutes } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { may } from "../shared/shell/staff.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { toastProblem } from "../shared/shell/toast.js";
import { STATES } from "../shared/words/codes.js";

const PUT_BACK_FROM = ["called", "serving", "on_hold", "missed"];
const VISITORS = [
  ["put_back", t("放回队列，次序不变")],
  ["hold", t("暂停，由其他窗口继续办理")],
  ["end", t("结束这个号码")],
];

const reason = { name: "reason", label: t("原因"), missing: t("请写明原因。"), control: () => h("input", { class: "input", name: "reason", maxlength: 200, required: true, autocomplete: "off" }) };

/** What goes on in queues and at windows. `departments` gives their names by code; an analyst sees it without buttons;
 * `changed()` hears that `view()` is no longer as shown. */
export function floorSection(me, departments, changed) {
  const acts = may(me, "end_ticket");
  let chosen = "";
  let found = null;
  let problem = null;
  let turn = 0;

  const choose = (department) => {
    chosen = department;
    return load({ anew: true });
  };

  const view = () => h("section", { class: "card floor", "aria-labelledby": "floor-title" },
    h("div", { class: "floor-head" },
      h("h2", { class: "floor-title", id: "floor-title" }, icon("desk"), t("窗口与排队号")),
      h("label", { class: "visually-hidden", for: "floor-department" }, t("部门")),
      select("floor-department", departmentOptions([...departments.values()], { all: t("全部部门") }), chosen, choose)),
    h("div", { class: "floor-rows", tabindex: "0", role: "region", "aria-label": t("各队列现在的情况") }, found && queuesTable(found.queues.filter((each) => each.waiting || each.set_aside || each.missed || each.windows_open))),
    h("div", { class: "floor-rows", tabindex: "0", role: "region", "aria-labelledby": "floor-title" }, rows()));

  function rows() {
    if (problem) return failed(problem, () => load({ anew: true }));
    return found ? windowsTable(found.windows.filter((each) => each.clerk || each.held.length)) : loading();
  }

  async function load({ anew = false } = {}) {
    const own = (turn += 1);
    if (anew) {
      found = problem = null;
      changed();
    }
    try {
      const answer = await get("floor", { department: chosen || undefined });
      if (own !== turn) return;
      found = answer;
      problem = null;
    } catch (error) {
      if (own !== turn || error.status === 401) return;
      problem = error;
    }
    changed();
  }

  /** Where people wait longest stands first; where nobody serves them is marked. */
  function queuesTable(queues) {
    if (!queues.length) return h("p", { class: "quiet" }, t("现在没有人排队"));
    const heads = [t("队列"), t("部门"), t("等候"), t("最长等候"), t("暂停"), t("过号"), t("在岗窗口")];
    const sorted = [...queues].sort((one, other) => (other.longest_wait_s ?? -1) - (one.longest_wait_s ?? -1) || other.waiting - one.waiting);
    return h("table", { class: "table floor-table" },
      h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, sorted.map(queueRow)));
  }

  function queueRow(queue) {
    const unserved = queue.waiting > 0 && queue.windows_open === 0;
    return h("tr", { key: queue.queue, "data-queue": queue.queue },
      h("th", { scope: "row" }, named(queue)),
      h("td", {}, named(departments.get(queue.department)) || queue.department),
      h("td", { class: "number" }, count(queue.waiting)),
      h("td", { class: "number" }, queue.longest_wait_s === null ? "—" : t("{minutes} 分", { minutes: minutes(queue.longest_wait_s) })),
      h("td", { class: "number" }, count(queue.set_aside)),
      h("td", { class: "number" }, count(queue.missed)),
      h("td", { class: "number" }, unserved ? h("span", { class: "tag bad" }, t("暂无窗口")) : count(queue.windows_open)));
  }

  function windowsTable(windows) {
    if (!windows.length) return empty(t("现在没有窗口在岗"), "", "desk");
    const heads = [t("窗口"), t("部门"), t("人员"), t("当前号"), t("暂停")];
    return h("table", { class: "table floor-table" },
      h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)), acts && h("th", { scope: "col" }, t("操作")))),
      h("tbody", {}, windows.map(row)));
  }

  function row(window) {
    const { ticket } = window;
    return h("tr", { key: window.code, "data-window": window.code },
      h("th", { scope: "row", class: "number" }, window.code),
      h("td", {}, named(departments.get(window.department)) || window.department),
      h("td", {}, window.clerk ? h(Person, { username: window.clerk }) : h("span", { class: "tag warn" }, t("无人在岗"))),
      h("td", {}, ticket ? [h("strong", { class: "number" }, ticket.number), " ", h("span", { class: `tag state-${ticket.state}` }, STATES[ticket.state]), " ",
        h("span", { class: "quiet number" }, t("{minutes} 分", { minutes: minutes(secondsSince(ticket.since)) }))] : h("span", { class: "quiet" }, t("空闲"))),
      h("td", { class: "number" }, window.held.join("、")),
      acts && h("td", { class: "floor-deeds" },
        h("button", { type: "button", class: "button", "data-deed": "look", onclick: () => lookAt(window) }, t("查看号码")),
        window.clerk && h("button", { type: "button", class: "button", "data-deed": "free", onclick: () => free(window) }, t("腾出窗口"))));
  }

  function free(window) {
    const visitor = { name: "visitor", label: t("窗口里的号码 {number}", { number: window.ticket?.number ?? "" }), missing: "",
      control: () => h("select", { class: "input", name: "visitor" }, VISITORS.filter(([value]) => value !== "hold" || window.ticket.state === "serving").map(([value, text]) => h("option", { value }, text))) };
    askFor({
      title: t("腾出 {window} 窗口", { window: window.code }),
      asks: h(Person, { username: window.clerk, words: (clerk) => t("{clerk} 将被签退，其他人可以在这个窗口上岗。", { clerk }) }),
      fields: window.ticket ? [reason, visitor] : [reason],
      submitText: t("腾出窗口"),
      danger: true,
      send: (body) => post(`windows/${encodeURIComponent(window.code)}/sign-out`, body),
      done: t("{window} 窗口已腾出", { window: window.code }),
      note: h("div", { role: "status", ref: (place) => place && effectsTeller(place, `windows/${encodeURIComponent(window.code)}`, WINDOW_WORDS)({}) }),
      changed: () => load(),
    });
  }

  async function lookAt(window) {
    let desk;
    try {
      desk = await get(`windows/${encodeURIComponent(window.code)}/current`);
    } catch (error) {
      toastProblem(error);
      return;
    }
    const tickets = [desk.ticket, ...desk.held, ...desk.missed, ...desk.waiting].filter(Boolean);
    const dialog = openDialog({
      title: t("{window} 窗口的号码", { window: window.code }),
      body: [tickets.length ? h("ul", { class: "floor-tickets" }, tickets.map((ticket) => ticketRow(ticket, () => dialog.close()))) : empty(t("没有号码"), "", "people")],
    });
  }

  function ticketRow(ticket, close) {
    const deed = (verb, text, done) => h("button", { type: "button", class: "button", "data-deed": verb, onclick: () => {
      close();
      decide(ticket, { verb, text, done });
    } }, text);
    return h("li", { class: "floor-ticket", "data-number": ticket.number },
      h("strong", { class: "number" }, ticket.number),
      h("span", { class: `tag state-${ticket.state}` }, STATES[ticket.state]),
      ticket.window && h("span", { class: "quiet number" }, t("{window} 窗口", { window: ticket.window })),
      PUT_BACK_FROM.includes(ticket.state) && deed("put-back", t("放回队列"), t("{number} 已放回队列", { number: ticket.number })),
      h("button", { type: "button", class: "button", "data-deed": "new-slip", onclick: () => {
        close();
        askNewSlip([ticket]);
      } }, t("补发小票")),
      deed("end", t("结束号码"), t("{number} 已结束", { number: ticket.number })));
  }

  function decide(ticket, { verb, text, done }) {
    askFor({
      title: `${text} · ${ticket.number}`,
      asks: verb === "end" ? t("号码结束后不能恢复。") : t("号码和先后次序不变，任一窗口都可以叫。"),
      fields: [reason],
      submitText: text,
      danger: verb === "end",
      send: (body) => post(`tickets/${ticket.id}/${verb}`, body),
      done,
      changed: () => load(),
    });
  }

  return { view, load, stop: () => (turn += 1) };
}
