import { defineStack } from "obs-stack";

import { jobs } from "./jobs.js";

export default defineStack({ name: "shop", scrapeJobs: jobs("api") });
