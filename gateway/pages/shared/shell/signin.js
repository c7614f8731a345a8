/* The sign-in form of pages for accounts. */
import { focusOn, h, icon, show } from "./dom.js";
import { t } from "../words/i18n.js";
import { problemTitle } from "../words/codes.js";

function field(label, attributes) {
  return h("div", { class: "field" }, h("label", { for: attributes.id }, label), h("input", { class: "input", required: true, ...attributes }));
}

/** Show the form in `container`; resolves when the account is signed in. `account` is the demo account to suggest. */
export function askSignIn(container, session, { title, text, account, notice = "" }) {
  return new Promise((done) => {
    const error = h("p", { class: "notice bad", role: "alert", hidden: !notice }, notice);
    const send = h("button", { type: "submit", class: "button primary large" }, icon("person"), t("登录"));
    const form = h(
      "form",
      { class: "card sign-in-card" },
      h("div", {}, h("h1", { class: "sign-in-title" }, title), h("p", { class: "quiet" }, text)),
      error,
      field(t("用户名"), { id: "username", name: "username", autocomplete: "username", value: account ?? "", "data-focus": true }),
      field(t("密码"), { id: "password", name: "password", type: "password", autocomplete: "current-password" }),
      send,
      account && h("p", { class: "quiet" }, t("演示账号：{account}，密码：demo", { account })),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      send.disabled = true;
      try {
        await session.signIn(form.username.value.trim(), form.password.value);
        done();
      } catch (problem) {
        error.hidden = false;
        error.textContent = problem.status === 401 ? t("用户名或密码不正确。") : problemTitle(problem);
        form.password.select();
      } finally {
        send.disabled = false;
      }
    });
    show(container, h("div", { class: "sign-in" }, form));
    focusOn(container);
  });
}
