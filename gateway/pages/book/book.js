/* Booking in four steps. The address names the step after #; what was chosen and typed is kept in the tab. */
import { ApiError } from "../shared/hall/api.js";
import { checkBooking } from "./check.js";
import { askDetails } from "./details.js";
import { booking, chooseItem } from "../shared/booking/draft.js";
import { finish } from "../shared/booking/commands.js";
import { listDepartment } from "../shared/booking/item.js";
import { findItem, showItem } from "./item.js";
import { chooseTime, chooseWish } from "./time.js";
import { $, focusOn, h, icon, show } from "../shared/shell/view.js";
import { withToken } from "../shared/hall/holder.js";
import { t } from "../shared/words/i18n.js";
import { startShell } from "../shared/shell/shell.js";
import { failed, loading } from "../shared/shell/states.js";
import { stepList } from "../shared/booking/visit.js";
import { Fragment } from "../shared/vendor/preact.js";

const STEPS = [t("事项"), t("时间"), t("填写信息"), t("核对确认")];
const always = () => true;
const hasItem = ({ item }) => item !== null;
const hasTime = ({ item, slot, wish }) => item !== null && (slot !== null || wish !== null);
const hasDetails = (draft) => hasTime(draft) && (draft.held !== null || (draft.wish !== null && draft.proved !== null));

/* Of each view: what shows it, its step, what must be chosen before, and where its way back leads. */
const VIEWS = {
  "": { view: findItem, step: 0, ready: always },
  department: { view: listDepartment, step: 0, ready: always, back: () => "" },
  item: { view: showItem, step: 0, ready: always, back: () => "" },
  time: { view: chooseTime, step: 1, ready: hasItem, back: () => `item/${booking().item}` },
  waitlist: { view: chooseWish, step: 1, ready: hasItem, back: () => "time" },
  details: { view: askDetails, step: 2, ready: hasTime, back: () => (booking().wish ? "waitlist" : "time") },
  check: { view: checkBooking, step: 3, ready: hasDetails, back: () => "details" },
};

const main = $("main");
let turn = 0;
let shown = null; /* one of VIEWS */
let described = loading; /* what stands below the steps */

const place = () => decodeURIComponent(location.hash.replace(/^#\/?/, ""));

/** What views may do besides showing themselves. */
const way = {
  go: (to) => {
    if (place() === to) render();
    else location.hash = `#/${to}`;
  },
  again: () => render(),
  paint: () => show(main, frame(shown, h(Fragment, { key: described }, described()))), /* nothing of another view stays */
  done: ({ id, token }) => sayDone(id) && finish(withToken(`/appointment/${encodeURIComponent(id)}`, token ?? booking().held?.token)),
};

/** Have the appointment's page say that it has worked, once. */
function sayDone(id) {
  sessionStorage.setItem("hall-just-booked", id);
  return true;
}

const backLink = (back) =>
  h("a", { class: "button plain back-link", href: `#/${back()}` }, icon("back"), t("上一步"));

function frame({ step, back }, content) {
  return h("div", { class: "step-page" },
    stepList(STEPS, step, { label: t("预约步骤") }),
    back && backLink(back),
    content);
}

async function render() {
  const own = (turn += 1);
  const [name, ...rest] = place().split("/");
  const chosen = VIEWS[name] ?? VIEWS[""];
  if (!chosen.ready(booking())) return location.replace("#/");
  shown = chosen;
  described = loading;
  way.paint();
  const view = await chosen.view(way, rest.join("/")).catch((error) => {
    if (!(error instanceof ApiError)) throw error;
    return () => failed(error, render);
  });
  if (own !== turn) return undefined;
  described = view;
  way.paint();
  scrollTo(0, 0);
  return focusOn(main);
}

async function begin() {
  show(main, loading());
  await startShell();
  const wanted = new URLSearchParams(location.search).get("item");
  if (wanted && !place()) {
    chooseItem(wanted);
    history.replaceState(null, "", `${location.pathname}#/item/${encodeURIComponent(wanted)}`);
  }
  addEventListener("hashchange", render);
  return render();
}

begin();
