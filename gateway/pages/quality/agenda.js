/* The agenda of a meeting: each topic with the figures as they were when it was called. */
import { KINDS, STATES } from "../shared/words/anomaly.js";
import { h } from "../shared/shell/view.js";
import { count, dayOf, share, signedShare } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { pointsOf, quarterWords } from "./parts.js";

const RANKED = 5;

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value));
const facts = (...pairs) => h("dl", { class: "quality-facts" }, pairs.map(([name, value]) => fact(name, value)));
const lines = (rows, line) => rows.length > 0 && h("ul", { class: "quality-lines" }, rows.map((row) => h("li", {}, line(row))));

const standing = (one) => [h("span", {}, h("span", { class: "number" }, `${one.rank}. `), named(one)), h("span", { class: "number" }, pointsOf(one.points))];

/** What each topic shows of its figures; `nameOf` gives a department's name. */
const TOPICS = {
  volumes: (figures) => facts(
    [t("受理"), count(figures.cases)], [t("上季度"), count(figures.cases_before)], [t("增减"), signedShare(figures.cases_change)],
    [t("取号"), count(figures.tickets)], [t("办结"), count(figures.decided)], [t("按时办结率"), share(figures.on_time_rate, 2)]),

  anomalies: ({ states, items }, nameOf) => [
    items.length > 0 && facts(...Object.entries(states).map(([state, number]) => [STATES[state]?.text ?? state, count(number)])),
    lines(items, (one) => [
      h("a", { href: `/anomalies?id=${encodeURIComponent(one.id)}` }, `${dayOf(one.business_date)} ${KINDS[one.subject_kind] ?? one.subject_kind} ${one.subject}`),
      h("span", { class: "quiet" }, t("{department}，{observed}，预期 {expected}", { department: nameOf(one.department), observed: count(one.observed), expected: count(Math.round(one.expected)) })),
    ]),
    !items.length && h("p", { class: "quiet" }, t("没有发现异常变动")),
  ],

  evaluations: (figures, nameOf) => [
    facts([t("评价"), count(figures.evaluations)], [t("满意率"), share(figures.satisfaction_rate)], [t("差评"), count(figures.negative)], [t("回访率"), share(figures.follow_up_rate)]),
    lines(figures.departments, (one) => [h("span", {}, nameOf(one.department)), h("span", { class: "quiet" }, t("差评 {negative}，已回访 {followed}", { negative: count(one.negative), followed: count(one.followed_up) }))]),
  ],

  commendations: (figures) => facts([t("感谢信"), count(figures.letters)], [t("锦旗"), count(figures.banners)], [t("牌匾"), count(figures.plaques)]),

  ranking: (standings) => [
    lines(standings.slice(0, RANKED), standing),
    standings.length > RANKED && h("details", {}, h("summary", {}, t("其余 {count} 个部门", { count: standings.length - RANKED })),
      lines(standings.slice(RANKED), standing)),
  ],

  open_actions: (actions, nameOf) => actions.length
    ? lines(actions, (one) => [h("span", {}, one.task), h("span", { class: "quiet" }, t("{department}，{day} 前（{quarter}）", { department: nameOf(one.department), day: dayOf(one.due_on), quarter: quarterWords(one.quarter) }))])
    : h("p", { class: "quiet" }, t("没有未完成的事项")),
};

/** A card for each topic. */
export const agendaCards = (agenda, nameOf) =>
  h("ol", { class: "quality-agenda" }, agenda.map(({ topic, figures, ...titles }, index) =>
    h("li", { class: "card", "data-topic": topic },
      h("h3", { class: "quality-topic" }, h("span", { class: "number" }, `${index + 1}.`), named(titles, "title")), TOPICS[topic]?.(figures, nameOf))));
