// The only importer of the engine. Whatever happens in there, callers get an answer.

import type {
  Answer,
  Detail,
  Failure,
  Group,
  Progress,
  Row,
  Summary,
  TrustPolicy,
  TrustRow,
} from "./wasm/pod_identity_planner.js";
import init, { __wbg_reset_state, PlanSession, version } from "./wasm/pod_identity_planner.js";

export type * from "./wasm/pod_identity_planner.js";

/** Unpacks the engine from the document. */
export async function startEngine(): Promise<void> {
  const packed = document.getElementById("engine")?.textContent ?? "";
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  await init({ module_or_path: await new Response(unpacked).arrayBuffer() });
}

export function engineVersion(): string {
  return version();
}

/** Runs a call of the engine. After a trap the module is made anew; what was in its memory is lost. */
export function guarded<T>(call: () => Answer<T>, reset: () => void = __wbg_reset_state): Answer<T> {
  try {
    return call();
  } catch {
    reset();
    return { type: "failure", failure: stopped };
  }
}

const stopped: Failure = {
  summary: "The engine stopped unexpectedly",
  detail:
    "This is a mistake of the page, not of your file. It has been started anew: open the file again. If it happens again, please report it with the version in the header.",
  commands: [],
  argument: null,
  path: null,
  line: null,
  column: null,
};

/** How long the page may be busy before it answers to its user again, in milliseconds. */
const SLICE = 12;
/** Bytes between two looks at the clock. */
const BUDGET = 64 * 1024;

/** Reads a plan in slices. `undefined` means that another file took its place meanwhile. */
export async function readPlan(
  bytes: Uint8Array,
  onProgress: (percent: number) => boolean,
): Promise<Answer<Plan> | undefined> {
  let session: PlanSession | undefined;
  for (;;) {
    const until = performance.now() + SLICE;
    let answer: Answer<Progress>;
    do {
      answer = guarded(() => {
        session ??= new PlanSession(bytes);
        return session.step(BUDGET);
      });
    } while (answer.type === "success" && !answer.value.ready && performance.now() < until);
    if (answer.type === "failure" || !session) {
      session?.free();
      return answer.type === "failure" ? answer : { type: "failure", failure: stopped };
    }
    if (answer.value.ready) {
      return { type: "success", value: new Plan(session) };
    }
    if (!onProgress(answer.value.percent)) {
      session.free();
      return undefined;
    }
    await new Promise((resume) => setTimeout(resume));
  }
}

/** A plan in the engine's memory. */
export class Plan {
  readonly #session: PlanSession;

  constructor(session: PlanSession) {
    this.#session = session;
  }

  summary(): Answer<Summary> {
    return guarded(() => this.#session.summary());
  }

  filter(text: string, classes: string[]): Answer<Group[]> {
    return guarded(() => this.#session.filter(text, classes));
  }

  rows(group: number, start: number, count: number): Answer<Row[]> {
    return guarded(() => this.#session.rows(group, start, count));
  }

  detail(row: number): Answer<Detail> {
    return guarded(() => this.#session.detail(row));
  }

  trust(): Answer<TrustRow[]> {
    return guarded(() => this.#session.trust());
  }

  trustPolicy(id: number): Answer<TrustPolicy> {
    return guarded(() => this.#session.trustPolicy(id));
  }

  free(): void {
    try {
      this.#session.free();
    } catch {
      // It went with the module that held it.
    }
  }
}
