/* Which report: its kind, period, department and edition, kept in the address. */
import { today } from "../shared/shell/clock.js";
import { periodWords } from "../shared/charts/period.js";
import { t } from "../shared/words/i18n.js";
import { laterDay } from "../shared/words/days.js";

export const FIRST_YEAR = 2004;

/** The kinds of report: their names, the form of their periods, and the last period that is over on a day. */
export const KINDS = {
  daily: { text: t("日报"), by: "day", form: /^\d{4}-\d\d-\d\d$/, latest: (day) => laterDay(day, -1) },
  monthly: { text: t("月报"), by: "month", form: /^\d{4}-(0[1-9]|1[0-2])$/, latest: (day) => laterDay(`${day.slice(0, 7)}-01`, -1).slice(0, 7) },
  quarterly: { text: t("季报"), by: "quarter", form: /^\d{4}-Q[1-4]$/, latest: (day) => quarterBefore(day) },
  annual: { text: t("年报"), by: "year", form: /^\d{4}$/, latest: (day) => String(Number(day.slice(0, 4)) - 1) },
};

export const quarterOf = (day) => Math.ceil(Number(day.slice(5, 7)) / 3);

function quarterBefore(day) {
  const year = Number(day.slice(0, 4));
  return quarterOf(day) === 1 ? `${year - 1}-Q4` : `${year}-Q${quarterOf(day) - 1}`;
}

/** A report's period in words. */
export const reportPeriodWords = (kind, period) => periodWords(period, KINDS[kind].by);

/** Read the choice from the address; what cannot be is taken as not said. */
export function readReportChoice() {
  const query = new URLSearchParams(location.search);
  const kind = query.get("kind") in KINDS ? query.get("kind") : "monthly";
  const { form, latest } = KINDS[kind];
  const period = form.test(query.get("period") ?? "") ? query.get("period") : latest(today());
  const edition = /^[1-9]\d*$/.test(query.get("edition") ?? "") ? query.get("edition") : "";
  return { kind, period, department: query.get("department") ?? "", edition };
}
