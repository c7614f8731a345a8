/* Kiosks: registered here, enrolled at the device with the code that is shown once, locked out when one is gone. */
import { command, list } from "../shared/hall/api.js";
import { zones } from "../shared/hall/directory.js";
import { button } from "../shared/form/controls.js";
import { askFor } from "../shared/form/deed.js";
import { loadsInto, tableCard } from "../shared/form/parts.js";
import { openDialog } from "../shared/shell/dialog.js";
import { apart, h } from "../shared/shell/view.js";
import { whenWords } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { empty } from "../shared/shell/states.js";
import { toastProblem } from "../shared/shell/toast.js";

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
  const text = (name, most) => () => h("input", { class: "input", name, required: true, maxlength: most, autocomplete: "off" });
  askFor({
    title: t("新增取号机"), submitText: t("给出登记码"), done: t("已登记"), wrong: WRONG,
    fields: [
      { name: "code", label: t("编号"), hint: WRONG.code, missing: MISSING, control: text("code", 64) },
      { name: "name", label: t("名称"), hint: t("例如：一楼东门"), missing: MISSING, control: text("name", 100) },
      { name: "zone", label: t("办事区"), control: () => h("select", { class: "input", name: "zone" }, h("option", { value: "" }, t("全大厅")), places.map((zone) => h("option", { value: zone.code }, named(zone)))) },
    ],
    send: async ({ zone, ...given }) => (made = await register({ ...given, zone: zone || null })),
    changed: () => {
      changed();
      if (made) setTimeout(() => showCode(made)); /* once the question's dialog is closed */
    },
  });
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

const askRevoke = ({ code, name }, changed) => askFor({
  title: t("作废取号机"), danger: true, submitText: t("作废"), done: t("已作废"), changed,
  asks: t("{name} 立即不能取号，重新登记后才能再用。", { name }), send: () => command(`kiosks/${encodeURIComponent(code)}/revoke`),
});

function row(kiosk, zoneName, changed) {
  const [text, tone] = STATES[kiosk.state] ?? [kiosk.state, ""];
  return h("tr", { key: kiosk.code, "data-kiosk": kiosk.code },
    h("td", { class: "number" }, kiosk.code),
    h("td", {}, apart(kiosk.name)),
    h("td", {}, kiosk.zone ? zoneName(kiosk.zone) : t("全大厅")),
    h("td", {}, h("span", { class: `tag ${tone}` }, text), kiosk.state === "enrolled" && h("span", { class: "quiet" }, ` ${whenWords(kiosk.enrolled_at)}`)),
    h("td", {}, h("div", { class: "account-deeds" },
      button("repeat", t("新登记码"), () => askCode(kiosk, changed), { deed: "code" }),
      kiosk.state !== "revoked" && button("close", t("作废"), () => askRevoke(kiosk, changed), { deed: "revoke" }))));
}

/** Show the kiosks in `panel`. */
export function kiosksView(panel) {
  const changed = () => view.load({ anew: false });

  const view = loadsInto(panel, () => Promise.all([list("kiosks"), zones()]), ([kiosks, places]) => {
    const names = new Map(places.map((zone) => [zone.code, named(zone)]));
    return [
      h("div", { class: "tools" }, button("kiosk", t("新增取号机"), () => askKiosk(places, changed), { primary: true, small: false, id: "new-kiosk" })),
      kiosks.length
        ? tableCard(t("取号机"), HEADS, kiosks.map((kiosk) => row(kiosk, (code) => names.get(code) ?? code, changed)))
        : empty(t("还没有取号机"), t("新增一台，再到设备上输入登记码。"), "kiosk"),
    ];
  });

  view.load();
  return view.stop;
}
