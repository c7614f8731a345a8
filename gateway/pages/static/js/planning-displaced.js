/* How many bookings a change of a slot plan may take the place from, before it is made. */
import { isoDayOf, timeOf } from "./format.js";

const minutesOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const weekdayOf = (day) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

function covers(plan, day, minute) {
  return day >= plan.valid_from && (!plan.valid_to || day <= plan.valid_to) && plan.weekdays.includes(weekdayOf(day))
    && minute >= minutesOf(plan.starts) && minute < minutesOf(plan.ends);
}

function hasSlot(plan, day, minute) {
  const since = minute - minutesOf(plan.starts);
  return covers(plan, day, minute) && since % plan.slot_minutes === 0 && minute + plan.slot_minutes <= minutesOf(plan.ends);
}

const placeOf = (appointment) => ({ day: isoDayOf(appointment.starts_at), minute: minutesOf(timeOf(appointment.starts_at)) });

function belongs(plan, appointment) {
  const { day, minute } = placeOf(appointment);
  return covers(plan, day, minute) && (!plan.items.length || plan.items.includes(appointment.item));
}

/** At most so many of a department's future bookings lose their place when `after` takes the place of `before`:
 * those of slots that go, and those above the new capacity. A booking of another plan at the same time counts too. */
export function displacedBy(before, after, booked) {
  const perSlot = new Map();
  for (const appointment of booked.filter((each) => belongs(before, each))) {
    const key = isoDayOf(appointment.starts_at) + timeOf(appointment.starts_at);
    perSlot.set(key, [...(perSlot.get(key) ?? []), appointment]);
  }
  return [...perSlot.values()].reduce((sum, here) => {
    const { day, minute } = placeOf(here[0]);
    return sum + Math.max(0, here.length - (hasSlot(after, day, minute) ? after.capacity : 0));
  }, 0);
}
