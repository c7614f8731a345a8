/* The form of an item, in sections; what it says as the API takes it, and what is wrong with it. */
import { Component } from "../shared/vendor/preact.js";
import { choice, dateInput, group } from "../shared/form/controls.js";
import { departmentOptions } from "../shared/form/choices.js";
import { h } from "../shared/shell/view.js";
import { field } from "../shared/form/form.js";
import { ITEM_KINDS } from "../shared/words/changes.js";
import { named, t } from "../shared/words/i18n.js";
import { KINDS } from "../shared/words/codes.js";

const BLANK = { name: "", name_en: "", department: "", queue: "", kind: "", time_limit_days: "", service_seconds: "", chains: [], materials: [], guide: "", guide_en: "" };
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const DAYS = [0, 365];
const SECONDS = [30, 14_400];

const text = (name, value, attributes = {}) => h("input", { class: "input", type: "text", name, defaultValue: value, autocomplete: "off", maxlength: 200, ...attributes });
const number = (name, value, [min, max]) => h("input", { class: "input number", type: "number", inputmode: "numeric", name, defaultValue: value, min, max, required: true });
const long = (name, value, rows, attributes = {}) => h("textarea", { class: "input", name, defaultValue: value, rows, ...attributes });

const section = (title, ...content) => h("section", { class: "item-section", "aria-label": title }, h("h3", { class: "item-section-title" }, title), content);

/** The department and the queues that are its own. */
class PlaceFields extends Component {
  state = this.#placeOf(this.props.item.department);

  #placeOf(department) {
    const { item, queues } = this.props;
    const own = queues.filter((each) => each.department === department);
    const queue = own.find(({ code }) => code === item.queue) ?? (own.length === 1 ? own[0] : null);
    return { department, own, queue: queue?.code ?? "" };
  }

  render({ departments }, { department, own, queue }) {
    return h("div", { class: "item-pair" },
      field(t("办理单位"), h("select", { class: "input", name: "department", required: true, value: department, onchange: ({ target }) => this.setState(this.#placeOf(target.value)) },
        departmentOptions(departments, { all: t("请选择") }))),
      field(t("排队队列"), h("select", { class: "input", name: "queue", required: true, value: queue, onchange: ({ target }) => this.setState({ queue: target.value }) },
        departmentOptions(own, { all: t("请选择") }))));
  }
}

/** The fields of an item; a known one keeps its code. */
export function itemFields(known, lists) {
  const item = { ...BLANK, ...known };
  return h("div", { class: "item-fields" },
    section(t("名称"),
      !known && field(t("事项编号"), text("code", "", { class: "input number", maxlength: 64, required: true, spellcheck: false, autofocus: true }), { hint: t("字母、数字、点、横线；登记后不能更改。") }),
      field(t("事项名称"), text("name", item.name, { required: true, autofocus: Boolean(known) })),
      field(t("英文名称（可不填）"), text("name_en", item.name_en, { lang: "en" }))),
    section(t("办理"),
      h(PlaceFields, { item, ...lists }),
      h("div", { class: "item-trio" },
        field(t("事项类型"), h("select", { class: "input", name: "kind", required: true },
          h("option", { value: "" }, t("请选择")), ITEM_KINDS.map((kind) => h("option", { value: kind, selected: kind === item.kind }, KINDS[kind])))),
        field(t("办理时限（工作日）"), number("time_limit_days", item.time_limit_days, DAYS), { hint: t("0 为当场办结") }),
        field(t("窗口用时（秒）"), number("service_seconds", item.service_seconds, SECONDS), { hint: t("用于估算等候时间") })),
      group(t("业务链（可不选）"), "chains", lists.chains.map((chain) => choice("checkbox", "chains", chain.code, named(chain), { defaultChecked: item.chains.includes(chain.code) })))),
    section(t("指南"),
      field(t("所需材料（可不填）"), long("materials", item.materials.join("\n"), 5), { hint: t("每行一项，最多 50 项。") }),
      field(t("办理说明（可不填）"), long("guide", item.guide, 5, { maxlength: 4000 })),
      field(t("英文说明（可不填）"), long("guide_en", item.guide_en, 3, { maxlength: 4000, lang: "en" }))));
}

/** From when on a change holds, and why. */
export const whenFields = (day, min, attributes = {}) => h("div", { class: "item-fields" }, section(t("生效"),
  h("div", { class: "item-when" },
    field(t("生效日期"), dateInput("effective_from", day, { min, required: true, ...attributes })),
    field(t("变更说明（可不填）"), text("reason", "", { maxlength: 500 }), { hint: t("随公告一同公布，不要写个人信息。") }))));

const whole = (value) => (/^\d+$/.test(value.trim()) ? Number(value) : null);

/** What the form says of the item. */
export function itemOf(form) {
  const of = form.elements;
  const value = (name) => of[name].value.trim();
  return {
    ...(of.code ? { code: value("code") } : {}),
    name: value("name"), name_en: value("name_en"), department: value("department"), queue: value("queue"), kind: value("kind"),
    time_limit_days: whole(of.time_limit_days.value), service_seconds: whole(of.service_seconds.value),
    chains: [...form.querySelectorAll("[name=chains]:checked")].map((box) => box.value),
    materials: of.materials.value.split("\n").map((line) => line.trim()).filter(Boolean),
    guide: value("guide"), guide_en: value("guide_en"),
  };
}

/** From when on, and why when somebody says so. */
export function whenOf(form) {
  const reason = form.elements.reason.value.trim();
  return { effective_from: form.elements.effective_from.value, ...(reason ? { reason } : {}) };
}

const sorted = (value) => [...value].sort();
const equal = (name, one, other) => JSON.stringify(name === "chains" ? sorted(one) : one) === JSON.stringify(name === "chains" ? sorted(other) : other);

/** Of what the form says only that which is not so already. */
export const changedOf = (wanted, item) =>
  Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !equal(name, value, item[name] ?? BLANK[name])));

const between = (value, [least, most]) => (value !== null && value >= least && value <= most ? "" : t("请填 {least} 到 {most} 的整数。", { least, most }));

/** What is wrong with an item by field, as far as this page can tell; the API has the last word. */
export function faultsOf(item) {
  return {
    code: item.code !== undefined && !CODE.test(item.code) ? t("只用字母、数字、点、横线，最多 64 个。") : "",
    name: item.name ? "" : t("请填写。"),
    department: item.department ? "" : t("请选择部门。"),
    queue: item.queue ? "" : t("请选择队列。"),
    kind: item.kind ? "" : t("请选择类型。"),
    time_limit_days: between(item.time_limit_days, DAYS),
    service_seconds: between(item.service_seconds, SECONDS),
  };
}
