/* The names that joint cases are shown with: of departments, procedures, and the items of steps. */
import { get, list } from "../shared/hall/api.js";
import { departments } from "../shared/hall/directory.js";
import { named } from "../shared/words/i18n.js";

const items = new Map();

/** Ask once for an item; one that cannot be had is called by its code. */
function itemOf(code) {
  if (!items.has(code)) {
    items.set(code, get(`items/${encodeURIComponent(code)}`).catch(() => {
      items.delete(code);
      return { code, name: code };
    }));
  }
  return items.get(code);
}

/** Learn the items of steps; resolves with what they are called, by code. */
export async function itemNames(steps) {
  const found = await Promise.all([...new Set(steps.map(({ item }) => item))].map(itemOf));
  return new Map(found.map((item) => [item.code, named(item)]));
}

/** Learn departments and procedures; resolves with both and with what they are called. */
export async function learnNames() {
  const [all, procedures] = await Promise.all([departments(), list("joint-procedures", { limit: 100 })]);
  const nameIn = (rows) => (code) => named(rows.find((row) => row.code === code)) || code;
  return { departments: all, procedures, departmentName: nameIn(all), procedureName: nameIn(procedures) };
}
