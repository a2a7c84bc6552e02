// Signs and words for what happens; a sign never stands alone, and colour only repeats it.
import type { Change, Class, NodeStatus, TrustStatus } from "./engine.ts";

export interface Look {
  readonly sign: string;
  readonly word: string;
  readonly tone: Tone;
}

export type Tone = "add" | "change" | "remove" | "replace" | "quiet" | "note";

export const classLooks: Readonly<Record<Class, Look>> = {
  create: { sign: "+", word: "create", tone: "add" },
  update: { sign: "~", word: "update", tone: "change" },
  replace: { sign: "±", word: "replace", tone: "replace" },
  delete: { sign: "−", word: "destroy", tone: "remove" },
  forget: { sign: "⨯", word: "forget", tone: "note" },
  import: { sign: "⇣", word: "import", tone: "note" },
  move: { sign: "→", word: "move", tone: "note" },
  read: { sign: "≤", word: "read", tone: "quiet" },
  other: { sign: "?", word: "other", tone: "note" },
  deferred: { sign: "…", word: "deferred", tone: "note" },
  output: { sign: "⇢", word: "output", tone: "note" },
  drift: { sign: "≠", word: "drift", tone: "note" },
  no_op: { sign: "=", word: "no change", tone: "quiet" },
};

export const nodeLooks: Readonly<Record<NodeStatus, Look>> = {
  added: { sign: "+", word: "added", tone: "add" },
  removed: { sign: "−", word: "removed", tone: "remove" },
  changed: { sign: "~", word: "changed", tone: "change" },
  reordered: { sign: "⇅", word: "reordered", tone: "quiet" },
  rewritten: { sign: "≈", word: "written differently", tone: "quiet" },
  unchanged: { sign: "", word: "unchanged", tone: "quiet" },
};

export const statementLooks: Readonly<Record<Change, Look>> = {
  added: { sign: "+", word: "added", tone: "add" },
  removed: { sign: "−", word: "removed", tone: "remove" },
  changed: { sign: "~", word: "changed", tone: "change" },
  moved: { sign: "⇅", word: "moved", tone: "quiet" },
  unchanged: { sign: "=", word: "unchanged", tone: "quiet" },
};

export const trustTones: Readonly<Record<TrustStatus, Tone>> = {
  added: "add",
  removed: "remove",
  changed: "change",
  rewritten: "quiet",
  unchanged: "quiet",
  unknown: "note",
  sensitive: "note",
  invalid: "remove",
};

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

export function bytes(size: number): string {
  if (size < 1000) {
    return `${size} B`;
  }
  return size < 1e6 ? `${Math.round(size / 1e3)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}
