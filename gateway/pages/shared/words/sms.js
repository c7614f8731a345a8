/* What the states of messages are called on screen. */
import { t } from "./i18n.js";

export const MESSAGE_STATES = {
  due: t("待发送"),
  sending: t("发送中"),
  sent: t("已发送"),
  failed: t("发送失败"),
  dropped: t("已作废"),
};

export const MESSAGE_TONES = { due: "brand-tag", sending: "brand-tag", sent: "good", failed: "bad", dropped: "" };
