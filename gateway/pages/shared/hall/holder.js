/* The secret of who holds a ticket, appointment or order. It stands behind # in the address of its page: that part stays in
   the browser, so no server, proxy or log between has it. A view of the page comes after a slash: #TOKEN/move. */
import { ApiError, respond } from "./api.js";
import { untilAnswered } from "./connection.js";
import { Component } from "../vendor/preact.js";
import { h } from "../shell/view.js";

const parts = (fragment) => fragment.replace(/^#/, "").split("/");

/** The token that came with this page's address; empty when none did. */
export const tokenHere = () => parts(location.hash)[0];

/** The view of this page that its address names. */
export const viewHere = () => parts(location.hash)[1] ?? "";

/** The address of a view of this page. */
export const linkToView = (view) => `#${tokenHere()}/${view}`;

/** The address of the page of what a token belongs to. */
export const withToken = (path, token) => (token ? `${path}#${token}` : path);

/** What a code reader typed, without the token in it, and the token. */
export function readCode(text) {
  const [shown, token = ""] = text.trim().split("#");
  return { shown, token: token.split("/")[0] };
}

class CodeImage extends Component {
  state = { drawn: null, refused: false };

  componentDidMount() {
    const { path, token } = this.props;
    const draw = async () => (await respond(path, { method: "GET", token })).text();
    untilAnswered(draw, ({ unanswered }) => unanswered)
      .then((drawn) => this.setState({ drawn }))
      .catch((error) => {
        if (!(error instanceof ApiError)) throw error;
        this.setState({ refused: true });
      });
  }

  render({ text, size, onload }, { drawn, refused }) {
    if (refused) return h("p", { class: "quiet" }, text);
    return h("img", { alt: text, width: size, height: size, src: drawn ? `data:image/svg+xml,${encodeURIComponent(drawn)}` : undefined, onload });
  }
}

/** The QR code of a page with its token, drawn by the hall, which is told the token beside the address. A
 * session's own token goes along, since its account is counted by itself and not with all behind the hall's address. */
export const codeImage = (path, token, { text, size, onload }) => h(CodeImage, { key: path, path, token, text, size, onload });
