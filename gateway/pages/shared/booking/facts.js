/* What an appointment is about: item, time, place and what to bring, the same before it is booked and after. */
import { get } from "../hall/api.js";
import { departmentsByCode, zoneOfQueue } from "../hall/directory.js";
import { h, icon } from "../shell/view.js";
import { dayOf, whenOf } from "../words/format.js";
import { inChinese, named, t } from "../words/i18n.js";
import { factList } from "./visit.js";

const known = new Map();

/** An item with its guide, its department and the zone it is done in; asked once a page. */
export function aboutItem(code) {
  if (!known.has(code)) {
    const asked = askAbout(code);
    asked.catch(() => known.delete(code));
    known.set(code, asked);
  }
  return known.get(code);
}

async function askAbout(code) {
  const [item, departments] = await Promise.all([get(`items/${encodeURIComponent(code)}`, {}, { anonymous: true }), departmentsByCode()]);
  return { item, department: departments.get(item.department) ?? null, zone: await zoneOfQueue(item.queue) };
}

/** "H · 文化与社会事务区" */
export const placeOf = ({ zone }) => zone && `${zone.code} · ${named(zone)}`;

/** What, when, where and who; `more` are further facts. */
export function appointmentFacts(about, { slot = null, wish = null, name = "", phone = "" }, more = []) {
  return factList([
    [t("事项"), named(about.item)],
    [t("时间"), slot && whenOf(slot)],
    [t("候补日期"), wish && t("{from} 至 {to}", { from: dayOf(wish.from), to: dayOf(wish.to) })],
    [t("办理单位"), named(about.department)],
    [t("办理地点"), placeOf(about)],
    [t("姓名"), name],
    [t("手机号"), phone],
    ...more,
  ]);
}

/** The materials to bring, or to have ready `atHome`; nothing when there are none. */
export function materialsOf({ item }, { atHome = false } = {}) {
  const materials = item.materials ?? [];
  return materials.length > 0 && h("section", { class: "card bring" },
    h("h2", { class: "bring-title" }, icon("document"), atHome ? t("请在家备齐材料") : t("请带齐材料")),
    h("ul", { lang: inChinese }, materials.map((material) => h("li", {}, material))));
}
