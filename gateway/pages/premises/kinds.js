/* What departments, zones, queues and windows have, as tables show it and forms ask for it. */
import { departmentOptions } from "../shared/form/choices.js";
import { choice, group } from "../shared/form/controls.js";
import { field } from "../shared/form/form.js";
import { h } from "../shared/shell/view.js";
import { minutes } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";

const SECONDS = 60;

const text = (name, label, { hint = "", most = 100, ...more } = {}) => ({
  name, required: true,
  control: (place) => field(label, h("input", { class: "input", name, required: true, maxlength: most, autocomplete: "off", defaultValue: place?.[name] ?? "", ...more }), { hint }),
  read: (form) => form.elements[name].value.trim(),
});

const number = (name, label, { of = (place) => place?.[name], to = Number, hint = "", otherwise, ...more }) => ({
  name, required: true,
  control: (place) => field(label, h("input", { class: "input number", type: "number", name, required: true, defaultValue: of(place) ?? otherwise, ...more }), { hint }),
  read: (form) => to(form.elements[name].value),
});

const chosen = (name, label, options) => ({
  name,
  control: (place, about) => field(label, h("select", { class: "input", name, value: place?.[name] }, options(about))),
  read: (form) => form.elements[name].value,
});

const NAMES = [text("name", t("名称"), { autofocus: true }), text("name_en", t("英文名称"), { lang: "en" })];
const DEPARTMENT = chosen("department", t("部门"), ({ departments }) => departmentOptions(departments));
const ZONE = chosen("zone", t("办事区"), ({ zones }) => zones.map((zone) => h("option", { value: zone.code }, named(zone))));

const nameIn = (rows, code) => named(rows.find((each) => each.code === code)) || code;

/** Each kind: where it is asked for and sent, its columns `[text, cell(place, about)]` and its fields; `effects(place, changes)` says
 * what of a change touches people: `[path, query]`. */
export const KINDS = {
  departments: {
    icon: "building", text: t("进驻单位"), add: t("新增单位"), path: "departments",
    columns: [[t("预约、延时和上门"), (place) => (place.offers_three_services ? t("提供") : t("不提供"))]],
    fields: [
      ...NAMES,
      {
        name: "offers_three_services",
        control: (place) => group(t("服务"), "offers_three_services", [
          choice("checkbox", "offers_three_services", "yes", t("提供预约、延时和上门服务"), { defaultChecked: place?.offers_three_services ?? true }),
        ]),
        read: (form) => form.elements.offers_three_services.checked,
      },
    ],
    effects: (place, changes) => place.offers_three_services && !changes.offers_three_services && [`departments/${encodeURIComponent(place.code)}`, { offers_three_services: "false" }],
  },
  zones: { icon: "pin", text: t("办事区"), add: t("新增办事区"), path: "zones", columns: [], fields: NAMES },
  queues: {
    icon: "list", text: t("队列"), add: t("新增队列"), path: "queues",
    columns: [
      [t("字头"), (place) => place.prefix],
      [t("部门"), (place, { departments }) => nameIn(departments, place.department)],
      [t("办事区"), (place, { zones }) => nameIn(zones, place.zone)],
      [t("最长等候"), (place) => minutes(place.max_wait_s)],
    ],
    fields: [
      ...NAMES, text("prefix", t("字头"), { most: 2, hint: t("一或两个大写字母，不用 I 和 O。") }), DEPARTMENT, ZONE,
      number("max_wait_s", t("最长等候（分钟）"), { of: (place) => place && place.max_wait_s / SECONDS, to: (value) => Number(value) * SECONDS, otherwise: 60, min: 1, max: 1440, hint: t("等得更久的，先于其他人叫号。") }),
      number("priority_rate", t("优先的权重"), { of: (place) => place?.rates.priority, otherwise: 4, min: 0, max: 100, step: "any" }),
      number("appointment_rate", t("预约的权重"), { of: (place) => place?.rates.appointment, otherwise: 2, min: 0, max: 100, step: "any" }),
      number("walk_in_rate", t("现场取号的权重"), { of: (place) => place?.rates.walk_in, otherwise: 1, min: 0, max: 100, step: "any" }),
    ],
  },
  windows: {
    icon: "desk", text: t("窗口"), add: t("新增窗口"), path: "windows", list: "catalogue/windows",
    columns: [
      [t("部门"), (place, { departments }) => nameIn(departments, place.department)],
      [t("办事区"), (place, { zones }) => nameIn(zones, place.zone)],
      [t("办理队列"), (place, { queues }) => h("span", { class: "premises-queues" }, place.queues.map((code) => h("span", { class: "tag" }, nameIn(queues, code))))],
    ],
    fields: [
      ...NAMES, DEPARTMENT, ZONE,
      {
        name: "queues", required: true,
        control: (place, { queues, departments }) => group(t("办理队列（可选几个单位的，即综合窗口）"), "queues", queues.map((queue) =>
          choice("checkbox", "queues", queue.code, `${named(queue)} · ${nameIn(departments, queue.department)}`, { defaultChecked: place?.queues.includes(queue.code) }))),
        read: (form, place) => {
          const ticked = [...form.querySelectorAll("[name=queues]:checked")].map(({ value }) => value);
          const kept = (place?.queues ?? []).filter((code) => ticked.includes(code)); /* in the order in which they are called */
          return [...kept, ...ticked.filter((code) => !kept.includes(code))];
        },
      },
    ],
    effects: (place, changes) => [`windows/${encodeURIComponent(place.code)}`, { queues: changes.queues.join(",") }],
  },
};
