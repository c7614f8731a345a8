/* One item of the guide: what it is, where it is done, what to bring, and since when it is so. */
import { ApiError, list } from "../shared/hall/api.js";
import { aboutItem } from "../shared/booking/facts.js";
import { today } from "../shared/shell/clock.js";
import { $, focusOn, h, icon, show } from "../shared/shell/view.js";
import { dayOf } from "../shared/words/format.js";
import { actionTag, catalogueNames, changeList } from "../shared/lists/changes.js";
import { factsOf } from "./item-facts.js";
import { spanOf } from "../shared/words/closed.js";
import { inChinese, language, named, namedOtherwise, page, t } from "../shared/words/i18n.js";
import { startShell } from "../shared/shell/shell.js";
import { empty, failed, loading } from "../shared/shell/states.js";
import { windowsOf } from "../shared/hall/windows.js";

const LIST_KEPT = "hall-guide-list";
const main = $("main");

const backLink = () =>
  h("a", { class: "button plain back-link", href: `/guide${sessionStorage.getItem(LIST_KEPT) ?? ""}` }, icon("back"), t("返回事项列表"));

const code = encodeURIComponent(page.item);

const ways = ({ item, department }) => item.state === "active" && h("div", { class: "guide-ways" },
  department?.offers_three_services && [
    h("a", { class: "button primary large", href: `/book?item=${code}` }, icon("calendar"), t("预约办事")),
    h("a", { class: "button large", href: `/onsite#/item/${code}` }, icon("home"), t("上门服务"))],
  h("button", { type: "button", class: "button large", onclick: () => print() }, icon("print"), t("打印")));

const walkIn = ({ item, department }) => item.state === "active" && !department?.offers_three_services &&
  h("p", { class: "notice guide-walk-in" }, icon("kiosk"), h("span", {}, t("这个事项不用预约，请在办公时间到大厅取号办理。")));

/** When an item ended: an adjustment that took effect later is none of its end. */
const endOf = (item, revisions) => revisions.find(({ action, effective_from: day }) => action === "withdrawn" && day <= today())?.effective_from ?? item.effective_from;

const withdrawnNotice = ({ item }, revisions) => item.state === "withdrawn" &&
  h("p", { class: "notice bad", role: "status" }, icon("alert"), h("strong", {}, t("这个事项已于 {day} 取消，不再办理。", { day: dayOf(endOf(item, revisions)) })));

function comingNotice(revisions, nameOf) {
  const coming = revisions.filter(({ effective_from: day }) => day > today()).reverse();
  return coming.length > 0 && h("section", { class: "notice warn guide-coming", "aria-labelledby": "coming-title" }, icon("clock"), h("div", {},
    h("h2", { class: "guide-coming-title", id: "coming-title" }, t("即将生效的变更")),
    h("ul", {}, coming.map((one) => h("li", {}, h("p", {}, h("strong", {}, dayOf(one.effective_from)), actionTag(one)), changeList(one, nameOf))))));
}

/** When the hall or the item's department is closed although it usually serves. */
const closuresNotice = ({ item }, closures) => {
  const ours = closures.filter(({ scope, department }) => scope === "hall" || department === item.department);
  return ours.length > 0 && h("section", { class: "notice warn", "aria-labelledby": "closures-title" }, icon("clock"), h("div", {},
    h("h2", { class: "guide-coming-title", id: "closures-title" }, t("临时停办")),
    h("ul", {}, ours.map((one) => h("li", { key: one.id }, h("strong", {}, spanOf(one)), t("：{reason}", { reason: named(one, "reason") }))))));
};

/** The closures that are on or come, those that begin first in front; the guide does without them. */
async function closuresAhead() {
  const found = await Promise.all(["running", "coming"].map((state) => list("closures", { state }).catch(() => [])));
  return found.flat().sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at));
}

/** What to bring, with boxes to tick on paper. */
const materials = ({ item }) => h("section", { class: "card guide-part", "aria-labelledby": "bring-title" },
  h("h2", { class: "guide-part-title", id: "bring-title" }, icon("document"), t("所需材料"), item.materials?.length > 0 && h("span", { class: "list-count" }, t("{count} 项", { count: item.materials.length }))),
  item.materials?.length > 0 && language !== "zh" && h("p", { class: "quiet" }, t("材料名称为中文原文。")),
  item.materials?.length
    ? h("ol", { class: "guide-materials", lang: inChinese }, item.materials.map((material, index) =>
      h("li", {}, h("span", { class: "guide-box", "aria-hidden": "true" }), h("span", { class: "guide-place number", "aria-hidden": "true" }, index + 1), h("span", {}, material))))
    : h("p", { class: "quiet" }, t("没有列出材料，请向窗口咨询。")));

function guideText({ item }) {
  const text = named(item, "guide");
  return text && h("section", { class: "card guide-part", "aria-labelledby": "guide-title" },
    h("h2", { class: "guide-part-title", id: "guide-title" }, icon("info"), t("办理说明")),
    h("p", { class: "guide-words", lang: item.guide_en ? undefined : inChinese }, text));
}

function record(revisions, nameOf) {
  const past = revisions.filter(({ effective_from: day }) => day <= today());
  return past.length > 0 && h("section", { class: "card guide-part guide-record", "aria-labelledby": "record-title" },
    h("h2", { class: "guide-part-title", id: "record-title" }, icon("calendar"), t("变更记录")),
    h("ol", { class: "guide-revisions" }, past.map((one) => h("li", {},
      h("time", { datetime: one.effective_from }, dayOf(one.effective_from)), actionTag(one), changeList(one, nameOf)))));
}

function itemView(about, { hall, revisions, nameOf, windows, closures }) {
  const { item } = about;
  const other = namedOtherwise(item);
  return h("article", { class: "guide-item", "aria-labelledby": "item-title" },
    backLink(),
    h("header", { class: "guide-item-head" },
      h("p", { class: "guide-item-code number" }, item.code),
      h("h1", { class: "guide-title", id: "item-title", tabindex: "-1", "data-focus": true }, named(item)),
      other && h("p", { class: "quiet", lang: language === "zh" ? "en" : "zh-CN" }, other),
      withdrawnNotice(about, revisions), walkIn(about), ways(about)),
    item.state === "active" && closuresNotice(about, closures),
    item.state === "active" && comingNotice(revisions, nameOf),
    h("div", { class: "guide-columns" },
      h("div", { class: "guide-side" }, factsOf(about, { nameOf, windows })),
      h("div", { class: "guide-main" }, materials(about), guideText(about), record(revisions, nameOf))),
    h("p", { class: "guide-printed" }, t("{hall}，{day} 打印自 {address}", { hall: named(hall), address: location.origin + location.pathname, day: dayOf(today()) })));
}

/** An item that there is none of: perhaps it is only announced. */
function missing(revisions) {
  const first = revisions.findLast(({ action }) => action === "added");
  return h("div", { class: "guide-item" }, backLink(), first
    ? empty(named(first), t("这个事项自 {day} 起办理。", { day: dayOf(first.effective_from) }), "clock")
    : empty(t("没有这个事项"), t("事项编号“{code}”不在目录中，请返回查找。", { code: page.item }), "question"));
}

async function open(hall) {
  show(main, loading());
  const recorded = list("catalogue/revisions", { item: page.item, limit: 100 }).catch(() => []); /* the guide does without them */
  let content;
  try {
    const about = await aboutItem(page.item);
    const [revisions, nameOf, windows, closures] = await Promise.all([recorded, catalogueNames(), windowsOf(about.item), closuresAhead()]);
    content = itemView(about, { hall, revisions, nameOf, windows, closures });
    document.title = `${named(about.item)} · HallFlow`;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    content = error.status === 404 || error.status === 422 ? missing(await recorded) : failed(error, () => open(hall));
  }
  show(main, content);
  focusOn(main);
}

async function begin() {
  show(main, loading());
  return open(await startShell());
}

begin();
