/* One visit of a route: when, where, whom, what to bring, and what may be done next. */
import { ORDER_STATES, refusalText } from "../shared/words/visiting.js";
import { apart, h, icon } from "../shared/shell/view.js";
import { timeOf, timesOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";

const NEXT = { assigned: ["depart"], en_route: ["arrive", "fail"], on_site: ["complete", "fail"] };
const DEEDS = { depart: t("出发"), arrive: t("到达"), complete: t("完成"), fail: t("未办成") };
const ICONS = { depart: "arrow", arrive: "pin", complete: "check", fail: "close" };
const MARKS = { assigned: "brand-tag", en_route: "warn", on_site: "warn", done: "good", failed_visit: "bad", cancelled: "bad" };

export const isUnderway = ({ state }) => state === "en_route" || state === "on_site";
export const isOpen = ({ state }) => state in NEXT;

function timesPart(stop) {
  const moved = { depart: stop.departed_at, arrive: stop.arrived_at, [stop.state === "done" ? "complete" : "fail"]: stop.state === "cancelled" ? null : stop.ended_at };
  const said = Object.entries(moved).filter(([, moment]) => moment).map(([verb, moment]) => `${DEEDS[verb]} ${timeOf(moment)}`);
  return said.length > 0 && h("p", { class: "quiet stop-times" }, said.join(" · "));
}

const line = (name, ...content) => h("p", { class: "stop-line" }, icon(name), h("span", {}, content));

function whereAndWho({ address, name, phone, location: place }) {
  return [
    address && line("pin", apart(address)),
    name && line("person", apart(name)),
    h("div", { class: "stop-links" },
      phone && !phone.includes("*") && h("a", { class: "button large", href: `tel:${phone}` }, icon("phone"), t("打电话")),
      place && h("a", { class: "button large", href: `geo:${place.lat},${place.lon}?q=${place.lat},${place.lon}` }, icon("globe"), t("导航"))),
  ];
}

const bring = ({ materials }, { open, toggled }) => materials.length > 0 &&
  h("details", { class: "stop-bring", open, ontoggle: (event) => toggled(event.currentTarget.open) },
    h("summary", {}, icon("document"), t("要带和要收的材料（{count}）", { count: materials.length })),
    h("ul", {}, materials.map((each) => h("li", {}, each))));

const waitingRow = ({ key, verb, body }) =>
  h("li", { class: "stop-waiting", key }, icon("clock"), t("{deed} {time}，等待发送", { deed: DEEDS[verb], time: timeOf(body.happened_at) }));

const refusedRow = (action, { retry, dismiss }) =>
  h("li", { class: "notice bad stop-refused", key: action.key }, icon("alert"),
    h("div", {},
      h("p", {}, h("strong", {}, t("{deed} {time}没有被接受", { deed: DEEDS[action.verb], time: timeOf(action.body.happened_at) }))),
      h("p", {}, refusalText(action.problem)),
      h("div", { class: "stop-ways" },
        h("button", { type: "button", class: "button", onclick: () => retry(action.key) }, icon("repeat"), t("再发一次")),
        h("button", { type: "button", class: "button", onclick: () => dismiss(action.key) }, t("知道了")))));

function deeds(stop, { blocked, act }) {
  const verbs = NEXT[stop.state] ?? [];
  return verbs.length > 0 && h("div", { class: "stop-deeds" },
    verbs.map((verb) => h("button", {
      type: "button", class: `button large ${verb === "fail" ? "danger" : "primary"}`, "data-verb": verb,
      disabled: blocked, onclick: () => act(stop, verb),
    }, icon(ICONS[verb]), DEEDS[verb])),
    blocked && h("p", { class: "quiet stop-blocked" }, t("先结束正在进行的一户。")));
}

/** A visit's card. `stop` is as the actions that wait will make it; `item` what is known of its item. */
export function stopCard(stop, { place, item, waiting, refused, current, blocked, open, on }) {
  const own = (row) => row.order === stop.id;
  return h("li", { class: "card stop", key: stop.id, "data-order": stop.id, "data-state": stop.state, "aria-current": current ? "step" : null },
    h("div", { class: "stop-head" },
      h("span", { class: "stop-place number", "aria-hidden": "true" }, place),
      stop.arrives_at && h("span", { class: "stop-time number" }, timeOf(stop.arrives_at)),
      h("span", { class: `tag ${MARKS[stop.state] ?? ""} stop-state` }, ORDER_STATES[stop.state]),
      h("span", { class: "quiet stop-promised" }, t("约定 {times}", { times: timesOf({ starts_at: stop.window.from, ends_at: stop.window.to }) }))),
    h("h2", { class: "stop-item" }, item ? named(item) : stop.item),
    stop.state === "cancelled" && h("p", { class: "notice bad stop-called-off", role: "alert" }, icon("alert"),
      h("span", {}, stop.departed_at ? t("这一户在您出发后取消了，请不要再前往。") : t("这一户已经取消，不用去了。"))),
    isOpen(stop) && whereAndWho(stop),
    timesPart(stop),
    stop.reason && !isOpen(stop) && h("p", { class: "quiet" }, stop.reason),
    isOpen(stop) && item && bring(item, { open: open ?? current, toggled: (now) => on.toggled(stop.id, now) }),
    h("ul", { class: "stop-actions" }, waiting.filter(own).map(waitingRow), refused.filter(own).map((row) => refusedRow(row, on))),
    deeds(stop, { blocked: blocked && !isUnderway(stop), act: on.act }));
}
