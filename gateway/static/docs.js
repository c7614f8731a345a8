"use strict";

const main = document.getElementById("docs");

window.SwaggerUIBundle({
  url: main.dataset.description,
  domNode: main,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
