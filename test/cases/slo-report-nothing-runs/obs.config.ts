import { defineStack } from "obs-stack";

export default defineStack({ name: "shop" });
