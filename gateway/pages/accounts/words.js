/* What roles are called; the hall's own have names of their own. */
import { named } from "../shared/words/i18n.js";

/** Names of roles by code. */
export const roleNames = (roles) => Object.fromEntries(roles.map((role) => [role.code, named(role)]));
