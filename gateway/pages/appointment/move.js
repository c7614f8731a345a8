/* Moving an appointment to another time. */
import { ApiError, command } from "../shared/hall/api.js";
import { refusalOf } from "../shared/words/booking.js";
import { Component, createRef } from "../shared/vendor/preact.js";
import { h, icon } from "../shared/shell/view.js";
import { untilBack, whileBusy } from "../shared/form/form.js";
import { whenOf } from "../shared/words/format.js";
import { linkToView, tokenHere, withToken } from "../shared/hall/holder.js";
import { named, t } from "../shared/words/i18n.js";
import { nearestFree, slotButtons, slotChooser, slotsOf } from "../shared/booking/slots.js";
import { empty } from "../shared/shell/states.js";

const slotsToMoveTo = async ({ item, slot }) => (await slotsOf(item)).filter(({ id }) => id !== slot);

/** The chooser of the new time; the old place is kept until the new one is taken. */
export const moveView = async (appointment, about, { again }) => h(Move, { appointment, about, again, slots: await slotsToMoveTo(appointment) });

class Move extends Component {
  state = { slot: null, refusal: null };
  #refused = createRef();

  #choose = (slot) => this.setState({ slot });

  async #send() {
    const { appointment } = this.props;
    const { slot } = this.state;
    try {
      const moved = await command(`appointments/${encodeURIComponent(appointment.id)}/reschedule`, { slot: slot.id }, { token: tokenHere() });
      location.assign(withToken(`/appointment/${encodeURIComponent(moved.id)}`, moved.token));
      await untilBack();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const near = ["slot_full", "slot_past"].includes(error.code)
        ? nearestFree(await slotsToMoveTo(appointment).catch(() => []), slot.starts_at, { besides: slot.id })
        : [];
      this.setState({ refusal: { ...refusalOf(error), near } }, () => this.#refused.current?.focus());
    }
  }

  /* Made anew each time, so that the same refusal is told again. */
  #notice({ title, text, near }) {
    return h("div", { class: "notice warn refusal-notice", role: "alert", key: near }, icon("alert"),
      h("div", {}, h("p", {}, h("strong", {}, title)), h("p", {}, text), near.length > 0 && slotButtons(near, this.#choose)));
  }

  render({ appointment, about, again, slots }, { slot, refusal }) {
    return h("div", { class: "step-view move-view" },
      h("a", { class: "button plain back-link", href: linkToView("") }, icon("back"), t("返回")),
      h("h1", { class: "step-title", tabindex: "-1", "data-focus": true }, t("改约")),
      h("p", { class: "step-item" }, named(about.item)),
      h("p", { class: "notice" }, icon("clock"), t("现在约在{when}。选好新的时间之前，原来的时间一直保留。", { when: whenOf(appointment) })),
      h("div", { class: "refused", tabindex: "-1", ref: this.#refused }, refusal && this.#notice(refusal)),
      slots.length
        ? slotChooser(slots, { choose: this.#choose })
        : empty(t("没有可以改的时间"), t("原来的预约仍然有效。")),
      slots.length > 0 && slots.every(({ free }) => free < 1) && h("button", { type: "button", class: "button large", onclick: again }, icon("repeat"), t("重试")),
      h("div", { class: "go-bar", role: "status" }, slot && [
        h("p", { class: "go-bar-text" }, icon("check"), whenOf(slot)),
        h("button", { type: "button", class: "button primary large", onclick: ({ currentTarget }) => whileBusy(currentTarget, () => this.#send()) }, t("改到这个时间"), icon("forward")),
      ]));
  }
}
