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
    signIn: async (username, password) => {
      session.keep(await post("auth/token", { username, password }, { anonymous: true }));
    },
  };
  useSession(session);
  return session;
}
