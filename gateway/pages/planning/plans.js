/* The weekly plans that make slots: list, make, change, withdraw. */
import { command, list } from "../shared/hall/api.js";
import { today } from "../shared/shell/clock.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon, show } from "../shared/shell/view.js";
import { effectsFirst, effectsTeller } from "../shared/hall/effects.js";
import { field, tellErrors } from "../shared/form/form.js";
import { dayOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { laterDay } from "../shared/words/days.js";
import { departmentOptions, WEEKDAYS } from "../shared/form/choices.js";
import { dateInput, select, tool } from "../shared/form/controls.js";
import { loads, onceKnown, tableCard } from "../shared/form/parts.js";
import { offeringByCode, tellRefusal } from "./parts.js";
import { faultsOf, planFields, planOf } from "./plan-form.js";
import { empty } from "../shared/shell/states.js";
import { toast } from "../shared/shell/toast.js";

const shared = ({ capacity, quotas }) => capacity - quotas.web - quotas.phone - quotas.window;
const ended = (plan) => plan.valid_to && plan.valid_to < today();

const pathOf = (plan) => `slot-plans/${encodeURIComponent(plan.code)}`;

const changeOf = (wanted) => ({
  items: wanted.items.join(","), weekdays: wanted.weekdays.join(","), starts: wanted.starts.slice(0, 5), ends: wanted.ends.slice(0, 5),
  slot_minutes: wanted.slot_minutes, capacity: wanted.capacity, valid_from: wanted.valid_from, valid_to: wanted.valid_to ?? "",
});

function row(plan, { departments, change, withdraw }) {
  const days = plan.weekdays.map((day) => WEEKDAYS[day]).join(" ");
  return h("tr", { key: plan.code, "data-plan": plan.code, class: ended(plan) ? "ended" : null },
    h("th", { scope: "row" }, named(departments.get(plan.department)), h("span", { class: "quiet plan-code number" }, plan.code)),
    h("td", {}, days),
    h("td", { class: "number nowrap" }, `${plan.starts.slice(0, 5)}–${plan.ends.slice(0, 5)}`, h("span", { class: "quiet plan-code" }, t("每 {minutes} 分钟一段", { minutes: plan.slot_minutes }))),
    h("td", {}, plan.items.length ? t("{count} 个事项", { count: plan.items.length }) : t("全部事项")),
    h("td", { class: "number" }, h("strong", {}, plan.capacity), h("span", { class: "quiet plan-code" },
      t("网上 {web} · 电话 {phone} · 窗口 {window} · 共用 {shared}", { ...plan.quotas, shared: shared(plan) }))),
    h("td", {}, dayOf(plan.valid_from), h("span", { class: "quiet plan-code" }, plan.valid_to ? t("至 {day}", { day: dayOf(plan.valid_to) }) : t("长期"))),
    h("td", { class: "row-deeds" }, ended(plan)
      ? h("span", { class: "tag" }, t("已停用"))
      : [h("button", { type: "button", class: "button small", onclick: () => change(plan), "data-deed": "change" }, t("修改")),
         h("button", { type: "button", class: "button small danger", onclick: () => withdraw(plan), "data-deed": "withdraw" }, t("停用"))]));
}

/** The items that a plan of a department may be for. */
const itemsOf = (department) => list("items", { department, state: "active", limit: 200 }).catch(() => []);

/** Show the plans in `panel`. */
export const plansView = (panel) => onceKnown(panel, offeringByCode, (departments) => {
  let chosen = "";
  let searched = "";

  /** Whether a plan is one that was searched for: by its department, its code or an item. */
  const fits = (plan) =>
    [named(departments.get(plan.department)), plan.department, plan.code, ...plan.items].some((each) => String(each).toLowerCase().includes(searched));

  const tools = () => h("div", { class: "tools" },
    tool(t("部门"), select("department", departmentOptions([...departments.values()], { all: t("全部部门") }), chosen, choose)),
    tool(t("查找"), h("input", { class: "input", type: "search", id: "plan-search", maxlength: 60, autocomplete: "off", oninput: ({ target }) => search(target.value) })),
    h("button", { type: "button", class: "button primary tools-end", id: "new-plan", onclick: () => edit() }, icon("calendar"), t("新建计划")));

  function describe(plans) {
    if (!plans.length) return empty(t("还没有号源计划"), t("按“新建计划”，为一个部门安排每周的预约时段。"), "calendar");
    const shown = plans.filter(fits);
    const head = [t("部门"), t("星期"), t("时间"), t("事项"), t("每段号数"), t("有效期"), t("操作")];
    return [
      h("p", { class: "quiet", role: "status", id: "plan-count" }, t("共 {count} 个计划", { count: shown.length })),
      tableCard(t("每周号源"), head, shown.map((plan) => row(plan, { departments, change: edit, withdraw: askWithdraw }))),
    ];
  }

  const paint = () => show(panel, tools(), h("div", {}, found.view()));

  const found = loads(() => list("slot-plans", { department: chosen, limit: 500 }), describe, paint);

  function choose(department) {
    chosen = department;
    return found.load();
  }

  function search(text) {
    searched = text.trim().toLowerCase();
    paint();
  }

  /** Load again, then go back to the plan one has worked on. */
  async function done(plan, title) {
    toast(title, [named(departments.get(plan.department)), plan.code].join(" · "));
    if (chosen && chosen !== plan.department) chosen = plan.department;
    await found.load();
    (panel.querySelector(`[data-plan="${CSS.escape(plan.code)}"] [data-deed]`) ?? panel.querySelector("#department")).focus();
  }

  function edit(plan = null) {
    const offered = [...departments.values()];
    const shown = { department: plan?.department ?? (chosen || offered[0]?.code), some: Boolean(plan?.items.length), items: [] };
    let saved = null;
    let first = null;

    async function change(what) {
      Object.assign(shown, what);
      dialog.paint();
      if (!what.department) return;
      const items = await itemsOf(what.department);
      if (what.department === shown.department) shown.items = items;
      dialog.paint();
    }

    const dialog = openDialog({
      title: plan ? t("修改计划 {code}", { code: plan.code }) : t("新建计划"),
      submitText: t("保存"),
      body: () => [planFields(plan, { departments: offered, shown, change }), h("div", { role: "status" })],
      submit: async (form) => {
        const wanted = planOf(form, plan);
        const faults = faultsOf(wanted);
        tellErrors(form, faults);
        if (Object.keys(faults).length) return false;
        if (first && (await first(changeOf(wanted)))) return false;
        try {
          saved = await command("slot-plans", wanted);
          return true;
        } catch (error) {
          tellRefusal(form, error);
          return false;
        }
      },
    });
    if (plan) first = effectsFirst(dialog.querySelector("[role=status]"), pathOf(plan));
    change({ department: shown.department });
    dialog.classList.add("wide");
    dialog.addEventListener("close", () => saved && done(saved, t("计划已保存，号源随之更新")));
  }

  function askWithdraw(plan) {
    const earliest = plan.valid_from > today() ? laterDay(plan.valid_from, 1) : laterDay(today(), 1);
    let from = earliest;
    let ended_ = null;
    const tell = () => teller(from && { from });
    const change = ({ target }) => {
      from = target.value;
      tell();
    };
    const dialog = openDialog({
      title: t("停用计划 {code}", { code: plan.code }),
      submitText: t("停用"),
      danger: true,
      body: () => [
        h("p", {}, [named(departments.get(plan.department)), `${plan.starts.slice(0, 5)}–${plan.ends.slice(0, 5)}`].join(" · ")),
        field(t("从哪一天起不再放号"), dateInput("from", earliest, { min: earliest, autofocus: true, onchange: change })),
        h("div", { role: "status" }),
      ],
      submit: async (form) => {
        if (!tellErrors(form, { from: from ? "" : t("日期不正确。") })) return false;
        try {
          ended_ = await command(`${pathOf(plan)}/withdraw`, { from });
          return true;
        } catch (error) {
          tellRefusal(form, error);
          return false;
        }
      },
    });
    const teller = effectsTeller(dialog.querySelector("[role=status]"), pathOf(plan));
    dialog.addEventListener("close", () => ended_ && done(ended_, t("计划已停用")));
    tell();
  }

  found.load();
  return found.stop;
});
