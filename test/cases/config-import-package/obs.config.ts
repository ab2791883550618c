import { defineStack } from "obs-stack";

import { region } from "@acme/obs-presets/regions";

export default defineStack({ name: "shop", environment: region });
