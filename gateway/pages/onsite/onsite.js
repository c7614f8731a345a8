/* Asking staff to come: which item, then where, when and for whom. The address names the view after #. */
import { ApiError } from "../shared/hall/api.js";
import { booking, change } from "../shared/booking/draft.js";
import { finish } from "../shared/booking/commands.js";
import { heading, listDepartment } from "../shared/booking/item.js";
import { departmentsByCode } from "../shared/hall/directory.js";
import { $, focusOn, h, icon, show } from "../shared/shell/view.js";
import { withToken } from "../shared/hall/holder.js";
import { named, t } from "../shared/words/i18n.js";
import { ItemFinder } from "../shared/booking/item-finder.js";
import { LookupForm } from "../shared/form/reference.js";
import { askVisit } from "./form.js";
import { startShell } from "../shared/shell/shell.js";
import { failed, loading } from "../shared/shell/states.js";
import { Fragment } from "../shared/vendor/preact.js";

const main = $("main");
let turn = 0;
let shown = ""; /* one of VIEWS */
let described = loading; /* what it describes */

const place = () => decodeURIComponent(location.hash.replace(/^#\/?/, ""));

/** What views may do besides showing themselves. */
const way = {
  hall: null,
  go: (to) => {
    location.hash = `#/${to}`;
  },
  paint: () => show(main, frame(shown, h(Fragment, { key: described }, described()))), /* nothing of another view stays */
  done: ({ id, token }) => finish(withToken(`/onsite/${encodeURIComponent(id)}`, token)),
};

const comesTag = (comes) => (comes
  ? h("span", { class: "tag good" }, icon("home"), t("可上门"))
  : h("span", { class: "tag" }, icon("kiosk"), t("到大厅办理")));

const departmentList = (departments) =>
  h("section", { class: "card", "aria-labelledby": "comes-title" },
    h("h2", { class: "step-subtitle onsite-departments", id: "comes-title" }, t("提供上门服务的部门")),
    h("ul", {}, departments.filter(({ offers_three_services: comes }) => comes).map((each) =>
      h("li", {}, h("button", { type: "button", class: "department-row", onclick: () => way.go(`department/${each.code}`) },
        h("span", {}, named(each)), icon("forward"))))));

async function findItem() {
  const departments = await departmentsByCode();
  return () => h("div", { class: "step-view" },
    heading(t("申请工作人员上门")),
    h("p", { class: "quiet" }, t("行动不便或有需要时，工作人员到您那里受理。输入名称、拼音、拼音首字母或编号")),
    h(ItemFinder, {
      choose: ({ code }) => way.go(`item/${code}`),
      note: ({ department }) => comesTag(departments.get(department)?.offers_three_services),
      idle: () => departmentList([...departments.values()]),
      text: booking().text,
      typed: (text) => change({ text }),
    }),
    h("p", { class: "step-manage" }, h("a", { href: "#/find" }, t("已经申请？查询进度或取消"))));
}

const findOrder = async () => () => h("div", { class: "step-view" },
  heading(t("查询上门申请")),
  h(LookupForm, {
    path: "onsite-orders/lookup",
    page: "/onsite",
    words: {
      reference: t("申请号"),
      wrong: t("申请号是 8 位字母和数字。"),
      phone: t("申请时填写的号码"),
      missing: t("没有找到这个申请。请核对申请号和申请时填写的手机号。"),
    },
  }));

const VIEWS = { "": findItem, find: findOrder, department: (rest) => listDepartment(way, rest), item: (rest) => askVisit(way, rest) };

const frame = (name, content) => h("div", { class: "step-page" },
  name && h("a", { class: "button plain back-link", href: "#/" }, icon("back"), t("上一步")), content);

async function render() {
  const own = (turn += 1);
  const [asked, rest = ""] = place().split("/");
  shown = asked in VIEWS ? asked : "";
  described = loading;
  way.paint();
  const view = await VIEWS[shown](rest).catch((error) => {
    if (!(error instanceof ApiError)) throw error;
    return () => failed(error, render);
  });
  if (own !== turn) return;
  described = view;
  way.paint();
  scrollTo(0, 0);
  focusOn(main);
}

async function begin() {
  show(main, loading());
  way.hall = await startShell();
  addEventListener("hashchange", render);
  return render();
}

begin();
