import { readSecrets } from "../../runtime/secrets.js";
import type { Check } from "../check.js";

/** `.env` holds secrets: nobody else on the machine should be able to read it. */
export const envFileReadable: Check = {
  id: "env-file-readable",
  // Asked for no secret, it only looks at the file itself.
  run: async (context) => (await readSecrets(context.input.project, [])).problems,
};
