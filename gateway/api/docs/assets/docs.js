"use strict";

const main = document.getElementById("docs");
const { pause, say } = globalThis.hallConnection;

/* The viewer asks for the description once and then gives up. */
async function untilDescribed() {
  const answers = () => fetch(main.dataset.description, { method: "HEAD" }).then(({ ok }) => ok, () => false);
  for (let tries = 0; !(await answers()); tries += 1) {
    say("description", document.getElementById("connection").dataset.lost);
    await pause(tries);
  }
  say("description");
}

untilDescribed().then(() =>
  window.SwaggerUIBundle?.({
    url: main.dataset.description,
    domNode: main,
    deepLinking: true,
    displayRequestDuration: true,
    persistAuthorization: false,
    validatorUrl: null,
  }),
);
