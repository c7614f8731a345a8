/* What an administrator does with an item: add, adjust, withdraw, each from a day on. */
import { command, newKey, post } from "../shared/hall/api.js";
import { changedOf, faultsOf, itemFields, itemOf, whenFields, whenOf } from "./form.js";
import { today } from "../shared/shell/clock.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon } from "../shared/shell/view.js";
import { effectsFirst, effectsTeller } from "../shared/hall/effects.js";
import { tellAtFields, tellErrors } from "../shared/form/form.js";
import { dayOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { toast, toastProblem } from "../shared/shell/toast.js";

const WRONG = {
  code: t("只用字母、数字、点、横线，最多 64 个。"),
  department: t("没有这样的部门。"),
  queue: t("这个队列不属于所选部门。"),
  chains: t("没有这样的业务链。"),
  materials: t("最多 50 项，每项最多 300 字。"),
  effective_from: t("生效日期不得早于今天。"),
};

/* Refusals that are said at a field, by their code. */
const REFUSALS = {
  item_exists: { code: t("这个编号已经有了。") },
  item_withdrawn: { effective_from: t("事项到这一天已经取消。") },
  item_not_yet_offered: { effective_from: t("事项到这一天还没有开始办理。") },
};

/** Write what the API refuses at the fields it names, the rest in the corner. */
function tellRefusal(form, error) {
  if (error.code in REFUSALS) tellErrors(form, REFUSALS[error.code]);
  else if (!tellAtFields(form, error, WRONG)) toastProblem(error);
}

/** Open a dialog whose form `sends(form)` a command, or false when the form is not right yet; `done(item)` hears the answer. */
function ask({ title, submitText, danger = false, body, sends, said, done }) {
  let answer = null;
  const dialog = openDialog({
    title, submitText, danger, body, cancelText: t("关闭"),
    submit: async (form) => {
      try {
        answer = await sends(form);
        return answer !== false;
      } catch (error) {
        tellRefusal(form, error);
        return false;
      }
    },
  });
  dialog.classList.add("wide");
  dialog.addEventListener("close", () => {
    if (!answer) return;
    const coming = answer.effective_from > today() && t("自 {day} 起生效", { day: dayOf(answer.effective_from) });
    toast(said, [named(answer), coming].filter(Boolean).join(" · "));
    done(answer);
  });
  return dialog;
}

/** Where a dialog says whom a change touches. */
const effectsPlace = (dialog) => dialog.querySelector("[role=status]");

/** Of an item that is only announced the first day, else today: nothing can change before. */
const earliest = (item) => (item.effective_from > today() ? item.effective_from : today());

const pathOf = (item) => `items/${encodeURIComponent(item.code)}`;

export const add = (lists, done) => ask({
  title: t("新增事项"), submitText: t("新增事项"), said: t("事项已新增"), done,
  body: () => [itemFields(null, lists), whenFields(today(), today())],
  sends: (form) => {
    const wanted = itemOf(form);
    return tellErrors(form, faultsOf(wanted)) && command("items", { ...wanted, ...whenOf(form) });
  },
});

export function adjust(item, lists, done) {
  const key = newKey();
  let same = false;
  let sent = "";
  let turn = 0;

  const dialog = ask({
    title: t("调整“{name}”", { name: named(item) }), submitText: t("保存"), said: t("调整已登记"), done,
    body: () => [
      itemFields(item, lists), whenFields(earliest(item), earliest(item)),
      h("p", { class: "notice warn", role: "alert", hidden: !same }, icon("info"), h("span", {}, t("没有改动，不必保存。"))),
      h("div", { role: "status" }),
    ],
    sends: async (form) => {
      const wanted = itemOf(form);
      const changes = changedOf(wanted, item);
      const right = tellErrors(form, faultsOf(wanted));
      same = right && Object.keys(changes).length === 0;
      dialog.paint();
      if (!right || same) return false;
      const body = { ...changes, ...whenOf(form) };
      const { department, effective_from } = body;
      if (department && (await first({ department, effective_from }))) return false;
      if (sent !== JSON.stringify(body)) turn += 1; /* the same again, after no answer came, is the same command */
      sent = JSON.stringify(body);
      return post(pathOf(item), body, { method: "PATCH", key: `${key}-${turn}` });
    },
  });
  const first = effectsFirst(effectsPlace(dialog), pathOf(item));
}

export function withdraw(item, done) {
  const day = earliest(item);
  const dialog = ask({
    title: t("取消“{name}”", { name: named(item) }), submitText: t("取消事项"), danger: true, said: t("取消已登记"), done,
    body: () => [
      h("p", { class: "notice warn" }, icon("alert"), h("span", {}, t("自生效日期起不再取号、预约和受理这个事项；指南上注明已取消。取消后不能在本页恢复。"))),
      whenFields(day, day, { autofocus: true, onchange: ({ target }) => tell(target.value) }),
      h("div", { role: "status" }),
    ],
    sends: (form) => command(`${pathOf(item)}/withdraw`, whenOf(form)),
  });
  const teller = effectsTeller(effectsPlace(dialog), pathOf(item));
  const tell = (from) => teller(from && { effective_from: from });
  tell(day);
}
