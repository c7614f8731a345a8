/* The windows that something is done at. */
import { list } from "./api.js";
import { joined } from "../words/changes.js";

/** The windows that call an item's queue; none when nobody can tell. */
export async function windowsOf({ department, queue }) {
  const rows = await list("windows", { department }).catch(() => []);
  return rows.filter(({ queues }) => queues?.includes(queue)).map(({ code }) => code);
}

/** "101–104、107": codes that are numbers in a row are drawn together. */
export function windowWords(codes) {
  const runs = [];
  for (const code of [...codes].sort((one, other) => one.localeCompare(other, "en", { numeric: true }))) {
    const run = runs.at(-1);
    if (run && /^\d+$/.test(code) && Number(code) === Number(run.at(-1)) + 1) run.push(code);
    else runs.push([code]);
  }
  return joined(runs.map((run) => (run.length > 2 ? `${run[0]}–${run.at(-1)}` : joined(run))));
}
