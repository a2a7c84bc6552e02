// What the page was given. The last plan that could be read stays until another one takes its place.
import { signal } from "@preact/signals";
import { type Answer, type Failure, type Plan, readPlan, type Summary, type TrustRow } from "../engine.ts";

export interface Loaded {
  /** Counts the plans, so that views can tell them apart. */
  readonly revision: number;
  readonly name: string;
  readonly size: number;
  readonly plan: Plan;
  readonly summary: Summary;
  readonly trust: readonly TrustRow[];
}

export interface Reading {
  readonly name: string;
  readonly percent: number;
}

export interface Refused {
  readonly name: string;
  readonly size: number;
  readonly failure: Failure;
}

export const loaded = signal<Loaded | undefined>(undefined);
export const reading = signal<Reading | undefined>(undefined);
export const refused = signal<Refused | undefined>(undefined);

let revision = 0;

/** Reads a file that was dropped, opened, pasted or built in. */
export async function take(name: string, bytes: Uint8Array): Promise<void> {
  revision += 1;
  const mine = revision;
  reading.value = { name, percent: 0 };
  refused.value = undefined;
  const answer = await readPlan(bytes, (percent) => {
    if (mine === revision) {
      reading.value = { name, percent };
    }
    return mine === revision;
  });
  if (answer === undefined || mine !== revision) {
    return;
  }
  const result = answer.type === "success" ? describe(mine, name, bytes.length, answer.value) : answer;
  if (result.type === "failure") {
    refused.value = { name, size: bytes.length, failure: result.failure };
  } else {
    loaded.value?.plan.free();
    loaded.value = result.value;
  }
  reading.value = undefined;
}

export async function takeFile(file: File): Promise<void> {
  await take(file.name, new Uint8Array(await file.arrayBuffer()));
}

function describe(revision: number, name: string, size: number, plan: Plan): Answer<Loaded> {
  const summary = plan.summary();
  const trust = plan.trust();
  if (summary.type === "failure") {
    return summary;
  }
  if (trust.type === "failure") {
    return trust;
  }
  return { type: "success", value: { revision, name, size, plan, summary: summary.value, trust: trust.value } };
}

export function forget(): void {
  revision += 1;
  loaded.value?.plan.free();
  loaded.value = undefined;
  reading.value = undefined;
  refused.value = undefined;
}
