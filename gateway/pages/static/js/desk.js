/* What a clerk has before them, and the commands that change it. */
import { command, get, list } from "./api.js";

const FREE_PAUSE_MS = 3_000;
const BUSY_PAUSE_MS = 15_000;
const NET_MS = 60_000;

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

  /** `again` is called after each command, to look. */
  constructor(window, { onChange, onProblem, again }) {
    this.window = window;
    this.#again = again;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
  }

  get ticket() {
    return this.state?.ticket ?? null;
  }

  /** When to look, as options of `lookWhenChanged`: who is called here or waits here has changed, and nobody reads
   * that list while they serve somebody. */
  get looking() {
    return { concerns: this.#concerns, pauseMs: () => (this.ticket ? BUSY_PAUSE_MS : FREE_PAUSE_MS), netMs: NET_MS };
  }

  #concerns = ({ calling, waiting }) => {
    const { code, queues, profile } = this.state?.window ?? this.window;
    const own = profile?.length ? profile : queues;
    return [
      calling.filter(({ window }) => window === code),
      waiting.filter(({ queue }) => own.includes(queue)).map(({ queue, count }) => [queue, count]),
    ];
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

  /** Carry out a command and look again; returns its answer, undefined when it failed or another is under way. */
  async act(path, body) {
    if (this.busy) return undefined;
    this.busy = true;
    this.#onChange();
    try {
      return await command(path, body);
    } catch (error) {
      this.#onProblem(error);
      return undefined;
    } finally {
      this.busy = false;
      await this.#again();
    }
  }

  callNext = () => this.act(`windows/${encodeURIComponent(this.window.code)}/call-next`);

  /** A verb on a ticket, the one at the window when none is given. */
  on = (verb, { id = this.ticket.id, body } = {}) => this.act(`tickets/${id}/${verb}`, body);

  checkIn = (appointment) => this.act(`appointments/${encodeURIComponent(appointment)}/check-in`);

  async accept(body) {
    const accepted = await this.on("cases", { body });
    if (accepted) this.cases = [...this.cases.filter(({ number }) => number !== accepted.number), accepted];
    this.#onChange();
    return accepted;
  }
}
