/* The receipt of an accepted case, printed for the applicant, and the cases the clerk has accepted today. */
import { get, list } from "../shared/hall/api.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { openDialog } from "../shared/shell/dialog.js";
import { h, icon, made } from "../shared/shell/view.js";
import { dayOf, whenWords } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { empty } from "../shared/shell/states.js";
import { toastProblem } from "../shared/shell/toast.js";

const RECEIPT = "receipt-alone";
const TODAY_AT_MOST = 500;

const nameOf = (material) => (typeof material === "string" ? material : named(material));

const fact = (name, content) => content && h("div", {}, h("dt", {}, name), h("dd", {}, content));

function receipt(accepted, { item, department, hall }) {
  const materials = (item.materials ?? []).map(nameOf);
  return h("section", { class: "receipt" },
    h("p", { class: "receipt-hall" }, named(hall)),
    h("h1", { class: "receipt-title" }, t("受理回执")),
    h("dl", { class: "fact-list card" },
      fact(t("办件编号"), accepted.number), fact(t("事项"), named(item)), fact(t("办理单位"), named(department) || accepted.department),
      fact(t("受理时间"), whenWords(accepted.accepted_at)), fact(t("应办结日期"), accepted.due_on && dayOf(accepted.due_on)), fact(t("受理窗口"), accepted.window)),
    materials.length > 0 && h("div", {}, h("h2", { class: "receipt-part" }, t("事项要求的材料")), h("ul", {}, materials.map((name) => h("li", {}, name)))),
    h("p", { class: "receipt-note" }, t("请妥善保管本回执；查询办理进度、领取结果时请出示办件编号。")),
    h("p", { class: "receipt-sign" }, t("经办人（签章）"), h("span", {})));
}

/** Print the receipt of a case, alone on its paper. */
async function printReceipt(accepted, hall) {
  try {
    const [item, departments] = await Promise.all([get(`items/${encodeURIComponent(accepted.item)}`), departmentsByCode()]);
    const paper = made(receipt(accepted, { item, department: departments.get(accepted.department), hall }));
    document.body.append(paper);
    document.body.classList.add(RECEIPT);
    addEventListener("afterprint", () => {
      paper.remove();
      document.body.classList.remove(RECEIPT);
    }, { once: true });
    print();
  } catch (error) {
    toastProblem(error);
  }
}

export const receiptButton = (accepted, hall) =>
  h("button", { type: "button", class: "button receipt-button", "data-action": `receipt-${accepted.number}`, onclick: () => printReceipt(accepted, hall) },
    icon("print"), t("打印回执"));

/** Show what the clerk has accepted today, the newest first, each with its receipt. */
export async function showToday(hall) {
  try {
    const cases = await list("cases/mine", { limit: TODAY_AT_MOST });
    const codes = [...new Set(cases.map(({ item }) => item))];
    const items = new Map(await Promise.all(codes.map(async (code) => [code, await get(`items/${encodeURIComponent(code)}`).catch(() => ({ name: code }))])));
    const row = (each) =>
      h("li", { class: "case" }, h("strong", { class: "number" }, each.number), h("span", { class: "case-item" }, named(items.get(each.item))),
        h("span", { class: "quiet number" }, whenWords(each.accepted_at)), receiptButton(each, hall));
    openDialog({
      title: t("我今天受理的办件（{count}）", { count: cases.length }),
      body: () => cases.length ? h("ul", { class: "today-cases", tabindex: "0" }, cases.map(row)) : empty(t("今天还没有受理办件"), "", "case"),
    });
  } catch (error) {
    toastProblem(error);
  }
}
