import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative } from "node:path";
import { packageRoot } from "../package-root.js";

const sdk = "@grafana/grafana-foundation-sdk";

/** What a definition imports of this package, with its types. */
const ownTypes = {
  "obs-stack": "dist/stack/index.d.ts",
  "obs-stack/alerts": "dist/alerts/index.d.ts",
  "obs-stack/dashboards": "dist/dashboards/index.d.ts",
};

/**
 * Text of the tsconfig.json that gives an editor completion in `obs.config.ts`. Where the folder has no copy of this
 * package of its own (a clone was used), it points to the one that runs. obs itself doesn't read it.
 */
export function editorSettings(folder: string): string {
  const require = createRequire(join(folder, "obs.config.ts"));
  const paths = {
    ...(resolves(require, "obs-stack")
      ? {}
      : Object.fromEntries(
          Object.entries(ownTypes).map(([name, file]) => [name, [target(folder, packageRoot, file)]]),
        )),
    ...(resolves(require, `${sdk}/cog`) ? {} : { [`${sdk}/*`]: [target(folder, sdkFolder(), "dist/*")] }),
  };
  const settings = {
    compilerOptions: {
      target: "es2023",
      module: "esnext",
      moduleResolution: "bundler",
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      ...(Object.keys(paths).length > 0 ? { paths } : {}),
    },
    include: ["obs.config.ts", "dashboards"],
  };
  return `// For your editor only: obs reads obs.config.ts by itself.\n${JSON.stringify(settings, null, 2)}\n`;
}

function resolves(require: NodeJS.Require, specifier: string): boolean {
  try {
    require.resolve(specifier);
    return true;
  } catch {
    return false;
  }
}

function sdkFolder(): string {
  // Its exports map every subpath to the folder of that name under dist/.
  return dirname(dirname(dirname(createRequire(import.meta.url).resolve(`${sdk}/cog`))));
}

/** Relative where the project lies beside or in the package, so that it survives being moved along with it. */
function target(folder: string, base: string, path: string): string {
  const absolute = join(base, path);
  const inside = relative(packageRoot, folder);
  if (inside.startsWith("..") || isAbsolute(inside)) return absolute;
  const near = relative(folder, absolute);
  return near.startsWith(".") ? near : `./${near}`;
}
