/* Who is where in the hall: zones, their departments and queues. */
import { listOnce } from "./api.js";

const byCode = (rows) => new Map(rows.map((row) => [row.code, row]));

export const zones = () => listOnce("zones");
export const departments = () => listOnce("departments");
export const queues = () => listOnce("queues");

export const departmentsByCode = async () => byCode(await departments());
export const queuesByCode = async () => byCode(await queues());
export const zonesByCode = async () => byCode(await zones());

/** The zones in their order, each with the departments that have a queue there; zones without any are left out. */
export async function zonesWithDepartments() {
  const [allZones, allDepartments, allQueues] = await Promise.all([zones(), departments(), queues()]);
  const placed = new Map();
  for (const queue of allQueues) if (!placed.has(queue.department)) placed.set(queue.department, queue.zone);
  return allZones
    .map((zone) => ({ ...zone, departments: allDepartments.filter(({ code }) => placed.get(code) === zone.code) }))
    .filter((zone) => zone.departments.length);
}

/** The zone a queue's tickets are called in. */
export async function zoneOfQueue(code) {
  const queue = (await queuesByCode()).get(code);
  return queue ? (await zonesByCode()).get(queue.zone) ?? null : null;
}
