/* The zones as links to their boards. */
import { h, icon, show } from "../shell/view.js";
import { zonesWithDepartments } from "../hall/directory.js";
import { named, namedOtherwise, t } from "../words/i18n.js";
import { empty, failed, loading } from "../shell/states.js";

const zoneLink = (zone) =>
  h("li", {},
    h("a", { class: "zone-link", href: `/board/${encodeURIComponent(zone.code)}` },
      h("span", { class: "zone-code number", "aria-hidden": "true" }, zone.code),
      h("span", { class: "zone-text" },
        h("span", { class: "zone-name" }, named(zone)),
        h("span", { class: "quiet" }, namedOtherwise(zone) || t("{count} 个部门", { count: zone.departments.length }))),
      h("span", { class: "tag" }, t("{count} 个部门", { count: zone.departments.length })),
      icon("forward")));

export async function showZones(container) {
  show(container, loading());
  try {
    const zones = await zonesWithDepartments();
    show(container, zones.length ? h("ul", { class: "zone-list" }, zones.map(zoneLink)) : empty(t("还没有办事区"), t("请先装载大厅资料。")));
  } catch (error) {
    show(container, failed(error, () => showZones(container)));
  }
}
