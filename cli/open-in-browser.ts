import { spawn } from "node:child_process";

/** Opens a page in the browser of whoever sits here; false where nothing is known to do that. */
export function openInBrowser(url: string): Promise<boolean> {
  const [command, ...args] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", ""]
        : ["xdg-open"];
  return new Promise((resolve) => {
    const child = spawn(command!, [...args, url], { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
