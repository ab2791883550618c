import { defineStack } from "obs-stack";

import { jobs } from "./scrape/jobs";

export default defineStack({ name: "shop", scrapeJobs: jobs });
