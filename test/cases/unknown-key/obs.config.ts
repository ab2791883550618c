import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  enviroment: "production",
  colour: "blue",
});
