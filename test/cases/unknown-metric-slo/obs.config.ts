import { defineStack } from "obs-stack";
import { sloDashboards } from "obs-stack/dashboards";

export default defineStack({ name: "shop", dashboards: sloDashboards() });
