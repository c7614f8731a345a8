/* What a clerk has before them, and the commands that change it. */
import { command, get, list } from "./api.js";

const FREE_PAUSE_MS = 3_000;
const BUSY_PAUSE_MS = 15_000;
const NET_MS = 60_000;
const EVERY_S = 1;
const AT_A_WINDOW = ["called", "serving"];

/** The window a clerk sits at: its latest state, and what to do when it changes. */
export class Desk {
  #onChange;
  #onProblem;
  #again;
  #items = new Map();
  state = null;
  cases = [];
  why = null;
  busy = false;

  /** `again` is called to look, after a command whose answer does not tell all that it changed. */
  constructor(window, { onChange, onProblem, again }) {
    this.window = window;
    this.#again = again;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
  }

  get ticket() {
    return this.state?.ticket ?? null;
  }

  /** When to look, as options of `lookWhenChanged`: as many wait here as did not before, and nobody reads that list
   * while they serve somebody. */
  get looking() {
    return {
      concerns: this.#concerns, pauseMs: () => (this.ticket ? BUSY_PAUSE_MS : FREE_PAUSE_MS), netMs: NET_MS, everyS: EVERY_S,
    };
  }

  #concerns = ({ waiting }) => {
    const { queues, profile } = this.state?.window ?? this.window;
    const own = profile?.length ? profile : queues;
    return waiting.filter(({ queue }) => own.includes(queue)).map(({ queue, count }) => [queue, count]);
  };

  /** Ask for the window's state; a failure is told and the last state stays. */
  look = async () => {
    try {
      const before = this.ticket;
      this.state = await get(`windows/${encodeURIComponent(this.window.code)}/current`);
      await Promise.all([this.#learnNames(), this.#lookAtTicket(before)]);
      this.#onChange();
    } catch (error) {
      this.#onProblem(error);
    }
  };

  async #lookAtTicket(before) {
    const { ticket } = this;
    const same = before && ticket && before.id === ticket.id && before.called_at === ticket.called_at;
    if (same) return;
    this.cases = [];
    this.why = null;
    if (!ticket) return;
    const nothing = () => null; /* both are an extra: without them the clerk can still work */
    const [cases, why] = await Promise.all([list(`tickets/${ticket.id}/cases`).catch(nothing), get(`tickets/${ticket.id}/why`).catch(nothing)]);
    this.cases = cases ?? [];
    this.why = why;
  }

  #learnNames() {
    const { ticket, held, missed, waiting } = this.state;
    return this.learn([ticket, ...held, ...missed, ...waiting].filter(Boolean).map((each) => each.item));
  }

  /** Ask for the names of items that are not known yet. */
  async learn(codes) {
    const unknown = [...new Set(codes)].filter((code) => !this.#items.has(code));
    if (!unknown.length) return;
    if (!this.#items.size) await this.learnDepartment();
    const others = unknown.filter((code) => !this.#items.has(code));
    const found = await Promise.all(others.map((code) => get(`items/${encodeURIComponent(code)}`).catch(() => ({ code, name: code }))));
    for (const item of found) this.#items.set(item.code, item);
  }

  /** The items of the window's department, which are what cases are accepted for. */
  async learnDepartment() {
    const items = await list("items", { department: this.window.department, limit: 100 });
    for (const item of items) this.#items.set(item.code, item);
    return items;
  }

  item = (code) => this.#items.get(code) ?? { code, name: code };

  /** Carry out a command; returns its answer, undefined when it failed or another is under way.
   *
   * `take(answer)` takes over what it changed. Without it, or when there is no answer, the desk is looked at again.
   */
  async act(path, body, take = null) {
    if (this.busy) return undefined;
    this.busy = true;
    this.#onChange();
    let answer;
    try {
      answer = await command(path, body);
    } catch (error) {
      this.#onProblem(error);
    }
    this.busy = false;
    if (answer && take && this.state) {
      await take(answer);
      this.#onChange();
    } else {
      await this.#again();
    }
    return answer;
  }

  /** The ticket at the window as a command has answered it; one that left the window is there no more. */
  #take = async (ticket) => {
    const before = this.ticket;
    this.state.ticket = AT_A_WINDOW.includes(ticket.state) ? ticket : null;
    this.state.waiting = this.state.waiting.filter(({ id }) => id !== ticket.id);
    await Promise.all([this.#learnNames(), this.#lookAtTicket(before)]);
  };

  callNext = () => this.act(`windows/${encodeURIComponent(this.window.code)}/call-next`, undefined, this.#take);

  /** A verb on a ticket, the one at the window when none is given. */
  on = (verb, { id = this.ticket.id, body } = {}) =>
    this.act(`tickets/${id}/${verb}`, body, ["recall", "start", "finish"].includes(verb) ? this.#take : null);

  checkIn = (appointment) => this.act(`appointments/${encodeURIComponent(appointment)}/check-in`);

  accept(body) {
    return this.act(`tickets/${this.ticket.id}/cases`, body, (accepted) => {
      this.cases = [...this.cases.filter(({ number }) => number !== accepted.number), accepted];
    });
  }
}
