/* Taking a chart along: its numbers as CSV, its picture as PNG. */
import { saveFile } from "../hall/transfer.js";
import { today } from "../shell/clock.js";
import { token } from "./charts.js";

const WIDTH = 1200;
const HEIGHT = 600;
const HEAD = 84;
const EDGE = 32;
const SHARP = 2;
/* Spreadsheets take what begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[-+]?[\d,]+(\.\d+)?$/;
const RATE = /^[-+]?[\d,]+(\.\d+)?\s?%$/;

const fileName = (title, extension) => `${title.replace(/[\\/:*?"<>|\s]+/g, "-")}-${today()}.${extension}`;

/** A cell as a spreadsheet reads it: numbers without their commas, texts never as formulas. */
function csvCell(text) {
  const plain = text.replace(/[▲▼]/g, "").trim();
  if (NUMBER.test(plain)) return plain.replaceAll(",", "").replace(/^\+/, "");
  const safe = FORMULA.test(plain) && !RATE.test(plain) ? `'${plain}` : plain;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Save a table as it is shown; the mark at its beginning tells Excel that it is UTF-8. */
export function saveTable(title, table) {
  const lines = [...table.rows].map((row) => [...row.cells].map((cell) => csvCell(cell.textContent)).join(","));
  saveFile(new Blob(["\uFEFF", lines.join("\r\n"), "\r\n"], { type: "text/csv" }), fileName(title, "csv"));
}

/** A canvas with the title and the hint of a chart at its head. */
function sheet({ title, hint = "" }, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width * SHARP;
  canvas.height = (HEAD + height) * SHARP;
  const pen = canvas.getContext("2d");
  pen.scale(SHARP, SHARP);
  pen.fillStyle = token("--surface");
  pen.fillRect(0, 0, width, HEAD + height);
  pen.textBaseline = "top";
  pen.fillStyle = token("--ink");
  pen.font = `600 24px ${token("--font")}`;
  pen.fillText(title, EDGE, 18, width - 2 * EDGE);
  pen.fillStyle = token("--ink-soft");
  pen.font = `16px ${token("--font")}`;
  pen.fillText(hint, EDGE, 52, width - 2 * EDGE);
  return { canvas, pen };
}

const savePicture = (canvas, title) => new Promise((done) => {
  canvas.toBlob((blob) => {
    saveFile(blob, fileName(title, "png"));
    done();
  }, "image/png");
});

/** Save the picture of a chart, drawn anew in one size wherever it is asked for: {title, hint, option()}. */
export function saveChart(chart) {
  const place = document.createElement("div");
  const drawn = window.echarts.init(place, null, { renderer: "canvas", width: WIDTH - 2 * EDGE, height: HEIGHT });
  drawn.setOption({ ...chart.option(), animation: false });
  const { canvas, pen } = sheet(chart, WIDTH, HEIGHT + EDGE);
  pen.drawImage(drawn.getRenderedCanvas({ pixelRatio: SHARP, backgroundColor: token("--surface") }), EDGE, HEAD, WIDTH - 2 * EDGE, HEIGHT);
  drawn.dispose();
  return savePicture(canvas, chart.title);
}

/** Save the picture of a table whose cells are coloured: {title, hint}. */
export function saveColoured(chart, table) {
  const own = table.getBoundingClientRect();
  const { canvas, pen } = sheet(chart, Math.ceil(own.width) + 2 * EDGE, Math.ceil(own.height) + EDGE);
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  for (const cell of table.querySelectorAll("th, td")) {
    const style = getComputedStyle(cell);
    const box = cell.getBoundingClientRect();
    const [left, top] = [EDGE + box.left - own.left, HEAD + box.top - own.top];
    pen.fillStyle = style.backgroundColor;
    pen.fillRect(left, top, box.width, box.height);
    pen.fillStyle = style.color;
    pen.font = `${style.fontWeight} ${style.fontSize} ${token("--font")}`;
    pen.fillText(cell.textContent, left + box.width / 2, top + box.height / 2, box.width);
  }
  return savePicture(canvas, chart.title);
}
