/* The first start of a hall: the code that was shown when it was started makes its first administrator, who names the hall. */
import { get, post } from "../shared/hall/api.js";
import { field, tellErrors } from "../shared/form/form.js";
import { $, focusOn, h, icon, show } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { PASSWORD_RULE } from "../shared/shell/password.js";
import { openSession } from "../shared/shell/session.js";
import { startShell } from "../shared/shell/shell.js";
import { failed } from "../shared/shell/states.js";
import { problemTitle } from "../shared/words/codes.js";

const MISSING = t("请填写。");
const WRONG = {
  username: t("以小写字母开头，只用小写字母、数字、点、横线和下划线。"),
  password: PASSWORD_RULE,
};
const REFUSED = {
  invalid_credentials: t("开通码不对，或者已经用过、已经失效。"),
  too_many_attempts: t("试错次数太多，请 15 分钟后再试。"),
};

const main = $("main");
const session = openSession("hall-staff", { storage: sessionStorage, expired: () => {} });

const input = (name, attributes = {}) => h("input", { class: "input", name, required: true, maxlength: 100, autocomplete: "off", ...attributes });

const body = ({ elements }) => {
  const given = (name) => elements[name].value.trim();
  return {
    code: given("code"), username: given("username"), name: given("name"), password: elements.password.value,
    hall: { name: given("hall"), name_en: given("hall_en") },
  };
};

/** What is wrong with a form before it is sent, by field. */
function faults({ elements }) {
  const empty = [...elements].filter(({ name, value }) => name && !value.trim()).map(({ name }) => [name, MISSING]);
  const apart = elements.password.value !== elements.again.value && { again: t("两次输入的密码不一样。") };
  return { ...apart, ...Object.fromEntries(empty) };
}

/** What the hall refuses, by the field where it is said. */
function refusals({ code, errors = {} }) {
  if (code in REFUSED) return { code: REFUSED[code] };
  if (code === "username_taken") return { username: t("已有这个账号。") };
  const wrong = Object.keys(errors).map((name) => (name.startsWith("hall") ? ["hall", t("填写的内容有误。")] : [name, WRONG[name] ?? t("填写的内容有误。")]));
  return Object.fromEntries(wrong);
}

async function send(event) {
  event.preventDefault();
  const { target: form } = event;
  if (!tellErrors(form, faults(form))) return;
  paintForm({ busy: true });
  try {
    session.keep(await post("setup", body(form), { anonymous: true }));
    paintDone();
  } catch (error) {
    const refused = refusals(error);
    if (error.code === "already_set_up") paintOpen();
    else paintForm({ notice: Object.keys(refused).length ? "" : problemTitle(error) });
    tellErrors(form, refused);
  }
}

function paintForm({ busy = false, notice = "" } = {}) {
  show(main, h("div", { class: "sign-in" },
    h("form", { class: "card sign-in-card setup-card", novalidate: true, onsubmit: send },
      h("div", {}, h("h1", { class: "sign-in-title" }, t("开通大厅")), h("p", { class: "quiet" }, t("启动系统时显示了开通码，只能用一次。开通的人成为第一个管理员。"))),
      notice && h("p", { class: "notice bad", role: "alert" }, notice),
      field(t("开通码"), input("code", { placeholder: "XXXX-XXXX-XXXX", spellcheck: false, "data-focus": true })),
      field(t("大厅名称"), input("hall")),
      field(t("大厅英文名称"), input("hall_en")),
      field(t("管理员姓名"), input("name", { autocomplete: "name" })),
      field(t("管理员用户名"), input("username", { autocomplete: "username", spellcheck: false, maxlength: 64 }), { hint: WRONG.username }),
      field(t("密码"), input("password", { type: "password", autocomplete: "new-password", maxlength: 128 }), { hint: WRONG.password }),
      field(t("再输入一次密码"), input("again", { type: "password", autocomplete: "new-password", maxlength: 128 })),
      h("button", { type: "submit", class: "button primary large", disabled: busy }, icon("check"), t("开通")))));
}

const card = (title, ...content) => {
  show(main, h("div", { class: "sign-in" }, h("div", { class: "card sign-in-card setup-card" }, h("h1", { class: "sign-in-title", tabindex: "-1", "data-focus": true }, title), content)));
  focusOn(main);
};

const paintDone = () => card(t("大厅已开通"),
  h("p", {}, t("您已登录为管理员。接下来：")),
  h("ol", { class: "setup-next" },
    h("li", {}, h("a", { href: "/accounts" }, t("建立工作人员账号")), t("，说明各人的角色和部门，给出第一个密码。")),
    h("li", {}, h("a", { href: "/workbook" }, t("装载大厅资料")), t("（单位、队列、窗口、事项、办公时间）：下载模板，填好后上传。")),
    h("li", {}, t("资料装载后，各页面即可使用。"))),
  h("a", { class: "button primary large", href: "/accounts" }, icon("person"), t("账号管理")));

const paintOpen = () => card(t("大厅已经开通"),
  h("p", {}, t("这个大厅已有管理员，不需要再开通。")),
  h("a", { class: "button primary large", href: "/" }, icon("home"), t("返回首页")));

async function open() {
  try {
    const { needed } = await get("setup", {}, { anonymous: true });
    if (!needed) return paintOpen();
    paintForm();
    focusOn(main);
  } catch (error) {
    show(main, failed(error, open));
  }
}

startShell({ patient: false }).then(open);
