import type { Problem } from "../../validate/problem.js";

/** Why Docker can't be used, by the id of the Problem. */
export type DockerFailure =
  | "docker-absent"
  | "docker-stopped"
  | "docker-denied"
  | "docker-hangs"
  | "docker-fails"
  | "compose-absent"
  | "compose-v1";

const native = "or run the stack without Docker: `obs up --runtime native`";

const texts: Record<DockerFailure, { what: string; why?: string; next: string }> = {
  "docker-absent": {
    what: "There is no `docker` program on PATH.",
    next: `Install Docker (https://docs.docker.com/engine/install/), ${native}.`,
  },
  "docker-stopped": {
    what: "The Docker engine does not answer.",
    why: "Its client is there, but nothing listens where the client looks (DOCKER_HOST or `docker context show`).",
    next: `Start it (\`sudo systemctl start docker\`, or open Docker Desktop), ${native}.`,
  },
  "docker-denied": {
    what: "You may not talk to the Docker engine.",
    why: "Its socket belongs to root and the group docker.",
    next: `Join the group (\`sudo usermod -aG docker $USER\`, then log in again), ${native}.`,
  },
  "docker-hangs": {
    what: "The Docker engine took the question and did not answer.",
    why: "It seems to hang: it usually answers within milliseconds.",
    next: `Look at it with \`docker info\` and restart it when that hangs too, ${native}.`,
  },
  "docker-fails": {
    what: "The Docker engine refused to work.",
    next: `Look at it with \`docker info\`, ${native}.`,
  },
  "compose-absent": {
    what: "Docker is there, but its Compose plugin is not.",
    next: `Install it (package docker-compose-plugin, https://docs.docker.com/compose/install/linux/), ${native}.`,
  },
  "compose-v1": {
    what: "Only the old docker-compose v1 is there; the stack needs Compose v2.",
    why: "v1 has had no updates since 2023 and doesn't know what the generated file uses.",
    next: `Install the plugin (package docker-compose-plugin, https://docs.docker.com/compose/install/linux/), ${native}.`,
  },
};

/** The Problem of a failure; `output` is what Docker printed. */
export function dockerProblem(reason: DockerFailure, output: string[] = []): Problem {
  return { id: reason, severity: "error", ...texts[reason], ...(output.length > 0 ? { output } : {}) };
}

/** The failure that an error message of Docker tells of, where it is one of the engine itself. */
export function recognise(message: string): DockerFailure | undefined {
  if (/permission denied/i.test(message) && /docker\.sock|docker daemon|docker API/i.test(message))
    return "docker-denied";
  if (
    /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker API|error during connect|docker daemon is not running|lost connection to the docker/i.test(
      message,
    )
  )
    return "docker-stopped";
  return undefined;
}
