/* Choosing a board. */
import { $ } from "./dom.js";
import { startShell } from "./shell.js";
import { showZones } from "./zonelist.js";

startShell();
showZones($("zones"));
