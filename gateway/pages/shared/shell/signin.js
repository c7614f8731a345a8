/* The sign-in form of pages for accounts. */
import { focusOn, h, icon, show } from "./view.js";
import { t } from "../words/i18n.js";
import { problemTitle } from "../words/codes.js";

function field(label, attributes) {
  return h("div", { class: "field" }, h("label", { for: attributes.id }, label), h("input", { class: "input", required: true, ...attributes }));
}

/** Show the form in `container`; resolves when the account is signed in. `account` is the demo account to suggest. */
export function askSignIn(container, session, { title, text, account, notice = "" }) {
  return new Promise((done) => {
    let said = notice;
    let tries = 0;
    let busy = false;
    const paint = () => show(container, h("div", { class: "sign-in" }, h("form", { class: "card sign-in-card", onsubmit },
      h("div", {}, h("h1", { class: "sign-in-title" }, title), h("p", { class: "quiet" }, text)),
      h("p", { class: "notice bad", role: "alert", hidden: !said, key: tries }, said),
      field(t("用户名"), { id: "username", name: "username", autocomplete: "username", defaultValue: account ?? "", "data-focus": true }),
      field(t("密码"), { id: "password", name: "password", type: "password", autocomplete: "current-password" }),
      h("button", { type: "submit", class: "button primary large", disabled: busy }, icon("person"), t("登录")),
      account && h("p", { class: "quiet" }, t("演示账号：{account}，密码：demo", { account })))));

    async function onsubmit(event) {
      event.preventDefault();
      const { username, password } = event.currentTarget.elements;
      busy = true;
      paint();
      try {
        await session.signIn(username.value.trim(), password.value);
        return done();
      } catch (problem) {
        tries += 1; /* the same refusal again is said again */
        said = problem.status === 401 ? t("用户名或密码不正确。") : problemTitle(problem);
        password.select();
      }
      busy = false;
      return paint();
    }

    paint();
    focusOn(container);
  });
}
