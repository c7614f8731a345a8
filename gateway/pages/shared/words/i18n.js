/* Words in the language of the page. The server renders the catalogue into the page as JSON. */
const data = JSON.parse(document.getElementById("page-data").textContent);

export const language = data.language;
export const page = data.page;
/** The pages of staff: {path, icon, text, operations}. */
export const links = data.links;
/** Whether the staff sign in with an issuer, too. */
export const singleSignOn = data.single_sign_on;
export const locale = language === "zh" ? "zh-CN" : "en-GB";
/** The `lang` of what stands in Chinese; a page in Chinese needs none. */
export const inChinese = language === "zh" ? undefined : "zh-CN";

/** Translate a string written in Chinese; `{name}` stands for a value. */
export function t(text, values = {}) {
  const found = data.messages[text] ?? text;
  return found.replace(/\{(\w+)\}/g, (mark, name) => (name in values ? String(values[name]) : mark));
}

/** The field of a record in the page's language: `name` in Chinese, `name_en` in English when there is one. */
export function named(record, field = "name") {
  if (!record) return "";
  return (language === "en" && record[`${field}_en`]) || record[field] || "";
}

/** The same field in the other language, empty when it has none of its own. */
export function namedOtherwise(record, field = "name") {
  const other = language === "en" ? record[field] : record[`${field}_en`];
  return other && other !== named(record, field) ? other : "";
}

/** Keep the place in the page (after #) when the visitor changes the language. */
export function keepPlaceOnLanguageChange() {
  for (const link of document.querySelectorAll("[data-language]")) {
    link.addEventListener("click", () => {
      const query = new URLSearchParams(location.search);
      query.set("lang", link.dataset.language);
      link.href = `?${query}${location.hash}`;
    });
  }
}
