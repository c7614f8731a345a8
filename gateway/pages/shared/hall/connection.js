/* Asking until the hall answers, and saying meanwhile that it does not. What waits, and what is said while not even this
   module is there, stands in the page itself: gateway/http/comeback.js. */
import { t } from "../words/i18n.js";

export const { rest, pause, untilAnswers, say } = globalThis.hallConnection;

const BY_ITSELF = 4; /* as long as after the fourth try: those that look again anyway are sooner */

const waiting = new Set();

function tell() {
  const questions = [...waiting];
  const away = questions.some(({ status }) => status === 0);
  const words = away ? t("网络连接中断，正在自动重试，恢复后自动继续。") : t("系统暂时没有应答，正在自动重试，恢复后自动继续。");
  say("questions", questions.length ? words : "");
}

/** Ask until the answer is none of those that `isLost(error)` tells to be no answer; the page says that it waits. */
export async function untilAnswered(ask, isLost = ({ lost }) => lost) {
  const question = { status: null };
  try {
    for (let tries = 0; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        if (!isLost(error)) throw error;
        question.status = error.status;
        waiting.add(question);
        tell();
        await pause(tries, (error.retryAfter ?? 0) * 1_000);
      }
    }
  } finally {
    waiting.delete(question);
    tell();
  }
}

/** Do by itself what the button of a failed part does, if it is still in the page by then. */
export async function retryByItself(part, { retryAfter }, retry) {
  await pause(BY_ITSELF, (retryAfter ?? 0) * 1_000);
  if (part.isConnected) retry();
}
