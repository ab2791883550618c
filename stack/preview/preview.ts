import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type {
  DashboardAnswer,
  PreviewDataSource,
  PreviewProblem,
  State,
} from "../../dashboards/preview/api.js";
import { packageVersion } from "../package-root.js";
import type { Project } from "../project.js";
import { askReady } from "../runtime/readiness.js";
import type { Generated } from "./generate.js";
import { placedBySource } from "./placed.js";
import type { Reader } from "./reader.js";
import type { Store } from "./stores.js";
import { type Watch, watchFolder } from "./watch.js";

/** What a preview is made of; replaced in tests. */
export interface PreviewParts {
  project: Project;
  reader: Reader;
  /** Findings of the compiler in the files as they are now; undefined where there is none. */
  checkTypes?(signal: AbortSignal): Promise<PreviewProblem[] | undefined>;
  /** Milliseconds without anybody looking after which what was read is let go. */
  idleMs?: number;
}

/** How often stores are asked whether they are there, while somebody looks. Milliseconds. */
const lookMs = 10_000;

/**
 * The dashboards of a project as they are now. Reads the definition when somebody first looks, and again at each save for
 * as long as somebody does; where it can't be read any more, the dashboards of before stay, beside what is wrong.
 */
export class Preview {
  private generated: Generated | undefined;
  private problems: PreviewProblem[] = [];
  private typeProblems: PreviewProblem[] = [];
  private revision = 0;
  private generatedAt = 0;
  private readonly down = new Map<string, string>();

  private readonly listeners = new Set<(state: State) => void>();
  private told = "";
  private first: Promise<void> | undefined;
  private watch: Watch | undefined;
  private read: ReadonlySet<string> = new Set();
  private waiting: Set<string> | undefined;
  private typeCheck: AbortController | undefined;
  private looking: NodeJS.Timeout | undefined;
  private idle: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly parts: PreviewParts) {}

  /** What there is, once it has been read. */
  async state(): Promise<State> {
    await this.ready();
    if (this.listeners.size === 0) await this.lookAtStores();
    return this.current();
  }

  /** A dashboard; undefined where there is none of this UID. */
  async dashboard(uid: string): Promise<DashboardAnswer | undefined> {
    await this.ready();
    const found = this.generated?.dashboards.find(({ shown }) => shown.uid === uid);
    return (
      found && {
        revision: this.revision,
        dashboard: JSON.parse(found.json),
        problems: this.current().problems.filter(({ dashboard }) => dashboard === uid),
      }
    );
  }

  /** A data source; undefined where the stack has none of this UID. */
  async store(uid: string): Promise<Store | undefined> {
    await this.ready();
    return this.generated?.stores.find((store) => store.uid === uid);
  }

  /** What it takes to reach the ledger; undefined where no definition could be read. */
  get ledger(): Generated["ledger"] | undefined {
    return this.generated?.ledger;
  }

  /** Tells the state at once and whenever it changes, until the function that it returns is called. */
  subscribe(listener: (state: State) => void): () => void {
    this.listeners.add(listener);
    this.looking ??= setInterval(() => void this.lookAtStores(), lookMs);
    this.ready().then(
      () => this.listeners.has(listener) && listener(this.current()),
      () => {},
    );
    void this.lookAtStores();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.looking);
      this.looking = undefined;
      this.touch();
    };
  }

  /** What asking a store came to: undefined when it answered, else why it didn't. */
  noteStore(uid: string, failure: string | undefined): void {
    if (this.down.get(uid) === failure) return;
    if (failure === undefined) this.down.delete(uid);
    else this.down.set(uid, failure);
    this.tell();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.idle);
    clearInterval(this.looking);
    this.listeners.clear();
    this.letGo();
  }

  private ready(): Promise<void> {
    this.touch();
    this.first ??= this.begin();
    return this.first;
  }

  private async begin(): Promise<void> {
    this.watch = watchFolder(this.parts.project.root, (files) => this.saved(files));
    try {
      await this.refresh([]);
    } catch (error) {
      this.letGo();
      throw error;
    }
    await this.lookAtStores();
  }

  /** Nobody looks for a while: memory and watches are for those who do. */
  private touch(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      if (this.listeners.size === 0) this.letGo();
    }, this.parts.idleMs ?? 60_000);
    this.idle.unref();
  }

  private letGo(): void {
    this.typeCheck?.abort();
    this.watch?.close();
    this.parts.reader.close();
    this.first = undefined;
  }

  private saved(files: string[]): void {
    // After a failure anything may have been what was missing; rules tell which metrics there are.
    const failed = this.read.size === 0 || this.problems.some(({ id }) => id.startsWith("config-"));
    const relevant = files.filter((file) => failed || this.read.has(file) || /\.ya?ml$/.test(file));
    if (relevant.length === 0) return;
    if (this.waiting) for (const file of relevant) this.waiting.add(file);
    else this.refresh(relevant).catch(() => this.letGo());
  }

  /** Reads once, and once more for what was saved meanwhile. */
  private async refresh(changed: readonly string[]): Promise<void> {
    this.waiting = new Set(changed);
    while (this.waiting !== undefined && !this.closed) {
      const files: string[] = [...this.waiting];
      this.waiting = new Set();
      const { generated, problems, files: read } = await this.parts.reader.read(files);
      if (generated && !sameDashboards(this.generated, generated)) this.revision++;
      if (generated) this.generatedAt = Date.now();
      this.generated = generated ?? this.generated;
      this.problems = this.placed(problems);
      this.read = new Set(read);
      this.watch?.also(read);
      this.tell();
      if (this.waiting.size === 0) this.waiting = undefined;
    }
    void this.checkTypes();
  }

  private async checkTypes(): Promise<void> {
    this.typeCheck?.abort();
    if (!this.parts.checkTypes || this.closed) return;
    const control = new AbortController();
    this.typeCheck = control;
    const found = await this.parts.checkTypes(control.signal).catch(() => undefined);
    if (control.signal.aborted) return;
    this.typeProblems = this.placed(found ?? []);
    this.tell();
  }

  /** Findings in files of the user, at the dashboards that stand there. */
  private placed(problems: readonly PreviewProblem[]): PreviewProblem[] {
    const uids = this.generated?.dashboards.map(({ shown }) => shown.uid) ?? [];
    const read = (file: string) => {
      try {
        return readFileSync(resolve(this.parts.project.root, file), "utf8");
      } catch {
        return undefined;
      }
    };
    return problems.map((problem) => placedBySource(problem, uids, read));
  }

  private async lookAtStores(): Promise<void> {
    const stores = this.generated?.stores ?? [];
    await Promise.all(
      stores.map(async ({ uid, ready }) => this.noteStore(uid, (await askReady(ready)).reason)),
    );
  }

  private current(): State {
    const { generated } = this;
    const [home] = generated?.dashboards ?? [];
    return {
      stack: generated?.stack ?? "",
      revision: this.revision,
      dashboards: generated?.dashboards.map(({ shown }) => shown) ?? [],
      dataSources: generated?.stores.map((store) => this.dataSource(store)) ?? [],
      problems: [...this.problems, ...this.typeProblems],
      ...(home && { home: home.shown.uid }),
      runbooks: generated?.runbooks ?? "",
      version: packageVersion,
      generatedAt: this.generatedAt,
    };
  }

  private dataSource({ uid, type, name, interval }: Store): PreviewDataSource {
    const why = this.down.get(uid);
    const known = { uid, type, name, ...(interval !== undefined && { interval }) };
    return why === undefined ? { ...known, state: "up" } : { ...known, state: "down", why };
  }

  private tell(): void {
    if (this.listeners.size === 0) return;
    const state = this.current();
    const text = JSON.stringify({ ...state, generatedAt: 0 });
    if (text === this.told) return;
    this.told = text;
    for (const listener of this.listeners) listener(state);
  }
}

function sameDashboards(one: Generated | undefined, other: Generated): boolean {
  const texts = (generated: Generated) => generated.dashboards.map(({ json }) => json).join("\n");
  return one !== undefined && texts(one) === texts(other);
}
