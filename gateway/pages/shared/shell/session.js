/* A signed-in account, kept in the browser's storage. */
import { post, useSession } from "../hall/api.js";

/** Keep a token under `name` and send it with every call. */
export function openSession(name, { storage, expired }) {
  const read = () => JSON.parse(storage.getItem(name) ?? "null");
  let current = read();
  const session = {
    token: () => current?.access_token ?? null,
    roles: () => current?.roles ?? [],
    expired: () => {
      if (!current) return;
      session.forget();
      expired();
    },
    keep: (token) => {
      current = token;
      storage.setItem(name, JSON.stringify(token));
    },
    forget: () => {
      current = null;
      storage.removeItem(name);
    },
    /** Whether the account signs in with the issuer, and has no password here. */
    isSingle: () => Boolean(current?.single_sign_on),
    /** Fetch what coming back from the issuer has led to. */
    comeBack: async () => session.keep(await post("auth/oidc/token", undefined, { anonymous: true })),
    /** Sign out; true while the browser is on its way to end the issuer's session, too. A token that lapsed needs no revoking. */
    leave: async () => {
      const single = session.isSingle();
      const answer = await (single ? post("auth/oidc/logout", { return_to: location.pathname }) : post("auth/revoke")).catch(() => null);
      session.forget();
      if (answer?.url) location.assign(answer.url);
      return Boolean(answer?.url);
    },
    signIn: async (username, password) => {
      session.keep(await post("auth/token", { username, password }, { anonymous: true }));
    },
  };
  useSession(session);
  return session;
}
