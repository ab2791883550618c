import { defineStack } from "obs-stack";

export const stack = defineStack({ name: "shop" });
