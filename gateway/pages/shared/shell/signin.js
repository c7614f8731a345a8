/* The sign-in form of pages for accounts. */
import { focusOn, h, icon, show } from "./view.js";
import { singleSignOn, t } from "../words/i18n.js";
import { problemTitle } from "../words/codes.js";

const CAME_BACK = "hall_signed_on"; /* a cookie without content: there is something to fetch */

/** Fetch what coming back from the issuer has led to, where somebody has; returns a notice, null when the account is signed in. */
async function comeBack(session, notice) {
  if (!document.cookie.split("; ").some((each) => each.startsWith(`${CAME_BACK}=`))) return notice;
  document.cookie = `${CAME_BACK}=; Path=/; Max-Age=0; SameSite=Lax`;
  return session.comeBack().then(() => null, problemTitle);
}

const issuerLink = () => h("a", { class: "button large", id: "single-sign-on", href: `/api/v1/auth/oidc/login?return_to=${encodeURIComponent(location.pathname + location.hash)}` },
  icon("person"), t("单点登录"));

function field(label, attributes) {
  return h("div", { class: "field" }, h("label", { for: attributes.id }, label), h("input", { class: "input", required: true, ...attributes }));
}

/** Show the form in `container`; resolves when the account is signed in. `account` is the demo account to suggest. */
export async function askSignIn(container, session, { title, text, account, notice = "" }) {
  let said = await comeBack(session, notice);
  if (said === null) return null;
  return new Promise((done) => {
    let tries = 0;
    let busy = false;
    const paint = () => show(container, h("div", { class: "sign-in" }, h("form", { class: "card sign-in-card", onsubmit },
      h("div", {}, h("h1", { class: "sign-in-title" }, title), h("p", { class: "quiet" }, text)),
      h("p", { class: "notice bad", role: "alert", hidden: !said, key: tries }, said),
      field(t("用户名"), { id: "username", name: "username", autocomplete: "username", defaultValue: account ?? "", "data-focus": true }),
      field(t("密码"), { id: "password", name: "password", type: "password", autocomplete: "current-password" }),
      h("button", { type: "submit", class: "button primary large", disabled: busy }, icon("person"), t("登录")),
      singleSignOn && issuerLink(),
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
