/* The form of a crew. One shift and one break hold for all its weekdays; a crew with several kinds of them keeps those
 * it has until the times, or the break, are changed. */
import { h } from "../shared/shell/view.js";
import { field } from "../shared/form/form.js";
import { choice, group } from "../shared/form/controls.js";
import { accountsIn, PeopleField } from "../shared/form/people.js";
import { named, t } from "../shared/words/i18n.js";
import { departmentOptions, WEEKDAYS } from "../shared/form/choices.js";

const USUAL = { members: [], least_members: 1, skills: { departments: [], items: [] }, start: { lat: 22.5431, lon: 114.0579 }, capacity: 10, days_off: [],
  shifts: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, starts: "09:00", ends: "17:45" })) };
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const number = (name, value, attributes) => h("input", { class: "input number", type: "number", name, defaultValue: value, required: true, ...attributes });
const text = (name, value, attributes) => h("input", { class: "input", type: "text", name, defaultValue: value, autocomplete: "off", ...attributes });
const time = (name, value) => h("input", { class: "input number", type: "time", name, defaultValue: value.slice(0, 5), required: true });
const codes = (value) => value.split(/[\s,;，；、]+/).filter(Boolean);

/** The fields of a crew of some of these `people`; a known one keeps its code and department. `pause` is the kind of break that is chosen, `choosePause` hears of it. */
export function crewFields(known, departments, { people, pause = pauseOf((known ?? USUAL).shifts[0].breaks).pause, choosePause }) {
  const crew = known ?? USUAL;
  const [usual] = crew.shifts;
  const degrees = (name, most) => number(name, crew.start[name], { min: -most, max: most, step: "any" });
  return h("div", { class: "crew-fields" },
    !known && h("div", { class: "field-row" }, field(t("编号"), text("code", "", { maxlength: 64, autofocus: true })), field(t("部门"), h("select", { class: "input", name: "department" }, departmentOptions(departments)))),
    h("div", { class: "field-row" }, field(t("名称"), text("name", crew.name ?? "", { maxlength: 100, autofocus: Boolean(known) })), field(t("英文名称（可不填）"), text("name_en", crew.name_en ?? "", { maxlength: 100 }))),
    field(t("成员"), h(PeopleField, { name: "members", several: true, people, chosen: crew.members, placeOf: (code) => named(departments.find((each) => each.code === code)) || code })),
    h("div", { class: "field-row" }, field(t("最少到岗人数"), number("least_members", crew.least_members, { min: 1, max: 20 })), field(t("每天户数"), number("capacity", crew.capacity, { min: 1, max: 100 }))),
    group(t("星期"), "weekdays", Object.entries(WEEKDAYS).map(([day, name]) => choice("checkbox", "weekdays", day, name, { defaultChecked: crew.shifts.some(({ weekday }) => weekday === Number(day)) }))),
    h("div", { class: "field-row" }, field(t("上班"), time("starts", usual.starts)), field(t("下班"), time("ends", usual.ends)), field(t("出发地纬度"), degrees("lat", 90)), field(t("出发地经度"), degrees("lon", 180))),
    pauseFields(usual.breaks, pause, choosePause),
    known && field(t("能办的部门"), text("skill_departments", crew.skills.departments.join(", ")), { hint: t("部门编号，用逗号隔开。") }));
}

/** A shift's break as its controls say it; of several the first. */
function pauseOf(breaks) {
  const [{ starts, ends }] = breaks?.length ? breaks : [{ starts: "12:00", ends: "13:00" }];
  return { pause: breaks ? (breaks.length ? "own" : "none") : "department", pause_starts: starts.slice(0, 5), pause_ends: ends.slice(0, 5) };
}

/** The break that the form names for all weekdays; undefined while it says what it said at first of the usual shift. */
function pauseSet(form, usual) {
  const { pause, pause_starts: starts, pause_ends: ends } = form.elements;
  if (Object.entries(pauseOf(usual.breaks)).every(([name, value]) => form.elements[name].value === value)) return undefined;
  return { department: null, none: [], own: [{ starts: starts.value, ends: ends.value }] }[pause.value];
}

/** The choice of a break: the department's, an own one, or none. */
function pauseFields(breaks, kind, choose) {
  const own = pauseOf(breaks);
  const kinds = [["department", t("按部门午休")], ["own", t("自定")], ["none", t("不休息")]];
  return [
    field(t("中间休息"), h("select", { class: "input", name: "pause", value: kind, onchange: ({ target }) => choose(target.value) }, kinds.map(([value, words]) => h("option", { value }, words)))),
    h("div", { class: "field-row", hidden: kind !== "own" }, field(t("休息开始"), time("pause_starts", own.pause_starts)), field(t("休息结束"), time("pause_ends", own.pause_ends))),
  ];
}

function shiftsOf(form, known) {
  const days = [...form.querySelectorAll("[name=weekdays]:checked")].map(({ value }) => Number(value));
  const [starts, ends] = [form.elements.starts.value, form.elements.ends.value];
  const before = known?.shifts ?? [];
  const [usual] = (known ?? USUAL).shifts;
  const touched = !before.length || starts !== before[0].starts.slice(0, 5) || ends !== before[0].ends.slice(0, 5);
  const pause = pauseSet(form, usual);
  return days.map((weekday) => {
    const had = before.find((shift) => shift.weekday === weekday);
    const shift = touched || !had ? { starts, ends } : had;
    const breaks = pause === undefined ? (had ?? usual).breaks ?? null : pause;
    return { weekday, starts: shift.starts.slice(0, 5), ends: shift.ends.slice(0, 5), breaks };
  });
}

/** What the form says, as the API takes it. */
export function crewOf(form, known) {
  const of = form.elements;
  const department = known?.department ?? of.department.value;
  return {
    code: known?.code ?? of.code.value.trim(),
    department,
    name: of.name.value.trim(),
    name_en: of.name_en.value.trim() || null,
    members: accountsIn(form, "members"),
    least_members: Number(of.least_members.value),
    capacity: Number(of.capacity.value),
    shifts: shiftsOf(form, known),
    start: { lat: Number(of.lat.value), lon: Number(of.lon.value) },
    skills: { departments: known ? codes(of.skill_departments.value) : [department], items: known?.skills.items ?? [] },
    days_off: known?.days_off ?? [],
  };
}

/** What is wrong with a crew by field, in words; the service has the last word. */
export function crewFaults(crew) {
  const [shift] = crew.shifts;
  const checks = {
    code: !CODE.test(crew.code) && t("只用字母、数字、点、横线，最多 64 个。"),
    name: !crew.name && t("请填写名称。"),
    members: (!crew.members.length || crew.members.length > 20) && t("请填 1 到 20 个账号。"),
    least_members: (crew.least_members < 1 || crew.least_members > crew.members.length) && t("不得多于成员人数。"),
    capacity: (!Number.isInteger(crew.capacity) || crew.capacity < 1 || crew.capacity > 100) && t("请填 {least} 到 {most} 的整数。", { least: 1, most: 100 }),
    weekdays: !shift && t("至少选一天。"),
    ends: shift && !(shift.ends > shift.starts) && t("结束时间须晚于开始时间。"),
    pause_ends: crew.shifts.some((each) => each.breaks?.some(({ starts, ends }) => !(starts < ends && starts >= each.starts && ends <= each.ends))) && t("休息须在上下班时间之内，结束晚于开始。"),
    skill_departments: !crew.skills.departments.length && !crew.skills.items.length && t("至少填一个部门。"),
  };
  return Object.fromEntries(Object.entries(checks).filter(([, fault]) => fault));
}
