import { configFileName } from "../../project.js";
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
export function pullProblem(images: readonly string[], output: readonly string[]): Problem {
  const [first, ...others] = images;
  return {
    id: "image-unavailable",
    severity: "error",
    what:
      others.length === 0
        ? `The image ${first} could not be pulled.`
        : `${images.length} images could not be pulled, the first is ${first}.`,
    why: "They are not on this machine, and their registry did not give them.",
    next: 'Check the network and `docker login`, or name a mirror that you can reach: `images: { registry: "..." }`.',
    place: { file: configFileName, keyPath: "images.registry" },
    output: [...others.map((image) => `not pulled either: ${image}`), ...output],
  };
}
