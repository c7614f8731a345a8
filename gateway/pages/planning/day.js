/* One day: which places there are, who has booked them, and what is left for whom. */
import { list } from "../shared/hall/api.js";
import { aboutItem } from "../shared/booking/facts.js";
import { today } from "../shared/shell/clock.js";
import { h, icon, show } from "../shared/shell/view.js";
import { count, timeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { laterDay, shortDayOf, weekdayOf } from "../shared/words/days.js";
import { APPOINTMENT_STATES } from "../shared/words/booking.js";
import { departmentOptions } from "../shared/form/choices.js";
import { offering } from "./parts.js";
import { FollowedDate, select, tool } from "../shared/form/controls.js";
import { loads, onceKnown, tableCard } from "../shared/form/parts.js";
import { empty } from "../shared/shell/states.js";

const AT_ONCE = 200;
/* Whoever has one of these holds a place of the slot, or held it to the end. */
const HOLDS = new Set(["held", "booked", "checked_in", "fulfilled", "no_show"]);
const TONES = { held: "warn", booked: "brand-tag", checked_in: "good", fulfilled: "good", no_show: "bad" };

const total = (slots, of) => slots.reduce((sum, slot) => sum + of(slot), 0);
const leftIn = ({ capacity, booked, withheld }) => Math.max(0, capacity - booked - withheld);

async function namesOf(codes) {
  const found = await Promise.all([...new Set(codes)].map((code) => aboutItem(code).then(({ item }) => [code, named(item)]).catch(() => [code, code])));
  return new Map(found);
}

const booking = (one, names) => h("li", { key: one.id, class: "day-booking", "data-booking": one.id },
  h("bdi", {}, one.name ?? "—"), h("span", { class: "quiet number" }, one.phone ?? ""), h("span", {}, names.get(one.item) ?? one.item),
  h("span", { class: `tag ${TONES[one.state] ?? ""}` }, APPOINTMENT_STATES[one.state] ?? one.state));

function row(slot, bookings, names) {
  const own = bookings.filter((one) => one.slot === slot.id);
  return h("tr", { key: slot.id, "data-slot": slot.id },
    h("th", { scope: "row", class: "number nowrap" }, `${timeOf(slot.starts_at)}–${timeOf(slot.ends_at)}`),
    h("td", {}, slot.items.length ? slot.items.map((code) => names.get(code) ?? code).join("、") : t("全部事项")),
    h("td", { class: "number nowrap" }, h("strong", {}, slot.booked), ` / ${slot.capacity}`, h("meter", { class: "day-meter", min: 0, max: slot.capacity, value: slot.booked, "aria-hidden": "true" })),
    h("td", { class: "number" }, leftIn(slot) ? [h("strong", {}, leftIn(slot)), h("span", { class: "quiet plan-code" }, t("网上 {web} · 电话 {phone} · 窗口 {window}", slot.free))] : h("span", { class: "tag bad" }, t("约满"))),
    h("td", {}, own.length ? h("ul", { class: "day-bookings" }, own.map((one) => booking(one, names))) : h("span", { class: "quiet" }, t("没有人预约"))));
}

/** Show a day of a department in `panel`. */
export const dayView = (panel) => onceKnown(panel, offering, (offered) => {
  let department = offered[0]?.code ?? "";
  let day = today();

  const choose = (code) => {
    department = code;
    found.load();
  };
  const goTo = (date) => {
    day = date;
    found.load();
  };

  const step = (name, label, days) =>
    h("button", { type: "button", class: "icon-button", "aria-label": label, onclick: () => goTo(laterDay(day, days)) }, icon(name));

  const paint = () => show(panel,
    h("div", { class: "tools" },
      tool(t("部门"), select("day-department", departmentOptions(offered), department, choose)),
      step("back", t("前一天"), -1),
      tool(t("日期"), h(FollowedDate, { id: "day", name: "day", value: day, chosen: goTo })),
      step("forward", t("后一天"), 1)),
    h("div", {}, found.view()));

  async function ask() {
    const asked = { date: day, department };
    const [slots, booked] = await Promise.all([list("slots/day", asked), list("appointments", { ...asked, limit: AT_ONCE })]);
    const held = booked.filter(({ state }) => HOLDS.has(state));
    return { slots, held, names: await namesOf([...slots.flatMap(({ items }) => items), ...held.map(({ item }) => item)]) };
  }

  function dayOf({ slots, held, names }) {
    const said = `${shortDayOf(day)} ${weekdayOf(day)}`;
    if (!slots.length) return empty(t("{day}没有号源", { day: said }), t("休息日和没有计划的日子不放号。"), "calendar");
    return [
      h("p", { class: "day-sum", role: "status" }, t("{day}：共 {capacity} 个号，已约 {booked}，剩余 {left}", {
        day: said, capacity: count(total(slots, ({ capacity }) => capacity)), booked: count(total(slots, ({ booked }) => booked)), left: count(total(slots, leftIn)) })),
      tableCard(t("当天预约"), [t("时间"), t("事项"), t("已约"), t("剩余"), t("预约人")], slots.map((slot) => row(slot, held, names))),
    ];
  }

  const found = loads(ask, dayOf, paint);
  found.load();
  return found.stop;
});
