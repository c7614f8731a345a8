"use strict";
/* Brings a page back that lost its scripts, style sheets or pictures to the network, and lets its modules wait for the
   network. It stands in the page itself, because a file of its own could be lost with the others. */
{
  const FIRST_MS = 1_000;
  const LONGEST_MS = 15_000;
  const SILENT_MS = 20_000;
  const ANSWER_MS = 5_000;
  const SMALLEST_ADDRESS = "/healthz";
  const MOST_PATIENT = 5;
  const TRIES = "hall-tries";
  const SHEETS = "link[rel=stylesheet]";

  const resting = new Set();
  const said = new Map();
  const lost = new Set();
  const sheetsAway = new Set(); /* a sheet that was lost has a `sheet` all the same */
  let stands = false;
  let broken = false;
  let coming = false;
  let rounds = 0;
  let silence = null;

  /** Wait so long, but no longer when the network is back or somebody asks for another try. */
  const rest = (ms) =>
    new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        resting.delete(end);
        done();
      };
      const timer = setTimeout(end, ms);
      resting.add(end);
    });

  /** Wait before another try: longer each time, and not all browsers of a hall at the same moment. */
  const pause = (tries, leastMs = 0) =>
    rest(Math.max(leastMs, Math.min(LONGEST_MS, FIRST_MS * 2 ** tries) * (0.5 + Math.random() / 2)));

  const tryNow = () => resting.forEach((end) => end());

  /** Whether the hall answers; the error page of a proxy before it is no answer. */
  const answers = () =>
    fetch(SMALLEST_ADDRESS, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) }).then(({ ok }) => ok, () => false);

  /** Ask until the hall answers, so that nobody goes to an address that is not there. */
  async function untilAnswers(tries = 0) {
    for (let more = tries; !(await answers()); more += 1) await pause(more);
  }

  function paint(place) {
    const [words = ""] = said.values();
    if (place.textContent && place.firstChild.textContent === words) return;
    if (!words) return place.replaceChildren();
    const text = document.createElement("p");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    text.textContent = words;
    button.textContent = place.dataset.again;
    button.addEventListener("click", tryNow);
    return place.replaceChildren(text, button);
  }

  /** Say in the page what is away and tried again; without words it is back. */
  function say(about, words = "") {
    if (words) said.set(about, words);
    else said.delete(about);
    const place = document.getElementById("connection");
    if (place) paint(place);
  }

  const sayLost = () => say("page", document.getElementById("connection")?.dataset.lost);

  const triesBefore = () => Number(sessionStorage.getItem(TRIES));

  /** Load the page once more as soon as the hall answers; a page that stands keeps what somebody typed. */
  async function comeBack() {
    if (coming) return;
    coming = true;
    sayLost();
    const tries = triesBefore();
    sessionStorage.setItem(TRIES, tries + 1);
    await pause(tries);
    await untilAnswers(tries);
    coming = false;
    if (!stands) location.reload();
  }

  const AGAIN = {
    link: (sheet) => sheet.replaceWith(sheet.cloneNode()),
    img: (picture) => picture.setAttribute("src", picture.getAttribute("src")),
    use: (icon) => icon.setAttribute("href", icon.getAttribute("href")),
  };

  /** Ask for a sheet or a picture again, with all others that are lost. */
  async function fetchAgain(part) {
    lost.add(part);
    if (part.localName === "link") {
      sheetsAway.add(part.href);
      sayLost();
    }
    if (lost.size > 1) return;
    await pause(rounds);
    await untilAnswers(rounds);
    rounds += 1;
    const parts = [...lost];
    lost.clear();
    for (const each of parts) AGAIN[each.localName](each);
  }

  function heal({ href } = {}) {
    rounds = 0;
    sheetsAway.delete(href);
    if (stands && !sheetsAway.size) say("page");
  }

  function stand() {
    if (broken) return;
    stands = true;
    clearTimeout(silence);
    sessionStorage.removeItem(TRIES);
    heal();
  }

  /** Nothing has arrived for long (for longer after each try, since a network may just be slow): show what there is, and begin anew. */
  function giveUp() {
    for (const sheet of document.querySelectorAll(SHEETS)) if (!sheet.sheet) AGAIN.link(sheet);
    comeBack();
  }

  function listen() {
    clearTimeout(silence);
    if (!stands) silence = setTimeout(giveUp, SILENT_MS * (1 + Math.min(MOST_PATIENT, triesBefore())));
  }

  document.addEventListener("error", ({ target }) => {
    if (target.localName === "script" && !stands) {
      broken = true;
      comeBack();
    } else if (AGAIN[target.localName]) fetchAgain(target);
  }, true);
  document.addEventListener("load", ({ target }) => {
    if (target.localName === "script" && "stands" in target.dataset) stand();
    else if (AGAIN[target.localName]) heal(target);
  }, true);
  document.addEventListener("readystatechange", () => (coming || sheetsAway.size) && sayLost(), { once: true });
  const look = () => stands || comeBack();
  addEventListener("load", look); /* a page that was cut off has no scripts that could fail */
  addEventListener("offline", look); /* what is under way may hang for long */
  addEventListener("online", tryNow);
  new PerformanceObserver(listen).observe({ type: "resource", buffered: true });
  listen();

  globalThis.hallConnection = { rest, pause, untilAnswers, say };
}
