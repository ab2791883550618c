import { defineStack } from "obs-stack";

export default Promise.resolve(defineStack({ name: "shop" }));
