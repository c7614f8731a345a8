/* The texts of all kinds of messages in both languages; a manager changes them. */
import { Component, createRef } from "../shared/vendor/preact.js";
import { get, put } from "../shared/hall/api.js";
import { h, icon, show } from "../shared/shell/view.js";
import { t } from "../shared/words/i18n.js";
import { KINDS, LANGUAGE_NAMES } from "./words.js";
import { failed, loading } from "../shared/shell/states.js";
import { toast } from "../shared/shell/toast.js";
import { problemTitle } from "../shared/words/codes.js";

const LONGEST = 500;
const NAMES = {
  name: t("姓名（已遮盖）"), item: t("事项"), reference: t("预约号"), date: t("日期"), time: t("时间"), until: t("确认期限"),
  alternatives: t("可改约的时间"), cause: t("什么有变"), where: t("现在哪里办理"), number: t("排队号"), ahead: t("前面人数"), code: t("验证码"),
};
const SAMPLES = {
  zh: { name: "张*", item: "档案查阅利用", alternatives: "2026-03-04 09:30, 2026-03-04 10:00", cause: "该事项改由其他部门办理", where: "该事项现由市档案馆办理，请到D区。" },
  en: { name: "Z*", item: "Consultation of archives", alternatives: "2026-03-04 09:30, 2026-03-04 10:00", cause: "another department does it now", where: "It is done by City Archives now, in Zone D. " },
  both: { reference: "7K3M9QXR", date: "2026-03-03", time: "09:30", until: "2026-03-02 10:30", number: "A012", ahead: "3", code: "482913" },
};

/** What is wrong with a text, in words; empty when nothing is. The service checks the same and has the last word. */
function faultOf(text, placeholders) {
  if (!text.trim()) return t("请填写文字。");
  if (text.length > LONGEST) return t("最多 {count} 个字。", { count: LONGEST });
  const named = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
  const unknown = named.find((name) => !placeholders.includes(name));
  if (unknown !== undefined) return t("没有这个占位符：{name}", { name: `{${unknown}}` });
  if (/[{}]/.test(text.replace(/\{[^{}]*\}/g, ""))) return t("花括号不成对。");
  return "";
}

const sampleOf = (text, language) => {
  const values = { ...SAMPLES.both, ...SAMPLES[language] };
  return text.replace(/\{(\w+)\}/g, (mark, name) => values[name] ?? mark);
};

/** One text in one language, with what is wrong with it and a sample of how it will read. */
class Editor extends Component {
  state = { typed: this.props.text, saved: this.props.text, refused: "", busy: false };
  #area = createRef();

  #type = (typed) => this.setState({ typed, refused: "" });

  #insert(name) {
    const area = this.#area.current;
    area.setRangeText(`{${name}}`, area.selectionStart, area.selectionEnd, "end");
    this.#type(area.value);
    area.focus();
  }

  #restore = () => {
    this.#type(this.state.saved);
    this.#area.current.focus();
  };

  #save = async (event) => {
    event.preventDefault();
    const { kind, language } = this.props;
    this.setState({ busy: true, refused: "" });
    try {
      const { text: saved } = await put("message-templates", { kind, language, text: this.state.typed });
      this.setState({ busy: false, saved });
      toast(t("已保存"), t("{kind} · {language}，从下一条短信起使用。", { kind: KINDS[kind] ?? kind, language: LANGUAGE_NAMES[language] }));
    } catch (problem) {
      this.setState({ busy: false, refused: problem.code === "template_invalid" ? t("占位符有误：{detail}", { detail: [problem.errors?.text].flat().filter(Boolean).join(" ") }) : problemTitle(problem) });
    }
    this.#area.current.focus();
  };

  render({ kind, language, placeholders, editable }, { typed, saved, refused, busy }) {
    const id = `${kind}-${language}`;
    const wrong = faultOf(typed, placeholders);
    const fault = wrong || refused;
    const same = typed === saved;
    return h("form", { class: "text-editor", novalidate: true, onsubmit: this.#save },
      h("label", { for: id }, LANGUAGE_NAMES[language]),
      h("textarea", {
        class: "input text-area", id, rows: 3, readonly: !editable, "aria-describedby": `${id}-error ${id}-sample`, "aria-invalid": String(Boolean(fault)),
        lang: language === "zh" ? "zh-CN" : "en", value: typed, oninput: ({ target }) => this.#type(target.value), ref: this.#area,
      }),
      h("p", { class: "field-error", id: `${id}-error`, role: "alert" }, fault),
      h("p", { class: "text-sample", id: `${id}-sample` }, h("span", { class: "quiet" }, t("示例：")), sampleOf(typed, language)),
      editable && h("div", { class: "text-tools" },
        placeholders.map((name) => h("button", { type: "button", class: "placeholder", title: NAMES[name] ?? name, onclick: () => this.#insert(name) }, `{${name}}`, h("span", {}, NAMES[name] ?? ""))),
        h("span", { class: "text-end" },
          h("span", { class: "quiet number" }, `${typed.length} / ${LONGEST}`),
          h("button", { type: "button", class: "button small", disabled: same, onclick: this.#restore }, t("还原")),
          h("button", { type: "submit", class: "button small primary", disabled: same || busy || Boolean(wrong) }, t("保存")))));
  }
}

const kindCard = (kind, texts, editable) =>
  h("section", { class: "card text-card", "aria-labelledby": `kind-${kind}`, "data-kind": kind },
    h("h2", { class: "part-title", id: `kind-${kind}` }, KINDS[kind] ?? kind),
    h("div", { class: "text-pair" }, texts.map((text) => h(Editor, { ...text, editable }))));

/** Show the texts in `panel`. */
export function textsView(panel, { editable }) {
  let left = false;
  async function load() {
    show(panel, loading());
    try {
      const { items } = await get("message-templates", { limit: 500 });
      if (left) return;
      const kinds = [...new Set(items.map(({ kind }) => kind))];
      show(panel,
        h("p", { class: "notice" }, icon("info"), editable ? t("花括号里是占位符，发送时换成内容；点一下就插入。姓名发送时自动遮盖。") : t("只有管理人员可以修改文字。")),
        kinds.map((kind) => kindCard(kind, ["zh", "en"].flatMap((language) => items.filter((each) => each.kind === kind && each.language === language)), editable)));
    } catch (error) {
      if (!left && error.status !== 401) show(panel, failed(error, load));
    }
  }
  load();
  return () => (left = true);
}
