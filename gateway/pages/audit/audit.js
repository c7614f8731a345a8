/* The trail of what the staff do in all services, for administrators. */
import { get } from "../shared/hall/api.js";
import { auditList } from "./list.js";
import { h, icon, show } from "../shared/shell/dom.js";
import { whileBusy } from "../shared/form/form.js";
import { t } from "../shared/words/i18n.js";
import { openStaffPage } from "../shared/shell/staff.js";
import { problemTitle } from "../shared/words/codes.js";

/** Follow the chain stretch by stretch; `told(answer)` hears of each. */
async function follow(told) {
  let answer = { next: 0 };
  while (answer.next !== null) {
    answer = await get("audit/verify", { after: answer.next });
    told(answer);
  }
  return answer;
}

function verifyPart() {
  const said = h("p", { class: "audit-said", role: "status" });
  const button = h("button", { type: "button", class: "button", id: "verify" }, icon("check"), t("核对完整性"));
  const count = ({ number, entries }) => show(said, t("已核对 {number} / {entries} 条", { number, entries }));
  button.addEventListener("click", () => whileBusy(button, async () => {
    try {
      const { whole, number, link, fault } = await follow(count);
      show(said, whole
        ? h("span", { class: "notice good" }, icon("check"), h("span", {}, t("{number} 条记录完整，未被改动。末条校验值：", { number }), h("code", { class: "audit-link" }, link)))
        : h("span", { class: "notice bad" }, icon("alert"), fault.kind === "missing" ? t("第 {number} 条记录缺失。", { number: fault.number }) : t("第 {number} 条记录被改动过。", { number: fault.number })));
    } catch (error) {
      if (error.status !== 401) show(said, h("span", { class: "tag bad" }, icon("alert"), problemTitle(error)));
    }
  }));
  return h("div", { class: "audit-verify" }, button, said);
}

function run(main) {
  const panel = h("div", { class: "audit-panel" });
  show(main, h("div", { class: "audit-page" }, h("div", { class: "audit-head" }, h("h1", { class: "page-title" }, t("操作记录")), verifyPart()), panel));
  return auditList(panel);
}

openStaffPage({ title: t("操作记录"), account: "admin", run });
