/* Where the steps of a graph stand: in columns by how much has to be done before, with lines crossing little. */

/** How long the longest way to each step is, by its code. */
function depthsOf(steps) {
  const byCode = new Map(steps.map((each) => [each.step, each]));
  const depths = new Map();
  const depth = (code) => {
    if (!depths.has(code)) {
      const before = byCode.get(code).after.filter((other) => byCode.has(other));
      depths.set(code, before.length ? 1 + Math.max(...before.map(depth)) : 0);
    }
    return depths.get(code);
  };
  byCode.forEach((_, code) => depth(code));
  return depths;
}

/** Every line from a step to one after it, in parts from column to column; `via` names the places it passes between. */
function linesOf(steps, depths) {
  return steps.flatMap(({ step, after }) => after.filter((from) => depths.has(from)).map((from) => {
    const between = depths.get(step) - depths.get(from) - 1;
    return { from, to: step, via: Array.from({ length: between }, (_, index) => ({ name: `${from}>${step}>${index}`, column: depths.get(from) + 1 + index })) };
  }));
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Give the places of a column rows of their own, as near as can be to where their lines come from. */
function settle(column, comesFrom, rows) {
  const wanted = new Map(column.map((name) => [name, mean((comesFrom.get(name) ?? []).map((from) => rows.get(from))) || 0]));
  const sorted = [...column].sort((one, other) => wanted.get(one) - wanted.get(other));
  const found = [];
  sorted.forEach((name, index) => found.push(index ? Math.max(wanted.get(name), found[index - 1] + 1) : wanted.get(name)));
  const shift = mean([...wanted.values()]) - mean(found);
  sorted.forEach((name, index) => rows.set(name, Math.round((found[index] + shift) * 2) / 2));
}

/** Lay steps out: `places` are {name, column, row} (rows in halves, from 0; also of what lines pass between), `lines` their lines. */
export function layOut(steps) {
  const depths = depthsOf(steps);
  const lines = linesOf(steps, depths);
  const vias = lines.flatMap(({ via }) => via);
  const columnOf = new Map([...depths, ...vias.map(({ name, column }) => [name, column])]);
  const comesFrom = new Map();
  for (const { from, to, via } of lines) {
    const way = [from, ...via.map(({ name }) => name), to];
    for (let at = 1; at < way.length; at += 1) comesFrom.set(way[at], [...(comesFrom.get(way[at]) ?? []), way[at - 1]]);
  }
  const rows = new Map();
  for (let column = 0; column <= Math.max(...depths.values()); column += 1) {
    settle([...columnOf.keys()].filter((name) => columnOf.get(name) === column), comesFrom, rows);
  }
  const top = Math.min(...rows.values());
  return {
    columns: Math.max(...depths.values()) + 1,
    places: [...rows].map(([name, row]) => ({ name, column: columnOf.get(name), row: row - top })),
    lines,
  };
}
