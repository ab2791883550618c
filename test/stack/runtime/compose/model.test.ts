import { readComposeModel } from "../../../../stack/runtime/compose/model.js";

describe("readComposeModel", () => {
  test("reads names, images, what runs once, and what is published where", () => {
    const text = `
name: shop
services:
  prepare: { image: "a:1", restart: "no" }
  web:
    image: b:2
    restart: unless-stopped
    ports: ["127.0.0.1:9090:9090", "[::1]:4317:4317", "127.0.0.1:6831:6831/udp", 8080]
  own: { build: . }
`;
    expect(readComposeModel(text)).toEqual({
      name: "shop",
      services: [
        { name: "prepare", image: "a:1", oneShot: true, published: [] },
        {
          name: "web",
          image: "b:2",
          oneShot: false,
          published: ["127.0.0.1:9090/tcp", "[::1]:4317/tcp", "127.0.0.1:6831/udp"],
        },
        { name: "own", image: undefined, oneShot: true, published: [] },
      ],
    });
  });

  test("makes nothing of what is no Compose file", () => {
    expect(readComposeModel("- a\n- b\n")).toEqual({ name: "", services: [] });
  });
});
