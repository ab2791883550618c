import { definestack } from "obs-stack";

export default definestack({ name: "shop" });
