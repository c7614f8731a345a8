/* A kind of places in the hall: a table with search, and a form for a new one or for what of one changes. */
import { command, list, patch } from "../shared/hall/api.js";
import { effectsFirst } from "../shared/hall/effects.js";
import { button, tool } from "../shared/form/controls.js";
import { field, tellAtFields, tellErrors } from "../shared/form/form.js";
import { loads, tableCard } from "../shared/form/parts.js";
import { openDialog } from "../shared/shell/dialog.js";
import { empty } from "../shared/shell/states.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { apart, h, show } from "../shared/shell/view.js";
import { named, t } from "../shared/words/i18n.js";

const MISSING = t("请填写。");
const WRONG = {
  place_exists: t("已有这个代码。"),
  code: t("单位和队列用小写字母、数字和横线；办事区如 A1；窗口用二至四位数字。"),
  prefix: t("一或两个大写字母，不用 I 和 O；各队列不同。"),
};

const ask = (path) => list(path, { limit: 500 });

/** Ask for a new place, or for what of one changes; who is touched is said before it is sent. */
function askPlace(kind, place, about, changed) {
  const isNew = !place;
  let tell = null;

  async function submit(form) {
    const given = Object.fromEntries(kind.fields.map(({ name, read }) => [name, read(form, place)]));
    if (isNew) given.code = form.elements.code.value.trim();
    const missing = [...kind.fields.filter(({ required }) => required).map(({ name }) => name), ...(isNew ? ["code"] : [])];
    if (!tellErrors(form, Object.fromEntries(missing.map((name) => [name, String(given[name] ?? "").length ? "" : MISSING])))) return false;
    const touches = !isNew && kind.effects?.(place, given);
    if (touches) {
      tell ??= effectsFirst(form.querySelector(".premises-effects"), touches[0]);
      if (await tell(touches[1])) return false;
    }
    try {
      if (isNew) await command(kind.path, given);
      else await patch(`${kind.path}/${encodeURIComponent(place.code)}`, given);
    } catch (error) {
      if (tellAtFields(form, error, WRONG)) return false;
      if (error.status === 422 && error.errors) toast(t("与其他设置不符"), Object.values(error.errors).flat().join(" "), { bad: true });
      else toastProblem(error);
      return false;
    }
    toast(isNew ? t("已新增") : t("已修改"));
    return changed();
  }

  openDialog({
    title: isNew ? kind.add : t("修改{kind}", { kind: kind.text }), submitText: t("保存"), submit,
    body: [
      isNew && field(t("代码"), h("input", { class: "input", name: "code", required: true, maxlength: 64, autocomplete: "off", spellcheck: false }), { hint: t("以后不能改。") }),
      ...kind.fields.map(({ control }) => control(place, about)),
      h("div", { class: "premises-effects" }),
    ],
  });
}

/** Show the places of a kind in `panel`. */
export function placesView(panel, id, kind) {
  let wanted = "";
  const changed = () => found.load({ anew: false });
  const fits = (place) => [place.code, place.name, place.name_en, place.prefix].some((each) => (each ?? "").toLowerCase().includes(wanted));

  const row = (place, about) => h("tr", { key: place.code, "data-place": place.code },
    h("td", { class: "number" }, place.code),
    h("th", { scope: "row" }, apart(named(place))),
    kind.columns.map(([, cell]) => h("td", {}, cell(place, about))),
    h("td", {}, button("document", t("修改"), () => askPlace(kind, place, about, changed), { deed: "change" })));

  function describe([places, departments, zones, queues]) {
    const about = { departments, zones, queues };
    const shown = places.filter(fits);
    return [
      h("div", { class: "tools" },
        tool(t("查找"), h("input", { class: "input", id: "q", type: "search", maxlength: 60, autocomplete: "off", oninput: ({ target }) => { wanted = target.value.trim().toLowerCase(); paint(); } })),
        button(kind.icon, kind.add, () => askPlace(kind, null, about, changed), { primary: true, small: false, id: "new" })),
      h("p", { class: "quiet", role: "status" }, t("共 {count} 个", { count: shown.length })),
      shown.length
        ? tableCard(kind.text, [t("代码"), t("名称"), ...kind.columns.map(([head]) => head), t("操作")], shown.map((place) => row(place, about)))
        : empty(t("没有这样的记录"), t("换一个条件再查，或新增一个。"), kind.icon),
    ];
  }

  const paint = () => show(panel, found.view());
  const found = loads(() => Promise.all([ask(kind.list ?? kind.path), ask("departments"), ask("zones"), ask("queues")]), describe, paint);
  found.load();
  return found.stop;
}
