/* Choosing a board. */
import { $ } from "../shared/shell/view.js";
import { startShell } from "../shared/shell/shell.js";
import { showZones } from "../shared/lists/zones.js";

startShell();
showZones($("zones"));
