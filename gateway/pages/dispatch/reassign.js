/* Giving an order of a draft to another crew or place: asking whether it can be, saying so, and doing it. */
import { command, post } from "../shared/hall/api.js";
import { total } from "./model.js";
import { changeWords, kilometres, refusalWords, whyNot } from "./words.js";
import { timeOf } from "../shared/words/format.js";
import { t } from "../shared/words/i18n.js";

/** How much farther or shorter all routes together become. */
function fartherWords(before, after) {
  const metres = total(after).metres - total(before).metres;
  if (Math.abs(metres) < 50) return t("总路程不变");
  return metres > 0 ? t("总路程多 {km}", { km: kilometres(metres) }) : t("总路程少 {km}", { km: kilometres(-metres) });
}

function answerWords(day, order, { feasible, reasons, plan }) {
  if (!feasible) return whyNot(reasons, day.labelOf).join(" ");
  const stop = plan.routes.flatMap(({ stops }) => stops).find((each) => each.order === order);
  return t("可以：{time} 到，{farther}", { time: timeOf(stop.starts_at), farther: fartherWords(day.plan, plan) });
}

/** What the API said against a change, in words. */
export function refusedWords(day, error) {
  const { reasons = [], changed = [] } = error.problem ?? {};
  return [refusalWords(error), ...whyNot(reasons, day.labelOf), ...changeWords(changed, day)].join(" ");
}

/** Asks for one draft; each question is asked once. */
export function asker(day) {
  const known = new Map();
  const path = `dispatch-plans/${day.plan.id}/reassign`;

  async function ask(place) {
    try {
      const answer = await post(path, { ...place, dry_run: true });
      return { feasible: answer.feasible, text: answerWords(day, place.order, answer) };
    } catch (error) {
      return { feasible: false, text: refusedWords(day, error) };
    }
  }

  return {
    /** Whether an order can go to `{order, crew, position}`, with words for it. */
    ask: (place) => {
      const key = JSON.stringify(place);
      if (!known.has(key)) known.set(key, ask(place));
      return known.get(key);
    },
    /** Do it; resolves with the draft as it is then. */
    give: async (place) => (await command(path, place)).plan,
  };
}
