/* Kiosks: registered here, enrolled at the device with the code that is shown once, locked out when one is gone. */
import { command, list } from "../shared/hall/api.js";
import { zones } from "../shared/hall/directory.js";
import { field, tellErrors } from "../shared/form/form.js";
import { openDialog } from "../shared/shell/dialog.js";
import { apart, h, icon, show } from "../shared/shell/view.js";
import { whenWords } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { toast, toastProblem } from "../shared/shell/toast.js";
import { table } from "./table.js";

const MISSING = t("请填写。");
const WRONG = { code: t("只用字母、数字、点、横线和下划线。") };
const STATES = { registered: [t("等待登记"), "warn"], enrolled: [t("使用中"), "good"], revoked: [t("已作废"), "bad"] };
const HEADS = [t("编号"), t("名称"), t("办事区"), t("状态"), t("操作")];

const showCode = ({ enrolment_code: code, expires_at: until }) => openDialog({
  title: t("取号机登记码"),
  body: [
    h("p", {}, t("在取号机上打开 {address}，输入：", { address: `${location.origin}/kiosk` })),
    h("p", { class: "account-password number" }, code),
    h("p", { class: "quiet" }, t("只能用一次，{when} 前有效，关闭后不再显示。", { when: whenWords(until) })),
  ],
});

const register = (kiosk) => command("kiosks", kiosk);

/** Ask for a new kiosk; once the dialog is closed its code is shown. */
function askKiosk(places, changed) {
  let made = null;
  const dialog = openDialog({
    title: t("新增取号机"),
    body: [
      field(t("编号"), h("input", { class: "input", name: "code", required: true, maxlength: 64, autocomplete: "off", autofocus: true }), { hint: WRONG.code }),
      field(t("名称"), h("input", { class: "input", name: "name", required: true, maxlength: 100, autocomplete: "off" }), { hint: t("例如：一楼东门") }),
      field(t("办事区"), h("select", { class: "input", name: "zone" }, h("option", { value: "" }, t("全大厅")), places.map((zone) => h("option", { value: zone.code }, named(zone))))),
    ],
    submitText: t("给出登记码"),
    submit: async (form) => {
      const { elements } = form;
      const given = { code: elements.code.value.trim(), name: elements.name.value.trim(), zone: elements.zone.value || null };
      if (!tellErrors(form, { ...(!given.code && { code: MISSING }), ...(!given.name && { name: MISSING }) })) return false;
      try {
        made = await register(given);
      } catch (error) {
        if (!error.errors) toastProblem(error);
        tellErrors(form, Object.fromEntries(Object.keys(error.errors ?? {}).map((name) => [name, WRONG[name] ?? t("填写的内容有误。")])));
        return false;
      }
      return changed();
    },
  });
  dialog.addEventListener("close", () => made && showCode(made));
}

/** Give a kiosk another code. */
async function askCode({ code, name, zone }, changed) {
  try {
    showCode(await register({ code, name, zone }));
  } catch (error) {
    toastProblem(error);
  }
  changed();
}

const askRevoke = (kiosk, changed) => openDialog({
  title: t("作废取号机"), danger: true,
  body: h("p", {}, t("{name} 立即不能取号，重新登记后才能再用。", { name: kiosk.name })),
  submitText: t("作废"),
  submit: async () => {
    try {
      await command(`kiosks/${encodeURIComponent(kiosk.code)}/revoke`);
    } catch (error) {
      toastProblem(error);
      return false;
    }
    toast(t("已作废"));
    return changed();
  },
});

function row(kiosk, zoneName, changed) {
  const [text, tone] = STATES[kiosk.state] ?? [kiosk.state, ""];
  return h("tr", { key: kiosk.code, "data-kiosk": kiosk.code },
    h("td", { class: "number" }, kiosk.code),
    h("td", {}, apart(kiosk.name)),
    h("td", {}, kiosk.zone ? zoneName(kiosk.zone) : t("全大厅")),
    h("td", {}, h("span", { class: `tag ${tone}` }, text), kiosk.state === "enrolled" && h("span", { class: "quiet" }, ` ${whenWords(kiosk.enrolled_at)}`)),
    h("td", {}, h("div", { class: "account-deeds" },
      h("button", { type: "button", class: "button small", "data-deed": "code", onclick: () => askCode(kiosk, changed) }, t("新登记码")),
      kiosk.state !== "revoked" && h("button", { type: "button", class: "button small", "data-deed": "revoke", onclick: () => askRevoke(kiosk, changed) }, t("作废")))));
}

/** Show the kiosks in `panel`. */
export function kiosksView(panel) {
  let turn = 0;

  async function load() {
    const own = (turn += 1);
    try {
      const [kiosks, places] = await Promise.all([list("kiosks"), zones()]);
      if (own !== turn) return;
      const names = new Map(places.map((zone) => [zone.code, named(zone)]));
      const rows = kiosks.map((kiosk) => row(kiosk, (code) => names.get(code) ?? code, load));
      show(panel,
        h("div", { class: "tools" }, h("button", { type: "button", class: "button primary", id: "new-kiosk", onclick: () => askKiosk(places, load) }, icon("kiosk"), t("新增取号机"))),
        rows.length ? table(t("取号机"), HEADS, rows) : empty(t("还没有取号机"), t("新增一台，再到设备上输入登记码。"), "kiosk"));
    } catch (error) {
      if (own === turn && error.status !== 401) show(panel, failed(error, load));
    }
  }

  show(panel, loading());
  load();
  return () => (turn += 1);
}
