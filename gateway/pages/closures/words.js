/* What closures are called on screen: their scopes and states, where and when they are. */
import { isoDayOf, timeOf } from "../shared/words/format.js";
import { named, t } from "../shared/words/i18n.js";
import { laterDay, shortDayOf, weekdayOf } from "../shared/words/days.js";

export const SCOPES = { hall: t("整个大厅"), department: t("一个部门"), window: t("一个窗口") };
export const STATES = { running: t("停办中"), coming: t("未开始"), past: t("停办已过"), called_off: t("已取消") };
export const TONES = { running: "bad", coming: "brand-tag" };

const MIDNIGHT = "00:00";

const dayWords = (day) => `${shortDayOf(day)} ${weekdayOf(day)}`;

/** What is closed. */
export const placeOf = ({ scope, department, window }, departments) => {
  if (scope === "window") return t("{code} 号窗口", { code: window });
  return scope === "hall" ? SCOPES.hall : named(departments.get(department)) || department;
};

/** From when to when, in whole days where it is. */
export function spanOf({ starts_at: starts, until, ends_at: announced, state }) {
  const ends = state === "called_off" ? announced : until;
  const [first, last] = [isoDayOf(starts), isoDayOf(ends)];
  if (timeOf(starts) === MIDNIGHT && timeOf(ends) === MIDNIGHT) {
    const whole = laterDay(last, -1);
    return whole === first ? t("{day} 全天", { day: dayWords(first) }) : t("{first} 至 {last} 全天", { first: dayWords(first), last: dayWords(whole) });
  }
  return `${dayWords(first)} ${timeOf(starts)}–${first === last ? "" : `${shortDayOf(last)} `}${timeOf(ends)}`;
}
