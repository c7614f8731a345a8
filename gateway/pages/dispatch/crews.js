/* The crews of the hall as they work on a date: shift, skills, members; who is not there. */
import { command, list } from "../shared/hall/api.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { openDialog } from "../shared/shell/dialog.js";
import { crewFields, crewFaults, crewOf } from "./crew-form.js";
import { chosenDate, dateTool } from "./date.js";
import { refusalWords, stretchOf } from "./words.js";
import { h, icon, show } from "../shared/shell/view.js";
import { effectsFirst, effectsTeller } from "../shared/hall/effects.js";
import { field, tellErrors } from "../shared/form/form.js";
import { Person, personWords } from "../shared/form/people.js";
import { people } from "../shared/hall/people.js";
import { dayOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { departmentOptions } from "../shared/form/choices.js";
import { dateInput, select, tool } from "../shared/form/controls.js";
import { loads } from "../shared/form/parts.js";
import { empty } from "../shared/shell/states.js";
import { toast } from "../shared/shell/toast.js";

const HEADS = [t("小组"), t("当天出勤"), t("能办的事项"), t("成员"), t("每天户数"), t("操作")];

const pathOf = (crew) => `crews/${encodeURIComponent(crew.code)}`;
const refuse = (error) => toast(refusalWords(error), error.detail, { bad: true });

function skillWords({ skills }, departments) {
  const names = skills.departments.map((code) => named(departments.get(code)) || code);
  return [...names, skills.items.length > 0 && t("{count} 个事项", { count: skills.items.length })].filter(Boolean).join(" · ");
}

function memberTag(crew, member) {
  const here = crew.present.includes(member);
  return h("li", { class: here ? "tag" : "tag bad" }, h(Person, { username: member }), !here && t("（缺勤）"));
}

function absenceLine({ member, from, to, reason }) {
  const days = from === to ? dayOf(from) : t("{from} 至 {to}", { from: dayOf(from), to: dayOf(to) });
  return h("li", {}, member ? h(Person, { username: member }) : t("全组"), [days, reason].filter(Boolean).map((each) => ` · ${each}`));
}

function row(crew, { departments, absent, change }) {
  return h("tr", { "data-crew": crew.code, key: crew.code },
    h("th", { scope: "row" }, named(crew), h("span", { class: "quiet plan-code number" }, crew.code)),
    h("td", { class: "nowrap" }, crew.shift ? h("span", { class: "number" }, stretchOf(crew.shift)) : h("span", { class: "tag bad" }, icon("absent"), t("不出勤"))),
    h("td", {}, skillWords(crew, departments)),
    h("td", {}, h("ul", { class: "group" }, crew.members.map((member) => memberTag(crew, member))), crew.absences.length > 0 && h("ul", { class: "quiet absences" }, crew.absences.map(absenceLine))),
    h("td", { class: "number" }, crew.capacity_on_date < crew.capacity && crew.shift ? t("{count}（全员 {full}）", { count: crew.capacity_on_date, full: crew.capacity }) : crew.capacity),
    h("td", { class: "row-deeds" },
      h("button", { type: "button", class: "button small", "data-deed": "absent", "aria-label": t("记缺勤 {crew}", { crew: named(crew) }), onclick: () => absent(crew) }, t("记缺勤")),
      h("button", { type: "button", class: "button small", "data-deed": "change", "aria-label": t("修改 {crew}", { crew: named(crew) }), onclick: () => change(crew) }, t("修改"))));
}

/** Show the crews in `place`. */
export function crewsView(place) {
  let department = "";

  async function ask() {
    const [crews, departments, staff] = await Promise.all([list("crews", { date: chosenDate(), limit: 500 }), departmentsByCode(), people()]);
    return { crews, departments, staff };
  }

  const { load, found, view, stop } = loads(ask, crewTable, paint, { crews: [], departments: new Map(), staff: [] });

  function paint() {
    const { crews, departments } = found();
    const known = [...new Set(crews.map((crew) => crew.department))].map((code) => departments.get(code)).filter(Boolean);
    const choose = (code) => {
      department = code;
      paint();
    };
    show(place,
      h("div", { class: "tools" }, dateTool(load),
        tool(t("部门"), select("department", known.length ? departmentOptions(known, { all: t("全部部门") }) : [], department, choose)),
        h("button", { type: "button", class: "button primary tools-end", id: "new-crew", disabled: !departments.size, onclick: () => edit() }, icon("people"), t("新建小组"))),
      h("div", {}, view()));
  }

  function crewTable({ crews, departments }) {
    const shown = crews.filter((crew) => !department || crew.department === department);
    if (!shown.length) return empty(t("还没有上门小组"), t("按“新建小组”，写明成员、班次和能办的事项。"), "people");
    return h("div", { class: "card table-wrap", tabindex: "0", role: "region", "aria-label": t("上门小组") }, h("table", { class: "table crews" },
      h("caption", { class: "visually-hidden" }, t("上门小组")),
      h("thead", {}, h("tr", {}, HEADS.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, shown.map((crew) => row(crew, { departments, absent: askAbsence, change: edit })))));
  }

  /** Load again and go back to the crew one has worked on. */
  async function done(title, crew, { replanned }) {
    const days = replanned.map(({ date }) => dayOf(date)).join("、");
    toast(title, days ? t("{crew}。受影响的日期正在重新编制，请核对后发布：{days}", { crew: named(crew), days }) : named(crew));
    await load();
    place.querySelector(`[data-crew="${CSS.escape(crew.code)}"] [data-deed]`)?.focus();
  }

  function askAbsence(crew) {
    const right = ({ from, to }) => from.value && to.value >= from.value;

    /** Say whom it touches, as the fields are now. */
    function tell() {
      const { member, from, to } = dialog.querySelector("form").elements;
      teller(right({ from, to }) && { from: from.value, to: to.value, ...(member.value && { member: member.value }) });
    }

    const dialog = openDialog({
      title: t("记缺勤：{crew}", { crew: named(crew) }),
      submitText: t("记下"),
      body: () => [
        field(t("谁"), h("select", { class: "input", name: "member", autofocus: true, onchange: tell },
          h("option", { value: "" }, t("全组")), crew.members.map((each, index) => h("option", { value: each, selected: index === 0 }, personWords(found().staff.find(({ username }) => username === each) ?? { username: each }))))),
        h("div", { class: "field-pair" }, field(t("从"), dateInput("from", chosenDate(), { onchange: tell })), field(t("到"), dateInput("to", chosenDate(), { onchange: tell }))),
        field(t("原因（可不填）"), h("input", { class: "input", type: "text", name: "reason", maxlength: 200 })),
        h("p", { class: "quiet" }, t("缺人时每天户数按到岗人数减少。有影响的日期会重新编制成草案，写明哪些工单有变，由您核对后发布。")),
        h("div", { role: "status" }),
      ],
      submit: async (form) => {
        const { member, from, to, reason } = form.elements;
        if (!right({ from, to })) return tellErrors(form, { to: t("日期不正确。") });
        const away = { member: member.value || null, from: from.value, to: to.value || null, reason: reason.value.trim() || null };
        try {
          done(t("缺勤已记下"), crew, await command(`${pathOf(crew)}/absences`, away));
          return true;
        } catch (error) {
          refuse(error);
          return false;
        }
      },
    });
    const teller = effectsTeller(dialog.querySelector("[role=status]"), pathOf(crew));
    tell();
  }

  function edit(crew = null) {
    let pause;
    const choosePause = (kind) => {
      pause = kind;
      dialog.paint();
    };
    const dialog = openDialog({
      title: crew ? t("修改小组 {code}", { code: crew.code }) : t("新建小组"),
      submitText: t("保存"),
      body: () => [crewFields(crew, [...found().departments.values()], { people: found().staff, pause, choosePause }), h("div", { role: "status" })],
      submit: async (form) => {
        const wanted = crewOf(form, crew);
        if (!tellErrors(form, crewFaults(wanted))) return false;
        if (first && (await first({ crew: JSON.stringify(wanted) }))) return false;
        try {
          done(t("小组已保存"), wanted, await command("crews", wanted));
          return true;
        } catch (error) {
          if (error.errors?.members) return tellErrors(form, { members: t("没有这样的账号。") });
          refuse(error);
          return false;
        }
      },
    });
    const first = crew && effectsFirst(dialog.querySelector("[role=status]"), pathOf(crew));
    dialog.classList.add("wide");
  }

  load();
  return stop;
}
