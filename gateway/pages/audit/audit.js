/* The trail of what the staff do in all services, for administrators. */
import { get } from "../shared/hall/api.js";
import { auditList } from "./list.js";
import { h, icon, show } from "../shared/shell/view.js";
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

/** What following the chain has found, or how far it has come. */
function saidOf({ whole, number, link, fault }) {
  if (whole) {
    return h("span", { class: "notice good" }, icon("check"),
      h("span", {}, t("{number} 条记录完整，未被改动。末条校验值：", { number }), h("code", { class: "audit-link" }, link)));
  }
  return h("span", { class: "notice bad" }, icon("alert"), fault.kind === "missing" ? t("第 {number} 条记录缺失。", { number: fault.number }) : t("第 {number} 条记录被改动过。", { number: fault.number }));
}

function run(main) {
  let said = null;
  let busy = false;

  const paint = () => show(main, h("div", { class: "audit-page" },
    h("div", { class: "audit-head" },
      h("h1", { class: "page-title" }, t("操作记录")),
      h("div", { class: "audit-verify" },
        h("button", { type: "button", class: `button ${busy ? "busy" : ""}`, id: "verify", disabled: busy, onclick: verify }, icon("check"), t("核对完整性")),
        h("p", { class: "audit-said", role: "status" }, said))),
    h("div", { class: "audit-panel" }))); /* its list shows itself */

  const say = (words, { going = false } = {}) => {
    said = words;
    busy = going;
    paint();
  };

  async function verify() {
    say(said, { going: true });
    try {
      const answer = await follow(({ number, entries }) => say(t("已核对 {number} / {entries} 条", { number, entries }), { going: true }));
      say(saidOf(answer));
    } catch (error) {
      if (error.status !== 401) say(h("span", { class: "tag bad" }, icon("alert"), problemTitle(error)));
    }
  }

  paint();
  return auditList(main.querySelector(".audit-panel"));
}

openStaffPage({ title: t("操作记录"), account: "admin", run });
