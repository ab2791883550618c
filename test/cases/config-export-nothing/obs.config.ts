import { defineStack } from "obs-stack";

defineStack({ name: "shop" });
