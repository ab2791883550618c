import { defineStack } from "obs-stack";

throw "not today";
export default defineStack({ name: "shop" });
