/* A crew's route of today with what its visits need, asked from the hall and kept for when there is no connection. */
import { get, list, listOnce } from "../shared/hall/api.js";
import { fieldNow } from "./clock.js";
import { isoDayOf } from "../shared/words/format.js";

const details = new Map();

function aboutItem(code) {
  if (!details.has(code)) {
    const asked = get(`items/${encodeURIComponent(code)}`);
    asked.catch(() => details.delete(code));
    details.set(code, asked);
  }
  return details.get(code);
}

const briefly = ({ code, name, name_en, materials = [] }) => ({ code, name, name_en, materials: materials ?? [] });

/** The items a crew may accept. */
async function itemsOf({ skills }) {
  const ofDepartments = await Promise.all(skills.departments.map((department) => listOnce("items", { department, state: "active", limit: 100 })));
  const single = await Promise.all(skills.items.map(aboutItem));
  return [...ofDepartments.flat(), ...single].map(briefly);
}

async function askRoute(crew) {
  const [route, items] = await Promise.all([get(`crews/${encodeURIComponent(crew.code)}/route`), itemsOf(crew)]);
  const visited = await Promise.all([...new Set(route.stops.map(({ item }) => item))].map(aboutItem));
  return { ...route, items, visited: visited.map(briefly) };
}

/** The routes of an account, with what was known of them last. */
export function openRoutes(username) {
  const name = `hall-field-route-${username}`;
  let kept = JSON.parse(localStorage.getItem(name) ?? "null");
  if (kept && kept.date !== isoDayOf(fieldNow())) forget(); /* another day's addresses are nobody's business */

  function keep(next) {
    kept = next;
    localStorage.setItem(name, JSON.stringify(kept));
  }

  function forget() {
    kept = null;
    localStorage.removeItem(name);
  }

  /** Ask for the routes of the crews that the account is a member of. */
  async function ask() {
    const own = (await list("crews", { limit: 100 })).filter(({ members }) => members.includes(username));
    const routes = await Promise.all(own.map(askRoute));
    return { routes, at: fieldNow(), date: isoDayOf(fieldNow()) };
  }

  /** Note what an action made of an order; what is known of its person stays. */
  function note({ id, state, departed_at, arrived_at, ended_at, reason, cases }) {
    const changed = (stop) => (stop.id === id ? { ...stop, state, departed_at, arrived_at, ended_at, reason, cases } : stop);
    if (kept) keep({ ...kept, routes: kept.routes.map((route) => ({ ...route, stops: route.stops.map(changed) })) });
  }

  return { kept: () => kept, ask, keep, note, forget };
}
