import { defineStack } from "obs-stack";

interface Region {
  name: string;
}

const regions: Record<string, Region> = {};

export default defineStack({ name: "shop", environment: regions["eu"]!.name });
