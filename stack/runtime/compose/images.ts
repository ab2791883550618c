import type { Problem } from "../../validate/problem.js";
import { type Docker, DockerCallError } from "./docker.js";
import type { ComposeModel } from "./model.js";

/** Images of the model that this engine doesn't have. */
export async function missingImages(
  docker: Docker,
  model: ComposeModel,
  options: { signal?: AbortSignal } = {},
): Promise<string[]> {
  const images = [...new Set(model.services.flatMap(({ image }) => (image === undefined ? [] : [image])))];
  const answers = await Promise.all(
    images.map(async (image) => {
      try {
        await docker.docker(["image", "inspect", "--format", "{{.Id}}", image], options);
        return [];
      } catch (error) {
        if (error instanceof DockerCallError) return [image];
        throw error;
      }
    }),
  );
  return answers.flat();
}

/** The Problem of images that could not be pulled; `output` is what Docker said. */
export function pullProblem(images: readonly string[], output: string[]): Problem {
  const named = images.map((image) => `\n  ${image}`).join("");
  return {
    id: "image-unavailable",
    severity: "error",
    what: `${images.length === 1 ? "An image" : "Images"} could not be pulled:${named}`,
    why: "Docker doesn't have it, and the registry it names did not give it.",
    next: 'Check the network and `docker login`, or name a mirror that you can reach: `images: { registry: "..." }` in obs.config.ts.',
    output,
  };
}
