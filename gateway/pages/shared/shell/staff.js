/* Pages that staff sign in to once for all of them: the account in the header, the links it may follow, signing out. */
import { get, hearOfLosses, list } from "../hall/api.js";
import { letAsk, people } from "../hall/people.js";
import { $, h, icon, show } from "./view.js";
import { links, t } from "../words/i18n.js";
import { openSession } from "./session.js";
import { startShell } from "./shell.js";
import { accountButton } from "./password.js";
import { askSignIn } from "./signin.js";
import { empty, failed, loading } from "./states.js";

const LINKS_IN_HEADER = 2; /* more have a bar of their own below it */

const COUNT_TASKS_MS = 120_000;

const KNOWN = "hall-staff-known";

/** Whether an account may do one of these operations of the API. */
export const may = (me, ...operations) => operations.some((operation) => me.permissions.includes(operation));

const link = ({ path, icon: name, text }) =>
  h("a", { class: "header-button", href: path, "aria-current": location.pathname === path ? "page" : null }, icon(name), text);

function showBar(nav) {
  $("staff-bar").hidden = !nav;
  show($("staff-bar"), nav);
  $("staff-bar").querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" }); /* on a phone the bar is longer than the screen */
}

/** Open a page for accounts that may do one of its operations. `run(main, me)` shows it and returns how to stop it;
 * `account` is the demo account that the form suggests; an `offline` page opens without a connection for who was signed in;
 * `kept(me)` says what of an account whose sign-in has expired is kept until it signs in again. */
export async function openStaffPage({ title, account, run, offline = false, kept = () => "" }) {
  const main = $("main");
  const here = links.find(({ path }) => path === location.pathname);
  let stop = null;
  let tasks = 0;
  let counting = null;

  const close = () => {
    stop?.();
    stop = null;
    clearInterval(counting);
    counting = null;
    sessionStorage.removeItem(KNOWN);
    showBar(null);
    show($("account"));
  };
  const session = openSession("hall-staff", {
    storage: sessionStorage,
    expired: () => {
      const waits = kept(JSON.parse(sessionStorage.getItem(KNOWN) ?? "{}"));
      close();
      open([t("登录已过期，请重新登录。"), waits].filter(Boolean).join(" "));
    },
  });

  async function leave() {
    if (await session.leave()) return;
    close();
    open();
  }

  async function whoIsThis() {
    try {
      const me = await get("auth/me");
      sessionStorage.setItem(KNOWN, JSON.stringify(me));
      return me;
    } catch (error) {
      const known = JSON.parse(sessionStorage.getItem(KNOWN) ?? "null");
      if (!offline || !error.unanswered || !known) throw error;
      return known;
    }
  }

  function paintAccount(me) {
    const open = links.filter(({ operations }) => may(me, ...operations)).map(link);
    const inbox = links.find(({ operations }) => !operations.length);
    const nav = h("nav", { class: "staff-links", "aria-label": t("工作页面") }, open);
    const below = open.length > LINKS_IN_HEADER;
    showBar(below && nav);
    const paint = () => show($("account"),
      !below && nav,
      h("a", { class: "header-button", id: "inbox", href: inbox.path, "aria-current": here === inbox ? "page" : null },
        icon(inbox.icon), t("待办"), tasks > 0 && h("span", { class: "header-count number" }, tasks)),
      accountButton(me, session),
      h("button", { type: "button", class: "header-button", id: "leave", onclick: leave }, icon("leave"), t("退出登录")));
    paint();
    clearInterval(counting);
    const countTasks = async () => {
      const found = await list("inbox", { limit: 500 }).catch(() => []); /* a count that is not known is none */
      tasks = found.length;
      if (counting === own) paint();
    };
    const own = setInterval(countTasks, COUNT_TASKS_MS);
    counting = own;
    countTasks();
  }

  async function open(notice = "") {
    if (!session.token()) {
      await askSignIn(main, session, { title, text: t("请用有权限的工作人员账号登录。"), account: hall?.demo ? account : null, notice });
    }
    show(main, loading());
    try {
      const me = await whoIsThis();
      letAsk(may(me, "list_people"));
      paintAccount(me);
      await people(); /* so that nobody is shown by an account first, and by name then */
      if (!session.token()) return; /* signed out meanwhile */
      if (!here.operations.length || may(me, ...here.operations)) stop = run(main, me);
      else show(main, empty(t("此账号不能使用本页面"), t("请退出后用有权限的账号登录。"), "alert"));
    } catch (error) {
      if (error.status !== 401) show(main, failed(error, () => open()));
    }
  }

  if (offline) hearOfLosses();
  const hall = await startShell({ patient: !offline });
  await open();
}
