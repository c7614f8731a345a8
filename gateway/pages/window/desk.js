/* What a clerk has before them, and the commands that change it. */
import { addressOf, command, get, headersOf, list, post } from "../shared/hall/api.js";
import { follow } from "../shared/hall/sse.js";

const WITHOUT_STREAM_MS = 10_000;
const AT_A_WINDOW = ["called", "serving"];

const latest = (moments) => Math.max(...moments.filter(Boolean).map((moment) => Date.parse(moment)));

/** The window a clerk sits at: its latest state, and what to do when it changes. */
export class Desk {
  #onChange;
  #onProblem;
  #items = new Map();
  #asOf = 0;
  state = null;
  cases = [];
  why = null;
  person = null; /* whom the ticket's appointment is for, once the clerk has asked */
  busy = false;

  constructor(window, { onChange, onProblem }) {
    this.window = window;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
  }

  get ticket() {
    return this.state?.ticket ?? null;
  }

  get #path() {
    return `windows/${encodeURIComponent(this.window.code)}`;
  }

  /** Show the desk as it changes from now on; without the stream it is looked at every ten seconds. Returns what ends it. */
  follow() {
    let alive = false;
    const stopStream = follow(addressOf(`${this.#path}/events`), {
      headers: () => headersOf({}),
      onEvent: this.#show,
      onAlive: () => (alive = true),
      onLost: () => {
        alive = false;
        this.#asOf = 0; /* a hall that was started again may have an earlier clock */
      },
    });
    const poll = setInterval(() => alive || this.look(), WITHOUT_STREAM_MS);
    return () => {
      stopStream();
      clearInterval(poll);
    };
  }

  /** Ask for the window's state; a failure is told and the last state stays. */
  look = async () => {
    try {
      await this.#show(await get(`${this.#path}/current`));
    } catch (error) {
      this.#onProblem(error);
    }
  };

  /** Show a state, unless a later one or the answer to a later command is shown already. */
  #show = async (state) => {
    const asOf = Date.parse(state.as_of);
    if (asOf < this.#asOf) return;
    const before = this.ticket;
    this.#asOf = asOf;
    this.state = state;
    await Promise.all([this.#learnNames(), this.#lookAtTicket(before)]);
    this.#onChange();
  };

  async #lookAtTicket(before) {
    const { ticket } = this;
    const same = before && ticket && before.id === ticket.id && before.called_at === ticket.called_at;
    if (same) return;
    this.cases = [];
    this.why = null;
    this.person = null;
    if (!ticket) return;
    const nothing = () => null; /* both are an extra: without them the clerk can still work */
    const [cases, why] = await Promise.all([list(`tickets/${ticket.id}/cases`).catch(nothing), get(`tickets/${ticket.id}/why`).catch(nothing)]);
    if (this.ticket?.id !== ticket.id) return;
    this.cases = cases ?? [];
    this.why = why;
  }

  /** Ask whom the ticket's appointment is for; who asks and why is recorded. */
  async reveal(purpose) {
    const { ticket } = this;
    try {
      const person = await post(`appointments/${encodeURIComponent(ticket.appointment)}/reveal`, { purpose });
      if (this.ticket?.id === ticket.id) this.person = person;
    } catch (error) {
      this.#onProblem(error);
    }
    this.#onChange();
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
   * `take(answer)` takes over what it changed. Without it, or when the command failed, the desk is looked at again.
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
    if (answer !== undefined && take && this.state) {
      await take(answer);
      this.#onChange();
    } else {
      await this.look();
    }
    return answer;
  }

  /** The ticket at the window as a command has answered it; one that left the window is there no more, and null says
   * that nobody waits. */
  #take = async (ticket) => {
    if (!ticket) {
      this.state.waiting = [];
      this.state.waiting_count = 0;
      return;
    }
    const before = this.ticket;
    this.#asOf = Math.max(this.#asOf, latest([ticket.called_at, ticket.started_at, ticket.finished_at]));
    this.state.ticket = AT_A_WINDOW.includes(ticket.state) ? ticket : null;
    const still = this.state.waiting.filter(({ id }) => id !== ticket.id);
    this.state.waiting_count -= this.state.waiting.length - still.length;
    this.state.waiting = still;
    await Promise.all([this.#learnNames(), this.#lookAtTicket(before)]);
  };

  callNext = () => this.act(`${this.#path}/call-next`, undefined, this.#take);

  /** Call one who waits out of turn: {number, reason}. */
  choose = (body) => this.act(`${this.#path}/call`, body, this.#take);

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
