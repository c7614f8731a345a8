/* What is said of unusual movements: of whom, when, by how much, and how long an explanation may take. */
import { today } from "../shared/shell/clock.js";
import { Person } from "../shared/form/people.js";
import { h } from "../shared/shell/view.js";
import { dayOf } from "../shared/words/format.js";
import { locale, named, t } from "../shared/words/i18n.js";

const daysFrom = (one, other) => Math.round((Date.parse(other) - Date.parse(one)) / 86_400_000);

/** "逾期 2 天", "今天到期", "还有 3 天": how long the explanation may take; empty once it is there. */
export function dueWords({ state, due_on: due }) {
  if (state !== "assigned" || !due) return "";
  const left = daysFrom(today(), due);
  if (left < 0) return t("逾期 {days} 天", { days: -left });
  return left === 0 ? t("今天到期") : t("还有 {days} 天", { days: left });
}

const figures = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** A figure of the method: whole from ten on, one digit below. */
export const about = (value) => figures.format(value >= 10 ? Math.round(value) : value);

/** Whose figure it is. */
export const subjectWords = (anomaly) => {
  const name = named(anomaly, "subject_name") || named(anomaly, "department_name");
  if (anomaly.subject_kind !== "hour") return name || anomaly.subject;
  const hours = t("{from}–{to} 时", { from: Number(anomaly.since_hour ?? anomaly.subject), to: Number(anomaly.subject) + 1 });
  return `${name || t("大厅")} ${hours}`;
};

/** Who answers for it: a department by its name, a person by name and account. */
export const ownerWords = (anomaly) => named(anomaly, "owner_name") || (anomaly.owner && h(Person, { username: anomaly.owner, words: (who) => who }));

/** "2026年3月2日", or from when to when it moved. */
export const whenMoved = ({ since, business_date: last }) => (since === last ? dayOf(last) : t("{from} 至 {to}", { from: dayOf(since), to: dayOf(last) }));

/** "36 件，预计 12（5–20）" */
export const figuresWords = ({ observed, expected, lower, upper }) =>
  t("{observed} 件，预计 {expected}（{lower}–{upper}）", { observed: about(observed), expected: about(expected), lower: about(lower), upper: about(upper) });
